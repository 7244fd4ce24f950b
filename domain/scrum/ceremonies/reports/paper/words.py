"""Words of reports: items, amounts, moments and ages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scrum.backlog.model import Item
from scrum.ceremonies.reports.paper.material import Material
from scrum.sprint.ledger import Amount
from scrum.team.calendar import WorkingCalendar
from scrum.text import counted, named, quoted

_TITLE = 50
LONG = 200
"""Characters of a text of people that is told at length."""
MOST_KEYS = 6
EVERY_ITEM = "get_sprint with detail='items' has all"
"""Where a list is not whole."""
HISTORY = "get_report with kind='history' has all"


def item_named(item: Item) -> str:
    return f"{item.key} {quoted(item.title, _TITLE)}"


def key_named(material: Material, key: str) -> str:
    """With its title, where the item is known."""
    item = material.known.get(key)
    return item_named(item) if item else key


def told_amount(amount: Amount) -> str:
    without = f", {amount.unestimated} of them without points" if amount.unestimated else ""
    return f"{counted(amount.points, 'point')} in {counted(amount.items, 'item')}{without}"


def moment(material: Material, at: datetime) -> str:
    """As the sprint's clock shows it where the team lives: 2026-05-05 10:00 CEST."""
    return real_moment(material, material.clock.shows(at))


def real_moment(material: Material, at: datetime) -> str:
    """Of what does not go by the sprint's clock."""
    return f"{at.astimezone(ZoneInfo(material.calendar.timezone)):%Y-%m-%d %H:%M %Z}"


def who(name: str) -> str:
    return named(name) if name else "nobody"


def said(reason: str) -> str:
    return quoted(reason, LONG) if reason else "no reason given"


def keys(given: Iterable[str]) -> str:
    listed = list(given)
    rest = len(listed) - MOST_KEYS
    return ", ".join(listed[:MOST_KEYS]) + (f" and {rest} more" if rest > 0 else "")


def number(value: float) -> str:
    """With one decimal at the most."""
    return f"{round(value, 1):g}"


def points(value: float) -> str:
    """With one decimal at the most."""
    told = round(value, 1)
    return counted(int(told), "point") if told == int(told) else f"{told:g} points"


def signed(value: int, noun: str) -> str:
    """+1 point, -3 points."""
    return f"{value:+d} {counted(abs(value), noun).split(' ', 1)[1]}"


@dataclass(frozen=True)
class Age:
    """Days that began since: 0 for what is of today."""

    working: int
    calendar: int

    @classmethod
    def of(cls, calendar: WorkingCalendar, since: datetime, now: datetime) -> "Age":
        first, last = calendar.day_of(since), calendar.day_of(now)
        if last <= first:
            return cls(0, 0)
        return cls(len(calendar.working_days(first + timedelta(1), last)), (last - first).days)

    def __str__(self) -> str:
        return counted(self.working, "working day")


def age(material: Material, since: datetime) -> Age:
    return Age.of(material.calendar, since, material.now)
