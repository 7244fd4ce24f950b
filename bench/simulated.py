"""Teams whose level does what is known: how good the forecast is where a level steps, trends or wanders.

Of each kind, teams of 30 sprints with points alone. A sprint is normally distributed around the level, by a quarter of it.
A team that steps does so once, between its tenth and its twentieth sprint, to half or twice its level.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, repeat
from math import exp
from operator import mul
from random import Random

from scrum.forecasting.backtest import covered, ours, scored, walk, walk_sums
from scrum.sprint.velocity import PastSprint, Source

SPRINTS = 30
TEAMS = 30
NOISE = 0.25
SIZES = (12, 40, 150)
"""Points of a usual sprint."""
TREND = 0.03
"""Of the level, per sprint."""
WALK, WILD = 0.1, 0.3
"""Standard deviation of the level's logarithm from a sprint to the next."""
BESIDE = ("smoothing 0.3", "mean of last 10")

Levels = Callable[[Random], Iterator[float]]


def steady(_: Random) -> Iterator[float]:
    return repeat(1.0)


def stepping(chance: Random) -> Iterator[float]:
    place, times = chance.randrange(SPRINTS // 3, 2 * SPRINTS // 3), chance.choice((0.5, 2.0))
    return chain(repeat(1.0, place), repeat(times))


def trending(chance: Random) -> Iterator[float]:
    return accumulate(repeat(1 + chance.choice((-TREND, TREND))), mul)


def wandering(chance: Random, by: float = WALK) -> Iterator[float]:
    return accumulate((exp(chance.gauss(0, by)) for _ in range(SPRINTS)), mul)


def wild(chance: Random) -> Iterator[float]:
    return wandering(chance, WILD)


KINDS: dict[str, Levels] = {
    "steady": steady,
    "steps": stepping,
    "trends": trending,
    "wanders": wandering,
    "wanders wildly": wild,
}


def team(levels: Levels, seed: int) -> list[PastSprint]:
    chance = Random(seed)
    size = chance.choice(SIZES)
    points = [
        size * level * max(0.0, chance.gauss(1, NOISE))
        for _, level in zip(range(SPRINTS), levels(chance), strict=False)
    ]
    return [PastSprint(str(n), Source.IMPORTED, float(round(one)), days=14) for n, one in enumerate(points)]


@dataclass(frozen=True)
class Told:
    """`covers` has by the number of sprints together what the 80 % interval covers."""

    error: float
    beside: dict[str, float]
    covers: dict[int, float]

    @property
    def over(self) -> float:
        """How many times the error of the better simple one."""
        return self.error / min(self.beside.values())


def measured(levels: Levels, teams: int = TEAMS) -> Told:
    every = {str(seed): team(levels, seed) for seed in range(teams)}
    told = list(chain.from_iterable(walk(name, sprints) for name, sprints in every.items()))
    sums = chain.from_iterable(walk_sums(name, sprints, ours()) for name, sprints in every.items())
    found = scored(told)
    if found is None or found.error is None:
        raise ValueError(teams)
    return Told(
        found.error,
        {name: found.errors[name] or 0.0 for name in BESIDE},
        {1: found.coverage, **{count: one.coverage for count, one in covered(sums).items()}},
    )


def show(teams: int = TEAMS) -> None:
    print(f"{teams} teams of each kind, {SPRINTS} sprints each\n")
    print(f"{'error':24} ours  {'  '.join(BESIDE)}   80 % intervals of 1, 2, 3, 5, 8 sprints cover")
    for kind, levels in KINDS.items():
        told = measured(levels, teams)
        beside = "".join(f"{error:15.3f}" for error in told.beside.values())
        covers = " ".join(f"{one:.2f}" for one in told.covers.values())
        print(f"{kind:23} {told.error:.3f}{beside}   {covers}", flush=True)
