"""Strategies at a plan: which arm each is in, and what each makes of the commitment, step by step."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from scrum.memory.model import Arm
from scrum.strategies.effects import ORDER, Act, Bounds
from scrum.strategies.model import Record, Status, Strategy, under_test

SEED = 1


@dataclass(frozen=True)
class Step:
    """One strategy at a plan: the points before and after it.

    `after` is what it makes of them, or would have made where it was not applied. `otherwise` is the commitment of the
    whole plan, had it been the other way round.
    """

    name: str
    before: int
    after: int
    why: str
    version: int = 1
    arm: Arm = Arm.APPLIED
    otherwise: int | None = None


@dataclass(frozen=True)
class Given:
    """What strategies are applied to: `base` are the points with everybody there, `present` those with absences.

    Without `learning` no candidate is tested.
    """

    sprint: str
    base: int
    present: int
    figures: Mapping[str, float]
    learning: bool = True

    def bounds(self, applied: Iterable[Strategy]) -> Bounds:
        """Absences are facts: what was learned is bounded beyond them."""
        return Bounds.around(self.present if any(one.built_in for one in applied) else self.base)


Arms = Sequence[tuple[Strategy, Arm]]


def heads(strategy: Strategy, sprint: str, seed: int = SEED) -> bool:
    """A coin that falls the same for every plan of a sprint, and can be tossed again by whoever doubts it."""
    tossed = f"{seed}:{strategy.key}:{strategy.version}:{sprint}"
    return hashlib.sha256(tossed.encode()).digest()[0] % 2 == 0


def arms(records: Sequence[Record], given: Given) -> Arms:
    """Strategies whose condition holds, in the order of their effects."""
    matter = [one for one in records if _matters(one, given)]
    tested = under_test(matter) if given.learning else None
    found = [(one.strategy, _arm(one.strategy, tested, given)) for one in matter]
    return sorted(found, key=lambda one: _turn(one[0]))


def _turn(strategy: Strategy) -> tuple[int, str]:
    return ORDER.index(strategy.effect.act), strategy.name


def _matters(record: Record, given: Given) -> bool:
    return record.strategy.status is not Status.RETIRED and record.strategy.when.holds(given.figures)


def _arm(strategy: Strategy, tested: Record | None, given: Given) -> Arm:
    if strategy.status is Status.ACTIVE:
        return Arm.APPLIED
    if tested is None or strategy.key != tested.strategy.key:
        return Arm.SHADOW
    return Arm.APPLIED if heads(strategy, given.sprint) else Arm.CONTROL


def steps(given: Given, of: Arms) -> tuple[Step, ...]:
    """All of them, with those that are only watched or that the coin left out."""
    applied = [strategy for strategy, arm in of if arm is Arm.APPLIED]
    points, bounds, found = given.base, given.bounds(applied), list[Step]()
    for strategy, arm in of:
        after = _after(strategy, points, bounds, given)
        found.append(_step(strategy, arm, (points, after), _otherwise(strategy, applied, given)))
        points = after if arm is Arm.APPLIED else points
    return tuple(found)


def reached(given: Given, applied: Sequence[Strategy]) -> int:
    """The commitment at the end of these, in their order."""
    points, bounds = given.base, given.bounds(applied)
    for strategy in applied:
        points = _after(strategy, points, bounds, given)
    return points


def _after(strategy: Strategy, points: int, bounds: Bounds, given: Given) -> int:
    if strategy.effect.act is Act.AVAILABILITY:
        return given.present
    factor = strategy.effect.factor
    return points if factor is None else bounds.scaled(points, factor)


def _otherwise(strategy: Strategy, applied: Sequence[Strategy], given: Given) -> int:
    if strategy in applied:
        return reached(given, [one for one in applied if one != strategy])
    return reached(given, sorted([*applied, strategy], key=_turn))


def _step(strategy: Strategy, arm: Arm, points: tuple[int, int], otherwise: int) -> Step:
    return Step(
        name=strategy.name,
        before=points[0],
        after=points[1],
        why=_why(strategy, arm),
        version=strategy.version,
        arm=arm,
        otherwise=otherwise,
    )


def _why(strategy: Strategy, arm: Arm) -> str:
    match arm:
        case Arm.APPLIED:
            tested = strategy.status is Status.CANDIDATE
            return f"{strategy.rule}; under test, and the coin took it" if tested else strategy.rule
        case Arm.CONTROL:
            return f"{strategy.rule}; under test, and the coin left it out"
        case Arm.SHADOW:
            return f"{strategy.rule}; only watched"
    assert_never(arm)
