"""Backlog refinement: what has to be made ready before it can be planned, each by a measure that is told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scrum.backlog.dependencies import find_cycle
from scrum.backlog.model import Item
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line, Part, sheet
from scrum.ceremonies.reports.paper.words import Age, item_named, keys, moment, number
from scrum.ceremonies.reports.parts.next_up import NextUp, next_part, next_up
from scrum.ceremonies.reports.parts.result import usual_completed
from scrum.chronicle.reports import Report
from scrum.sprint.ledger import Kind
from scrum.strategies.detectors import LARGE
from scrum.text import counted, quoted, sized

STALE_DAYS = 90
_MOST_CYCLES = 5
_UNESTIMATED = "list_items with estimated=false has all"
_ALL = "list_items has all"


def refinement(material: Material) -> Report:
    """Of what is in no sprint."""
    free = tuple(item for item in material.backlog if not item.sprint)
    title = f"Backlog refinement of {material.project.key}, {moment(material, material.now)}"
    likely = next_up(material, free)
    parts = [
        Part("Backlog", (_sum(free),)),
        _unestimated(free),
        Part("Too large", tuple(_large(material, free)), _ALL),
        Part("Stale", tuple(_stale(material, free)), _ALL),
        Part("Dependencies", tuple(_dependencies(material, free, likely)), _ALL),
        Part("Missing skills", tuple(_skills(material, free))),
        next_part(material, likely),
    ]
    return sheet(material, title, parts)


def _sum(free: Sequence[Item]) -> Line:
    if not free:
        return Line("No open item is in no sprint: there is nothing to refine.", {"free items": 0})
    points = sum(item.points or 0 for item in free)
    told = f"{counted(len(free), 'open item')} in no sprint, with {counted(points, 'point')}."
    return Line(told, {"free items": len(free), "free points": points})


def _unestimated(free: Sequence[Item]) -> Part | None:
    unknown = [item for item in free if item.points is None]
    if not unknown:
        return None
    total = Line(
        f"{len(unknown)} of {counted(len(free), 'item')}, in backlog order:",
        {"items without points": len(unknown)},
    )
    return Part("Without points", (total, *(Line(f"{item_named(item)}.") for item in unknown)), _UNESTIMATED)


@dataclass(frozen=True)
class _Measure:
    points: float
    words: str


def _measures(material: Material) -> Iterator[_Measure]:
    if usual := usual_completed(material.history):
        velocity, n = usual
        told = f"{LARGE:.0%} of the median of {number(velocity)} points that {counted(n, 'past sprint')} completed"
        yield _Measure(LARGE * velocity, told)
    largest = {sprint: _largest_done(material, sprint) for sprint in material.ledgers}
    known = [points for points in largest.values() if points]
    if known:
        told = f"the largest item that was completed in the last {counted(len(known), 'sprint')}"
        yield _Measure(max(known), told)


def _largest_done(material: Material, sprint: str) -> int:
    ledger = material.ledgers[sprint]
    points, done = ledger.scope(), ledger.done()
    completed = {entry.item for entry in ledger.entries if entry.kind is Kind.COMPLETED}
    return max((points[key] or 0 for key in completed & done), default=0)


def _large(material: Material, free: Sequence[Item]) -> Iterator[Line]:
    """By the stricter of the measures that there are."""
    found = list(_measures(material))
    if not found:
        yield Line("Not known: no past sprint tells what is large.")
        return
    measure = min(found, key=lambda one: one.points)
    large = sorted(
        (item for item in free if (item.points or 0) > measure.points), key=lambda item: -(item.points or 0)
    )
    figures = {"large over": measure.points, "large items": len(large)}
    yield Line(
        f"Over {number(measure.points)} points, {measure.words}: {counted(len(large), 'item')}.", figures
    )
    yield from (Line(f"{item_named(item)}, {sized(item.points)}.") for item in large)


def _stale(material: Material, free: Sequence[Item]) -> Iterator[Line]:
    ages = [
        (Age.of(material.calendar, item.created_at, material.now).calendar, item)
        for item in free
        if item.created_at and not item.started_at
    ]
    old = sorted((one for one in ages if one[0] > STALE_DAYS), key=lambda one: -one[0])
    undated = sum(item.created_at is None for item in free)
    if old:
        told = f"{counted(len(old), 'item')} open for over {STALE_DAYS} days and never begun; edits are not looked at."
        yield Line(told, {"stale items": len(old), "stale after days": STALE_DAYS})
    for days, item in old:
        yield Line(f"{item_named(item)}, {counted(days, 'day')}.", {f"{item.key} days open": days})
    if undated:
        yield Line(f"Of {counted(undated, 'item')} the day is not known.", {"items without a day": undated})


def _dependencies(material: Material, free: Sequence[Item], likely: NextUp) -> Iterator[Line]:
    yield from (Line(f"A cycle, none of it can start: {' -> '.join(cycle)}.") for cycle in _cycles(material))
    planned = {item.key for item in likely.items}
    for item in free:
        if told := _obstacle(material, item, planned):
            yield Line(f"{item_named(item)} needs {told}.")


def _cycles(material: Material) -> Iterator[tuple[str, ...]]:
    edges = dict(material.edges)
    for _ in range(_MOST_CYCLES):
        cycle = find_cycle(edges)
        if cycle is None:
            return
        yield cycle
        edges[cycle[0]] = edges[cycle[0]] - {cycle[1]}


def _obstacle(material: Material, item: Item, planned: set[str]) -> str:
    """What it needs and does not get: cancelled or unknown items; where it is likely next, what is not."""
    lost = [key for key in sorted(item.depends_on) if _is_lost(material, key)]
    told = [f"{keys(lost)}, which will not come"] if lost else []
    if item.key in planned:
        return " and ".join(told)
    blocked = [
        key
        for key in sorted(item.depends_on)
        if (one := material.known.get(key)) and one.is_open and one.block
    ]
    told += [f"{keys(blocked)}, blocked"] if blocked else []
    later = [
        key
        for key in sorted(material.edges.get(item.key, ()))
        if key not in blocked and _is_later(material, item, key)
    ]
    told += [f"{keys(later)}, further down the backlog"] if later else []
    return " and ".join(told)


def _is_lost(material: Material, key: str) -> bool:
    item = material.known.get(key)
    return item is None or item.status == "cancelled"


def _is_later(material: Material, item: Item, key: str) -> bool:
    """Neither planned nor before it."""
    needed = material.known.get(key)
    return bool(needed and not needed.sprint and needed.rank > item.rank)


def _skills(material: Material, free: Sequence[Item]) -> Iterator[Line]:
    if not material.team.names:
        yield Line("Not known: no team is recorded.")
        return
    for skill, needing in sorted(_missing(material, free).items(), key=lambda one: (-len(one[1]), one[0])):
        told = f"Nobody on the team has {quoted(skill)}: {counted(len(needing), 'item')}, {keys(needing)}."
        yield Line(told, {f"items that need {quoted(skill)}": len(needing)})


def _missing(material: Material, free: Sequence[Item]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in free:
        for skill in sorted(item.skills - material.team.skills):
            found.setdefault(skill, []).append(item.key)
    return found
