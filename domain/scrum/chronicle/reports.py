"""Reports of ceremonies, what people said in them, and what they agreed to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


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
    """`carried` counts the retrospectives that were held since with it still open; `id` is like SHOP-S3-C4-A1."""

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


@dataclass(frozen=True)
class ActionChange:
    """None leaves a field as it is."""

    id: str
    at: datetime
    text: str | None = None
    owner: str | None = None
    due: date | None = None
    status: ActionStatus | None = None


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
