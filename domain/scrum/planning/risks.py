"""What may go wrong with a plan, each with its evidence."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scrum.backlog.model import Item
from scrum.forecasting.model import Evidence, Forecast
from scrum.sprint.model import Sprint
from scrum.sprint.risk import Level, Risk
from scrum.team.capacity import Capacity
from scrum.text import choices, counted, named

_NONE: list[str] = []
_LONG_CHAIN = 3
_MUCH_UNESTIMATED = 0.3
_LOW, _VERY_LOW = 0.9, 0.75
_MUCH_CARRIED = 0.3
_BUSY = 0.8
_MOST = 12
"""Risks that are told, and items of a chain that are named."""


@dataclass(frozen=True)
class Chance:
    """The plan under examination: `hours_per_point` turns points into hours."""

    capacity: Capacity
    forecast: Forecast
    selected: Sequence[Item]
    backlog: Sequence[Item]
    points: int
    hours_per_point: float
    running: Sprint | None


def risks(chance: Chance) -> tuple[Risk, ...]:
    """The highest first."""
    found = [risk for rule in _RULES for risk in rule(chance)]
    order = list(Level)
    return tuple(sorted(found, key=lambda risk: -order.index(risk.level)))[:_MOST]


def _absences(chance: Chance) -> Iterable[Risk]:
    availability = chance.capacity.availability
    if availability < 1:
        away = choices(f"{named(p.name)} {p.days_away:g}" for p in chance.capacity.people if p.days_away)
        level = Level.HIGH if availability < _VERY_LOW else Level.MEDIUM if availability < _LOW else Level.LOW
        yield Risk("absences", level, f"availability {availability:.2f}; days away: {away}")


def _evidence(chance: Chance) -> Iterable[Risk]:
    if chance.forecast.evidence is not Evidence.FAIR:
        level = Level.HIGH if chance.forecast.evidence is Evidence.NONE else Level.MEDIUM
        yield Risk("thin evidence", level, counted(chance.forecast.n, "past sprint"))


def _carried(chance: Chance) -> Iterable[Risk]:
    carried = [item for item in chance.selected if item.carried]
    if carried:
        share = len(carried) / len(chance.selected)
        level = Level.MEDIUM if share >= _MUCH_CARRIED else Level.LOW
        keys = choices((item.key for item in carried), most=5)
        all_items = counted(len(chance.selected), "item")
        yield Risk(
            "carry-over",
            level,
            f"carried over before: {keys} ({len(carried)} of {all_items})",
        )


def _unestimated(chance: Chance) -> Iterable[Risk]:
    unknown = [item for item in chance.backlog if item.points is None]
    share = len(unknown) / len(chance.backlog) if chance.backlog else 0
    chosen = [item.key for item in chance.selected if item.points is None]
    if chosen:
        yield Risk("unestimated items", Level.HIGH, f"in the plan without points: {choices(chosen, most=5)}")
    elif share >= _MUCH_UNESTIMATED:
        yield Risk("unestimated items", Level.LOW, f"{share:.0%} of the open backlog has no points")


def _blocked(chance: Chance) -> Iterable[Risk]:
    blocked = [item.key for item in chance.selected if item.block]
    if blocked:
        yield Risk("blocked items", Level.MEDIUM, f"in the plan though blocked: {choices(blocked, most=5)}")


def _bottleneck(chance: Chance) -> Iterable[Risk]:
    for skill in sorted({skill for item in chance.selected for skill in item.skills}):
        people = [person for person in chance.capacity.people if skill in person.skills]
        hours = sum((i.points or 0) * chance.hours_per_point for i in chance.selected if skill in i.skills)
        if len(people) == 1 and people[0].hours:
            load = hours / people[0].hours
            level = Level.HIGH if load > _BUSY else Level.MEDIUM
            yield Risk(
                "single-skill bottleneck",
                level,
                f"only {named(people[0].name)} has {named(skill)}: {load:.0%} of their hours",
            )


def _chains(chance: Chance) -> Iterable[Risk]:
    longest = _longest_chain({item.key: item.depends_on for item in chance.selected})
    if len(longest) >= _LONG_CHAIN:
        rest = f" and {len(longest) - _MOST} more" if len(longest) > _MOST else ""
        yield Risk("dependency chain", Level.MEDIUM, f"in this order: {' -> '.join(longest[:_MOST])}{rest}")


def _longest_chain(needs: dict[str, frozenset[str]]) -> list[str]:
    """Keys in the order of work; the graph has no cycles."""
    best: dict[str, list[str]] = {}
    waiting = Counter({key: len(needs[key] & needs.keys()) for key in needs})
    users: dict[str, list[str]] = {key: [] for key in needs}
    for key, needed in needs.items():
        for other in needed & needs.keys():
            users[other].append(key)
    ready = [key for key in needs if not waiting[key]]
    while ready:
        key = ready.pop()
        before = max((best[other] for other in sorted(needs[key] & needs.keys())), key=len, default=_NONE)
        best[key] = [*before, key]
        for user in users[key]:
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    return max((best[key] for key in needs), key=len, default=_NONE)


def _overcommitment(chance: Chance) -> Iterable[Risk]:
    likely = chance.forecast.quantile(0.5)
    if chance.points > likely + 1:
        level = Level.HIGH if chance.points > 1.25 * max(likely, 1) else Level.MEDIUM
        yield Risk(
            "overcommitment",
            level,
            f"{counted(chance.points, 'point')} planned, {likely:.0f} are as likely as not",
        )


def _still_running(chance: Chance) -> Iterable[Risk]:
    if chance.running:
        yield Risk(
            "open sprint",
            Level.MEDIUM,
            f"{chance.running.id} is {chance.running.state}: close it first, then plan again with what it leaves",
        )


_RULES = (
    _overcommitment,
    _absences,
    _evidence,
    _carried,
    _unestimated,
    _blocked,
    _bottleneck,
    _chains,
    _still_running,
)
