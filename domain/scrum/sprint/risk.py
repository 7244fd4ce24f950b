"""What endangers a running sprint, each risk with its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scrum.backlog.model import Item
from scrum.sprint.burndown import Day
from scrum.sprint.ledger import Figures
from scrum.sprint.model import Sprint, State
from scrum.team.calendar import WorkingCalendar
from scrum.text import choices

_GROWN, _GROWN_MUCH = 0.1, 0.25
_BEHIND, _FAR_BEHIND = 0.2, 0.4
_DOUBTFUL, _UNLIKELY = 0.5, 0.2
_LONG_BLOCKED = 2
_MOST_NAMED = 5


class Level(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class Risk:
    name: str
    level: Level
    evidence: str


@dataclass(frozen=True)
class Progress:
    """Where a running sprint stands; `chance` is that of finishing what remains."""

    sprint: Sprint
    figures: Figures
    items: Sequence[Item]
    burndown: Sequence[Day]
    chance: float | None
    today: date
    calendar: WorkingCalendar


def sprint_risks(progress: Progress) -> tuple[Risk, ...]:
    """The gravest first; none unless the sprint is active."""
    if progress.sprint.state is not State.ACTIVE:
        return ()
    order = list(Level)
    found = [risk for rule in _RULES for risk in rule(progress)]
    return tuple(sorted(found, key=lambda risk: -order.index(risk.level)))


def _overdue(it: Progress) -> Iterable[Risk]:
    if it.today > it.sprint.end:
        yield Risk("overdue", Level.HIGH, f"it should have ended {it.sprint.end}: close or extend it")


def _blocked(it: Progress) -> Iterable[Risk]:
    ages = {
        item.key: (it.today - it.calendar.day_of(item.block.since)).days
        for item in it.items
        if item.block and item.is_open
    }
    if ages:
        level = Level.HIGH if max(ages.values()) >= _LONG_BLOCKED else Level.MEDIUM
        named = choices((f"{key} {_since(days)}" for key, days in ages.items()), most=_MOST_NAMED)
        yield Risk("blocked items", level, named)


def _since(days: int) -> str:
    return "since today" if days <= 0 else f"for {days} day{'s' if days > 1 else ''}"


def _behind(it: Progress) -> Iterable[Risk]:
    known = [day for day in it.burndown if day.remaining is not None and day.day < it.today]
    if not known or not it.figures.committed.points:
        return
    yesterday = known[-1]
    share = ((yesterday.remaining or 0) - yesterday.ideal) / it.figures.committed.points
    if share > _BEHIND:
        level = Level.HIGH if share > _FAR_BEHIND else Level.MEDIUM
        told = f"{yesterday.remaining} points remained on {yesterday.day}, {yesterday.ideal:.0f} on the ideal line"
        yield Risk("behind the burndown", level, told)


def _growth(it: Progress) -> Iterable[Risk]:
    committed, added = it.figures.committed.points, it.figures.added.points + max(it.figures.reestimated, 0)
    if committed and added > _GROWN * committed:
        level = Level.HIGH if added > _GROWN_MUCH * committed else Level.MEDIUM
        yield Risk(
            "scope growth", level, f"{added} points were added or re-estimated to {committed} committed"
        )


def _unestimated(it: Progress) -> Iterable[Risk]:
    unknown = [item.key for item in it.items if item.is_open and item.points is None]
    if unknown:
        yield Risk("unestimated items", Level.MEDIUM, f"without points: {choices(unknown, most=_MOST_NAMED)}")


def _chance(it: Progress) -> Iterable[Risk]:
    if it.chance is not None and it.chance < _DOUBTFUL:
        level = Level.HIGH if it.chance < _UNLIKELY else Level.MEDIUM
        yield Risk("may not finish", level, f"the chance to finish what remains is {it.chance:.0%}")


_RULES = (_overdue, _chance, _behind, _blocked, _growth, _unestimated)
