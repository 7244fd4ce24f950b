"""What is known of a plan in numbers: by these, conditions of strategies hold, and failed sprints are examined."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from scrum.backlog.estimates import usual_points
from scrum.backlog.model import Item
from scrum.forecasting.model import Forecast
from scrum.planning.situation import Situation
from scrum.sprint.velocity import completion
from scrum.team.capacity import Capacity


def before(situation: Situation, capacity: Capacity, everybody: Forecast) -> dict[str, float]:
    """Known before items are chosen, by the names of `strategies.conditions`; what is not known is left out."""
    known = {
        "availability": capacity.availability,
        "days_away": capacity.days_away,
        "team_size": len(capacity.people) or None,
        "working_days": capacity.working_days,
        "velocity": everybody.median,
        "past_sprints": len(situation.history),
        "completion": completion(situation.history),
        **_backlog(situation.candidates),
    }
    return {name: round(float(value), 4) for name, value in known.items() if value is not None}


def after(items: Sequence[Item], backlog: Sequence[Item]) -> dict[str, float]:
    """Of the chosen items; the usual one is that of the backlog."""
    return {
        "carried_planned": float(_points(item for item in items if item.carried)),
        "usual_item": float(usual_points(backlog)),
        "largest_planned": float(_largest(items)),
        "unestimated_planned": float(sum(item.points is None for item in items)),
        "chain_planned": float(_chain(items)),
    }


def _backlog(items: Sequence[Item]) -> Mapping[str, float]:
    return {
        "carry_over": _points(item for item in items if item.carried),
        "scope": _points(items),
        "unestimated_share": _share(item.points is None for item in items),
        "blocked_share": _share(item.block is not None for item in items),
        "largest_item": _largest(items),
        "longest_chain": _chain(items),
    }


def _points(items: Iterable[Item]) -> int:
    return sum(item.points or 0 for item in items)


def _largest(items: Iterable[Item]) -> int:
    return max((item.points or 0 for item in items), default=0)


def _share(facts: Iterable[bool]) -> float:
    every = list(facts)
    return sum(every) / len(every) if every else 0.0


def _chain(items: Sequence[Item]) -> int:
    """Where dependencies run in a circle there is no plan, and no length."""
    keys = {item.key for item in items}
    needs = {item.key: item.depends_on & keys for item in items}
    length: dict[str, int] = {}
    try:
        for key in TopologicalSorter(needs).static_order():
            length[key] = 1 + max((length[other] for other in needs[key]), default=0)
    except CycleError:
        return 0
    return max(length.values(), default=0)
