"""Reports of ceremonies, what people said in them, and what they agreed to do."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Self

from scrum.errors import NotFound
from scrum.text import quoted


class UnknownReport(NotFound):
    def __init__(self, given: str, project: str) -> None:
        super().__init__(
            f"{project} has kept no report {quoted(given)}. Reports have the ids of their ceremonies, like "
            f"{project}-S1-C2: call list_ceremonies for those that were delivered."
        )


@dataclass(frozen=True)
class Section:
    """Lines are whole sentences, or entries of a list; texts of people in them are quoted."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What a ceremony is held on. `id` is its occurrence's, empty for one that is not kept.

    `figures` are the numbers that the sections tell, by name, for programs. `plan` is the one that it made or shows.
    """

    project: str
    sprint: str
    ceremony: str
    at: datetime
    title: str
    sections: tuple[Section, ...]
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    plan: str = ""
    id: str = ""

    def text(self) -> str:
        parts = [f"{one.heading}:\n" + "\n".join(f"- {line}" for line in one.lines) for one in self.sections]
        return "\n".join([self.title, *parts])


class ActionStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class ActionItem:
    """`carried` counts the other sprints whose retrospective was held since with it still open.

    `id` is like SHOP-S3-C4-A1.
    """

    id: str
    project: str
    sprint: str
    text: str
    agreed_at: datetime
    owner: str = ""
    due: date | None = None
    status: ActionStatus = ActionStatus.OPEN
    settled_at: datetime | None = None
    carried: int = 0

    @property
    def is_open(self) -> bool:
        return self.status is ActionStatus.OPEN

    def changed(self, change: "ActionChange") -> Self:
        told = {name: getattr(change, name) for name in ("text", "owner", "due", "status")}
        item = replace(self, **{name: value for name, value in told.items() if value is not None})
        item = replace(item, **{name: EMPTY[name] for name in change.clear})
        if item.status is self.status:
            return item
        return replace(item, settled_at=None if item.is_open else change.at)

    def passed(self, retrospectives: int) -> Self:
        """So many were held."""
        return replace(self, carried=self.carried + retrospectives) if self.is_open else self


EMPTY: dict[str, Any] = {"owner": "", "due": None}
"""What `clear` may name, and what it leaves."""


@dataclass(frozen=True)
class ActionChange:
    """None leaves a field as it is."""

    id: str
    at: datetime
    text: str | None = None
    owner: str | None = None
    due: date | None = None
    status: ActionStatus | None = None
    clear: tuple[str, ...] = ()


@dataclass(frozen=True)
class Minutes:
    """What people said of a held ceremony; `occurrence` is its id."""

    occurrence: str
    project: str
    sprint: str
    ceremony: str
    held_at: datetime
    actor: str
    notes: str = ""
    decisions: tuple[str, ...] = ()
    attendees: tuple[str, ...] = ()


def stands(
    agreed: ActionItem, changes: Iterable[ActionChange], retrospectives: Iterable[datetime]
) -> ActionItem:
    """An action as it was agreed, after what was said of it and the first retrospective of each other sprint.

    These come in any order. Of the same moment, changes come first, as they are given: what a retrospective settles is
    not carried over it.
    """
    held = sorted(retrospectives)
    item, place = agreed, bisect_right(held, agreed.agreed_at)
    for change in sorted(changes, key=attrgetter("at")):
        here = max(place, bisect_left(held, change.at))
        item, place = item.passed(here - place).changed(change), here
    return item.passed(len(held) - place)
