"""The backlog: items, how big and how urgent they are, and what stops them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any, Self

from scrum.errors import Invalid, NotFound
from scrum.events import By
from scrum.team.model import TooMany, skill_set
from scrum.text import body, choices, cleaned, line, quoted, required

MOST_POINTS = 1_000
TITLE = 300
DESCRIPTION = 40_000
REASON = 300
MOST_DEPENDENCIES = 50


class Status(StrEnum):
    TODO = "todo"
    IN_PROGRESS = "in_progress"
    IN_REVIEW = "in_review"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self not in (Status.DONE, Status.CANCELLED)


class Priority(StrEnum):
    HIGHEST = "highest"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    LOWEST = "lowest"


class ItemType(StrEnum):
    STORY = "story"
    BUG = "bug"
    TASK = "task"
    SPIKE = "spike"


class UnknownItem(NotFound):
    def __init__(self, keys: list[str], project: str) -> None:
        named = choices(quoted(key) for key in keys)
        super().__init__(f"{project} has no item {named}. Call list_items to see what there is.")


class BadPoints(Invalid):
    def __init__(self, given: object) -> None:
        super().__init__(
            f"points is {given}; it must be a whole number from 0 to {MOST_POINTS}. "
            "Leave points out for an item that is not estimated; split what is larger."
        )


class BlockedButClosed(Invalid):
    def __init__(self, key: str, status: Status) -> None:
        super().__init__(f"{key} is {status}, and what is closed cannot be blocked. Set it to todo first.")


@dataclass(frozen=True)
class Block:
    reason: str
    since: datetime


@dataclass(frozen=True)
class Item:
    """`rank` orders the backlog, lowest first. `points` is None until it is estimated, which is not 0.

    `sprint` is the open or completed sprint that it belongs to; `carried` counts the sprints it was carried
    out of; `pinned` items were promised to the next sprint when they were carried over.
    """

    key: str
    project: str
    number: int
    title: str
    rank: int
    type: ItemType = ItemType.STORY
    points: int | None = None
    priority: Priority = Priority.MEDIUM
    status: Status = Status.TODO
    labels: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    depends_on: frozenset[str] = frozenset()
    assignee: str = ""
    due: date | None = None
    external_key: str = ""
    sprint: str = ""
    block: Block | None = None
    carried: int = 0
    pinned: bool = False
    created_at: datetime | None = None
    started_at: datetime | None = None
    done_at: datetime | None = None
    version: int = 1

    @property
    def id(self) -> str:
        return self.key

    @property
    def project_key(self) -> str:
        return self.project

    @property
    def is_open(self) -> bool:
        return self.status.is_open

    def changed(self, change: "Change", by: By) -> Self:
        """The item after a change; the rank and the membership in a sprint are not changed here.

        Raises:
            Invalid: a value breaks a rule.
        """
        item = replace(self, **change.values())
        item = replace(item, **{name: EMPTY[name] for name in change.clear})
        item = item._moved(self.status, by)._blocked(change, by)  # noqa: SLF001 - the same class
        return replace(item, version=self.version + 1) if item != self else self

    def out_of_sprint(self, *, carried: bool = False, pinned: bool = False) -> Self:
        return replace(
            self, sprint="", carried=self.carried + carried, pinned=pinned, version=self.version + 1
        )

    def _moved(self, before: Status, by: By) -> Self:
        if self.status is before:
            return self
        working = self.status in (Status.IN_PROGRESS, Status.IN_REVIEW)
        return replace(
            self,
            started_at=self.started_at or (by.now if working else None),
            done_at=by.now if self.status is Status.DONE else None,
            block=self.block if self.is_open else None,
            pinned=self.pinned and self.is_open,
        )

    def _blocked(self, change: "Change", by: By) -> Self:
        if change.blocked is None:
            return self
        if not change.blocked:
            return replace(self, block=None)
        if not self.is_open:
            raise BlockedButClosed(self.key, self.status)
        since = self.block.since if self.block else by.now
        reason = line("reason", change.reason, limit=REASON)
        return replace(self, block=Block(reason or (self.block.reason if self.block else ""), since))


EMPTY: dict[str, Any] = {
    "points": None,
    "assignee": "",
    "due": None,
    "labels": frozenset[str](),
    "skills": frozenset[str](),
    "depends_on": frozenset[str](),
}
"""What `clear` may name, and what it leaves."""


@dataclass(frozen=True)
class Change:
    """What is None stays as it is. `position` counts from 1 in the open backlog."""

    item: str
    status: Status | None = None
    points: int | None = None
    assignee: str | None = None
    priority: Priority | None = None
    position: int | None = None
    blocked: bool | None = None
    reason: str = ""
    title: str | None = None
    description: str | None = None
    type: ItemType | None = None
    labels: frozenset[str] | None = None
    skills: frozenset[str] | None = None
    depends_on: frozenset[str] | None = None
    due: date | None = None
    clear: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """The given fields of an item, checked.

        Raises:
            Invalid: a value breaks a rule.
        """
        names = ("status", "points", "assignee", "priority", "title", "type", "labels", "skills")
        given = {name: getattr(self, name) for name in (*names, "depends_on", "due")}
        return checked({name: value for name, value in given.items() if value is not None})


@dataclass(frozen=True)
class Draft:
    """A new item. `depends_on` has keys of items, or `#2` for the second draft of the same call."""

    title: str
    description: str = ""
    type: ItemType = ItemType.STORY
    points: int | None = None
    priority: Priority = Priority.MEDIUM
    labels: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    depends_on: tuple[str, ...] = ()
    assignee: str = ""
    due: date | None = None
    external_key: str = ""

    def clean(self) -> Self:
        """As its description and its external key are stored, whatever their length."""
        external_key = " ".join(cleaned(self.external_key).split())
        return replace(self, description=cleaned(self.description), external_key=external_key)


@dataclass(frozen=True)
class Where:
    """A filter over a backlog; what is empty does not filter. `sprint` '-' means in no sprint."""

    keys: tuple[str, ...] = ()
    status: tuple[Status, ...] = ()
    type: tuple[ItemType, ...] = ()
    priority: tuple[Priority, ...] = ()
    assignee: str = ""
    label: str = ""
    skill: str = ""
    text: str = ""
    sprint: str = ""
    blocked: bool | None = None
    estimated: bool | None = None


@dataclass(frozen=True)
class Page:
    """Items in backlog order; `total` counts all that match, `after` is the rank of the last one shown."""

    items: tuple[Item, ...]
    total: int
    after: int | None = field(default=None)


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Values of item fields, clean and within their limits.

    Raises:
        Invalid: says which, and what is expected.
    """
    return {name: _RULES[name](value) if name in _RULES else value for name, value in values.items()}


def points(given: float) -> int:
    """Raises BadPoints: not a whole number from 0 to 1,000."""
    if given != given or not 0 <= given <= MOST_POINTS or given != int(given):  # noqa: PLR0124 - NaN
        raise BadPoints(given)
    return int(given)


def _labels(given: frozenset[str]) -> frozenset[str]:
    if len(given) > 30:  # noqa: PLR2004 - more is a mistake
        raise TooMany("labels", len(given), 30)
    return frozenset(filter(None, (line("label", label, limit=60) for label in given)))


def _dependencies(given: frozenset[str]) -> frozenset[str]:
    if len(given) > MOST_DEPENDENCIES:
        raise TooMany("dependencies", len(given), MOST_DEPENDENCIES)
    return frozenset(key.strip().upper() for key in given)


def _text(rule: Callable[..., str], field: str, limit: int) -> Callable[[str], str]:
    return partial(rule, field, limit=limit)


_RULES: dict[str, Callable[[Any], Any]] = {
    "title": _text(required, "title", TITLE),
    "description": _text(body, "description", DESCRIPTION),
    "points": points,
    "labels": _labels,
    "skills": skill_set,
    "depends_on": _dependencies,
    "external_key": _text(line, "external_key", 80),
}
