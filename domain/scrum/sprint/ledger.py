"""The sprint ledger: what was committed, what changed and what came of it, entry by entry.

Everything that is said of a running or a completed sprint is computed from here. Nothing is ever deleted, and
for points and for items alike

    committed + added - removed + re-estimated = completed + remaining

where `remaining` becomes what is carried over when the sprint closes.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import accumulate
from typing import Self

from scrum.events import By

GOOD_SHARE = 0.9
"""A sprint that completes this share of its commitment is a success."""


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

    @classmethod
    def of(cls, points: Iterable[int | None]) -> Self:
        listed = list(points)
        return cls(sum(one or 0 for one in listed), len(listed), listed.count(None))


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
class Totals:
    """Points that remain, and points in the sprint, done or not."""

    remaining: int
    scope: int


@dataclass(frozen=True)
class Ledger:
    """Entries in the order in which they happened."""

    entries: tuple[Entry, ...] = ()

    def plus(self, entries: Iterable[Entry]) -> Self:
        return replace(self, entries=(*self.entries, *entries))

    def at(self, moments: Sequence[datetime]) -> list[Totals]:
        """Points in the sprint before each of the moments, which rise.

        The order of entries is what happened; a time that is earlier than one before it, from a clock that lags,
        counts as that one.
        """
        lines: dict[str, _Line] = {}
        times = accumulate((entry.at for entry in self.entries), max)
        entries = deque(zip(times, self.entries, strict=True))
        totals: list[Totals] = []
        for moment in moments:
            while entries and entries[0][0] < moment:
                _follow(lines, entries.popleft()[1])
            totals.append(_totals(lines))
        return totals

    def committed(self) -> Amount:
        return Amount.of(entry.points for entry in self.entries if entry.kind is Kind.COMMITTED)

    def figures(self) -> Figures:
        lines = self._lines().values()
        points: defaultdict[Kind, list[int | None]] = defaultdict(list)
        for entry in self.entries:
            points[entry.kind].append(entry.points)
        return Figures(
            committed=Amount.of(points[Kind.COMMITTED]),
            added=Amount.of(points[Kind.ADDED]),
            removed=Amount.of(points[Kind.REMOVED]),
            reestimated=sum(_difference(entry) for entry in self.entries),
            completed=Amount.of(line.points for line in lines if line.done),
            remaining=Amount.of(line.points for line in lines if not line.done),
            carried_over=Amount.of(points[Kind.CARRIED_OVER]),
        )

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


def _totals(lines: Mapping[str, _Line]) -> Totals:
    remaining = sum(line.points or 0 for line in lines.values() if not line.done)
    return Totals(remaining, sum(line.points or 0 for line in lines.values()))


def _difference(entry: Entry) -> int:
    return (entry.points or 0) - (entry.before or 0) if entry.kind is Kind.REESTIMATED else 0


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
