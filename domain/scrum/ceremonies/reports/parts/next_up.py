"""What the next sprint would likely hold: the top of the backlog, as far as the forecast goes. It is no plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from scrum.backlog.model import Item
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line, Part
from scrum.ceremonies.reports.paper.words import item_named, number
from scrum.forecasting.coming import conditions
from scrum.forecasting.model import Forecast
from scrum.forecasting.next_sprint import forecast
from scrum.team.usecases import next_capacity
from scrum.text import counted, sized


@dataclass(frozen=True)
class NextUp:
    """`items` fit into `points`; `passed` counts those above the last of them that were passed over."""

    forecast: Forecast
    points: int
    items: tuple[Item, ...] = ()
    passed: int = 0


def next_up(material: Material, free: Sequence[Item]) -> NextUp:
    expected = _forecast(material)
    points = expected.commitment(material.project.target_confidence)
    chosen = _fitting(material, free, points)
    last = chosen[-1].rank if chosen else -1
    above = sum(item.rank <= last for item in free)
    return NextUp(expected, points, chosen, above - len(chosen))


def _forecast(material: Material) -> Forecast:
    running = material.sprint
    after = running.end if running and running.state.is_open else material.today
    first = material.calendar.working_day_from(max(material.today, after + timedelta(1)))
    return forecast(material.history, conditions(next_capacity(material.project, material.team, first)))


def _fitting(material: Material, free: Sequence[Item], points: int) -> tuple[Item, ...]:
    """In backlog order: ready items that fit, until one does not."""
    chosen: list[Item] = []
    ready = {item.key for item in material.backlog if item.sprint}
    room = points
    for item in free:
        if item.points is None or item.block or not material.edges.get(item.key, frozenset()) <= ready:
            continue
        if item.points > room:
            break
        room -= item.points
        ready.add(item.key)
        chosen.append(item)
    return tuple(chosen)


def next_part(material: Material, likely: NextUp) -> Part | None:
    if not any(not item.sprint for item in material.backlog):
        return None
    return Part("Likely next sprint", tuple(_lines(material, likely)), "plan_sprint decides", least=2)


def _lines(material: Material, likely: NextUp) -> Iterator[Line]:
    expected, confidence = likely.forecast, material.project.target_confidence
    low, high = expected.interval(0.8)
    yield Line(
        f"About {counted(likely.points, 'point')} at {confidence:.0%} confidence, 80% of outcomes between {number(low)} "
        f"and {number(high)} (n={expected.n}, evidence {expected.evidence}).{''.join(f' {one}' for one in expected.notes)}",
        {"next points": likely.points, "next low": low, "next high": high, "next n": expected.n},
    )
    taken = sum(item.points or 0 for item in likely.items)
    yield Line(
        f"From the top of the backlog {counted(len(likely.items), 'item')} with {counted(taken, 'point')} fit; "
        f"{likely.passed} above the last are passed over: without points, blocked, or waiting. plan_sprint decides.",
        {
            "next items": len(likely.items),
            "next items points": taken,
            "next items passed over": likely.passed,
        },
    )
    yield from (Line(f"{item_named(item)}, {sized(item.points)}.") for item in likely.items)
