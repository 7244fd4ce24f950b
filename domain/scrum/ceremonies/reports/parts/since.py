"""What is new in a sprint since the last report of the same ceremony."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line, Part
from scrum.ceremonies.reports.paper.words import key_named, moment, said, signed, who
from scrum.sprint.ledger import Entry, Kind
from scrum.text import counted, sized

LEDGER_ENTRIES = "ledger entries"
"""How many there were when a report was made: by this the next one begins where it ended, whatever clocks say."""
_SCOPE = (Kind.ADDED, Kind.REMOVED, Kind.REESTIMATED)


@dataclass(frozen=True)
class Since:
    """`at` is None where the sprint has not started. `entries` are those of the ledger from there on."""

    at: datetime | None
    words: str
    entries: tuple[Entry, ...]

    @property
    def scope(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.kind in _SCOPE)


def since(material: Material) -> Since:
    """From the start of the sprint where the ceremony has no report in it yet."""
    last, sprint, entries = material.kept.last, material.sprint, material.ledger.entries
    if sprint is None or sprint.started_at is None:
        return Since(None, "since it was planned", ())
    if last is None or last.sprint != sprint.id or last.at < sprint.started_at:
        return Since(sprint.started_at, "since the sprint started", entries)
    seen = last.figures.get(LEDGER_ENTRIES)
    fresh = entries[int(seen) :] if seen is not None else _later(entries, last.at)
    return Since(last.at, f"since {moment(material, last.at)}", fresh)


def _later(entries: tuple[Entry, ...], at: datetime) -> tuple[Entry, ...]:
    times = accumulate((entry.at for entry in entries), max)
    return tuple(entry for time, entry in zip(times, entries, strict=True) if time > at)


def reopened(material: Material, fresh: Since) -> tuple[Entry, ...]:
    """The last time of each that is not done again."""
    found = {entry.item: entry for entry in fresh.entries if entry.kind is Kind.REOPENED}
    return tuple(entry for key, entry in found.items() if key not in material.done)


def scope_part(material: Material, fresh: Since) -> Part | None:
    """The sum first, then who changed what and why, the latest first."""
    if fresh.at is None:
        return None
    heading, changes = f"Scope {fresh.words}", fresh.scope
    if not changes:
        return Part(heading, (Line("It did not change."),))
    told = (Line(_change(material, entry)) for entry in reversed(changes))
    return Part(heading, (scope_sum(changes), *told), "get_sprint with detail='ledger' has all")


def scope_sum(changes: tuple[Entry, ...]) -> Line:
    amounts = scope_amounts(changes)
    points, items = amounts["scope change points"], amounts["scope change items"]
    unknown = sum(entry.points is None for entry in changes if entry.kind is not Kind.REESTIMATED)
    without = f", {counted(unknown, 'item')} of these without points" if unknown else ""
    told = f"In total {signed(points, 'point')} and {signed(items, 'item')}{without}."
    return Line(told, dict(amounts))


def scope_amounts(changes: tuple[Entry, ...]) -> Mapping[str, int]:
    points = sum(map(_difference, changes))
    kinds = [entry.kind for entry in changes]
    items = kinds.count(Kind.ADDED) - kinds.count(Kind.REMOVED)
    return {"scope change points": points, "scope change items": items}


def _difference(entry: Entry) -> int:
    points = entry.points or 0
    return {
        Kind.ADDED: points,
        Kind.REMOVED: -points,
        Kind.REESTIMATED: points - (entry.before or 0),
    }.get(entry.kind, 0)


def _change(material: Material, entry: Entry) -> str:
    item, actor = key_named(material, entry.item), who(entry.actor)
    why = f"{moment(material, entry.at)}, {said(entry.reason)}"
    if entry.kind is Kind.REESTIMATED:
        return f"{actor} changed {item} from {sized(entry.before)} to {sized(entry.points)} ({why})."
    verb = "added" if entry.kind is Kind.ADDED else "removed"
    return f"{actor} {verb} {item}, {sized(entry.points)} ({why})."


def reopened_lines(material: Material, fresh: Since) -> Iterator[Line]:
    for entry in reopened(material, fresh):
        why = said(entry.reason)
        yield Line(
            f"{who(entry.actor)} reopened {key_named(material, entry.item)} ({moment(material, entry.at)}, {why})."
        )
