"""The sprint ledger: what was committed, what changed and what came of it, entry by entry.

Everything that is said of a running or a completed sprint is computed from here. Nothing is ever deleted, and
for points and for items alike

    committed + added - removed + re-estimated = completed + remaining

where `remaining` becomes what is carried over when the sprint closes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from scrum.events import By


class Kind(StrEnum):
    COMMITTED = "committed"
    ADDED = "added"
    REMOVED = "removed"
    REESTIMATED = "reestimated"
    COMPLETED = "completed"
    REOPENED = "reopened"
    CARRIED_OVER = "carried_over"


@dataclass(frozen=True)
class Entry:
    """`points` as they are after the entry, `before` it where it is a re-estimate; None is not estimated."""

    at: datetime
    actor: str
    kind: Kind
    item: str
    points: int | None
    before: int | None = None
    reason: str = ""

    @classmethod
    def of(cls, by: By, kind: Kind, item: str, points: int | None, *, before: int | None = None) -> Self:
        return cls(by.now, by.actor, kind, item, points, before, by.reason)


@dataclass(frozen=True)
class Amount:
    """`unestimated` counts the items among `items` that have no points: they are not zero."""

    points: int = 0
    items: int = 0
    unestimated: int = 0

    def plus(self, points: int | None, *, sign: int = 1) -> Self:
        return replace(
            self,
            points=self.points + sign * (points or 0),
            items=self.items + sign,
            unestimated=self.unestimated + sign * (points is None),
        )


@dataclass(frozen=True)
class Figures:
    """`reestimated` is in points, the sum of all differences; an item that gets its first estimate counts."""

    committed: Amount = Amount()
    added: Amount = Amount()
    removed: Amount = Amount()
    reestimated: int = 0
    completed: Amount = Amount()
    remaining: Amount = Amount()
    carried_over: Amount = Amount()

    @property
    def scope(self) -> int:
        """Points in the sprint now."""
        return self.completed.points + self.remaining.points

    @property
    def completion(self) -> float | None:
        """Completed over committed points; None when nothing was committed."""
        return self.completed.points / self.committed.points if self.committed.points else None


@dataclass(frozen=True)
class _Line:
    points: int | None
    done: bool = False


@dataclass(frozen=True)
class Ledger:
    """Entries in the order in which they happened."""

    entries: tuple[Entry, ...] = ()

    def plus(self, entries: Iterable[Entry]) -> Self:
        return replace(self, entries=(*self.entries, *entries))

    def until(self, moment: datetime) -> Self:
        return replace(self, entries=tuple(entry for entry in self.entries if entry.at < moment))

    def figures(self) -> Figures:
        lines: dict[str, _Line] = {}
        figures = Figures()
        for entry in self.entries:
            figures = _counted(figures, entry)
            _follow(lines, entry)
        for line in lines.values():
            name = "completed" if line.done else "remaining"
            figures = replace(figures, **{name: getattr(figures, name).plus(line.points)})
        return figures

    def done(self) -> frozenset[str]:
        """Items that are done in this sprint."""
        return frozenset(item for item, line in self._lines().items() if line.done)

    def scope(self) -> dict[str, int | None]:
        """Points of the items in the sprint now."""
        return {item: line.points for item, line in self._lines().items()}

    def _lines(self) -> dict[str, _Line]:
        lines: dict[str, _Line] = {}
        for entry in self.entries:
            _follow(lines, entry)
        return lines


_COUNTED = {
    Kind.COMMITTED: "committed",
    Kind.ADDED: "added",
    Kind.REMOVED: "removed",
    Kind.CARRIED_OVER: "carried_over",
}


def _counted(figures: Figures, entry: Entry) -> Figures:
    if entry.kind is Kind.REESTIMATED:
        difference = (entry.points or 0) - (entry.before or 0)
        return replace(figures, reestimated=figures.reestimated + difference)
    if name := _COUNTED.get(entry.kind):
        return replace(figures, **{name: getattr(figures, name).plus(entry.points)})
    return figures


def _follow(lines: dict[str, _Line], entry: Entry) -> None:
    match entry.kind:
        case Kind.COMMITTED | Kind.ADDED:
            lines[entry.item] = _Line(entry.points)
        case Kind.REMOVED:
            del lines[entry.item]
        case Kind.REESTIMATED:
            lines[entry.item] = replace(lines[entry.item], points=entry.points)
        case Kind.COMPLETED | Kind.REOPENED:
            lines[entry.item] = replace(lines[entry.item], done=entry.kind is Kind.COMPLETED)
        case Kind.CARRIED_OVER:
            pass
