"""Fits the constants of domain/scrum/forecasting/prior.py to the sprints of many teams.

    python bench/fit_prior.py --history HISTORY.csv [--write]

The file has the columns team, seq, days, members, committed_points and completed_points. `level` and `members` are means
over teams. Four constants maximise the probability of what each sprint but a team's first completed, to the nearest
point, given the sprints before it; both spreads are then measured. `drift` comes last: the least at which the 80 %
intervals of 2, 3, 5 and 8 sprints together cover 80 % on average. The other three are chosen: `slope_variance`, because
so few teams say little of how teams differ, `fading`, so that three equal sprints are forecast to go on like that, and
`noise_fading`, so that intervals become honest for teams that are steadier than all of these. With --write the constants
replace those in prior.py.

Where no sprint has committed_points, or none has members, the slope and what is about that column keep the values of
prior.py. What is kept, and which constants ended at the least or the most that is tried, is told on stderr; the file
says too little of the latter, so that --write refuses them.
"""

import argparse
import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from math import sqrt
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

import scrum.forecasting.prior
from scrum.forecasting.backtest import HORIZONS, LEVEL, covered, ours, walk_sums
from scrum.forecasting.history import Comparable, Known, comparable, known, stretch, usable
from scrum.forecasting.model import ENOUGH, Conditions
from scrum.forecasting.next_sprint import TWO_WEEKS
from scrum.forecasting.prior import PRIOR, Prior
from scrum.forecasting.regression import Belief, learn
from scrum.sprint.velocity import PastSprint

sys.path[0] = str(Path(__file__).parent.parent)
from bench.histories import Teams, Unfit, read  # noqa: E402 - found from the folder above

START = Prior(
    level=3, members=2, follow=0.7, slope=0.5, noise=0.5, freedom=2,
    commitment_spread=0.2, members_spread=0.2, drift=0,
)  # fmt: skip
"""A guess; any other ends at the same constants."""
SEARCHED = {
    "follow": (0.5, 0.99, 0.01),
    "slope": (0.0, 1.0, 0.01),
    "noise": (0.05, 2.0, 0.01),
    "freedom": (0.5, 10.0, 0.1),
}
"""The least, the most, and the unit of each."""
NEEDED = {
    "committed_points": ("slope", "commitment_spread"),
    "members": ("slope", "members", "members_spread"),
}
"""By the column that they take."""
STEPS = (10, 3, 1)
"""In those units."""
CHOSEN = {"slope_variance", "fading", "noise_fading"}
HALF = 0.5
"""Of the nearest point."""
LEAST = 1e-12
"""Of a probability whose logarithm is taken."""
Floats = NDArray[np.float64]
DRIFTS = [step / 20 for step in range(21)]
LEAST_SPRINTS = ENOUGH + HORIZONS[0]
"""Of one team: with fewer, no sum of sprints is forecast."""


@dataclass(frozen=True)
class Case:
    """A sprint, and what was known before it; `typical` is what its length does to the level of a typical team."""

    history: tuple[Comparable, ...]
    known: Known
    typical: float
    availability: float
    completed: float

    def belief(self, prior: Prior) -> Belief:
        return learn(self.history, prior, prior.level * self.typical)


def fitted(teams: Teams) -> Prior:
    """Raises Unfit. Sprints that nobody could work in are left out."""
    teams = {team: worked for team, sprints in teams.items() if (worked := usable(sprints))}
    refuse_unfit(teams)
    kept, every = held(teams), cases(teams)
    typical = {"level": _typical_points(teams), "members": _typical_members(teams)}
    start = replace(START, **{**typical, **kept})
    found = searched(start, partial(likelihood, every), SEARCHED.keys() - kept)
    commitment, members = spreads(every, found)
    found = replace(found, **{"commitment_spread": commitment, "members_spread": members, **kept})
    place = bisect_left(DRIFTS, LEVEL, key=partial(_coverage, teams, found))
    return replace(found, drift=DRIFTS[min(place, len(DRIFTS) - 1)])


def refuse_unfit(teams: Teams) -> None:
    """Raises Unfit."""
    if max(map(len, teams.values()), default=0) < LEAST_SPRINTS:
        raise Unfit(f"No team has {LEAST_SPRINTS} sprints or more: there is nothing to fit the prior to.")
    if not any(one.completed_points for sprints in teams.values() for one in sprints):
        raise Unfit("No sprint completed any points: there is nothing to fit the prior to.")


def lacking(teams: Teams) -> list[str]:
    """The columns of NEEDED that no sprint has."""
    every = [one for sprints in teams.values() for one in sprints]
    return [column for column in NEEDED if all(getattr(one, column) is None for one in every)]


def held(teams: Teams) -> dict[str, float]:
    """The constants that keep their value, for want of a column."""
    return {name: getattr(PRIOR, name) for column in lacking(teams) for name in NEEDED[column]}


def at_bounds(prior: Prior, kept: Collection[str]) -> list[str]:
    """The constants of which the file only says: as little, or as much, as is tried."""
    bounds: dict[str, tuple[float, ...]] = {
        name: (least, most) for name, (least, most, _) in SEARCHED.items()
    }
    bounds |= {"commitment_spread": (0.0,), "members_spread": (0.0,), "drift": (DRIFTS[-1],)}
    return [name for name, ends in bounds.items() if name not in kept and getattr(prior, name) in ends]


def cases(teams: Teams) -> list[Case]:
    return [_case(sprints[:n], sprints[n]) for sprints in teams.values() for n in range(1, len(sprints))]


def _case(history: Sequence[PastSprint], outcome: PastSprint) -> Case:
    coming = Conditions.of(outcome)
    past = tuple(comparable(one, coming) for one in history)
    typical = sqrt(stretch(TWO_WEEKS, coming))
    return Case(past, known(coming), typical, coming.availability, outcome.completed_points)


def _typical_points(teams: Teams) -> float:
    means = [fmean(comparable(one, TWO_WEEKS).points for one in own) for own in teams.values()]
    return round(fmean(means), 2)


def _typical_members(teams: Teams) -> float:
    return round(fmean(fmean(sqrt(one.members or 1) for one in own) for own in teams.values()), 2)


def likelihood(every: Sequence[Case], prior: Prior) -> float:
    """The mean logarithm of the probability of what came, to the nearest point."""
    told = np.array([_told(case, prior) for case in every], dtype=np.float64)
    came = np.array([case.completed for case in every], dtype=np.float64)
    share = np.array([case.availability for case in every], dtype=np.float64)
    above, below = _below(told, (came + HALF) / share), _below(told, np.maximum(came - HALF, 0) / share)
    return float(np.log(np.maximum(above - np.where(came < HALF, 0, below), LEAST)).mean())


def _below(told: Floats, points: Floats) -> Floats:
    centre, scale, freedom = told[:, 0], told[:, 1], told[:, 2]
    return np.asarray(stdtr(freedom, (np.sqrt(points) - centre) / scale), dtype=np.float64)


def _told(case: Case, prior: Prior) -> tuple[float, float, float]:
    belief = case.belief(prior)
    centre, scale = belief.told(case.known)
    return centre, scale, belief.freedom


def searched(
    start: Prior, score: Callable[[Prior], float], constants: Collection[str] = SEARCHED.keys()
) -> Prior:
    """The best by steps up and down in one constant at a time, each size of step until none improves."""
    names = [name for name in SEARCHED if name in constants]
    best, most = start, score(start)
    for step in STEPS:
        last = None
        while last != best:
            last = best
            for name, units in product(names, (step, -step)):
                tried = _moved(best, name, units)
                if (reached := score(tried)) > most:
                    best, most = tried, reached
    return best


def _moved(prior: Prior, name: str, units: int) -> Prior:
    least, most, unit = SEARCHED[name]
    return replace(prior, **{name: min(max(round(getattr(prior, name) + units * unit, 2), least), most)})


def spreads(every: Sequence[Case], prior: Prior) -> tuple[float, float]:
    """The mean squares of what a commitment and a head count deviate by."""
    deviations = [case.belief(prior).usual.deviation(case.known) for case in every]
    return round(fmean(x[0] ** 2 for x in deviations), 2), round(fmean(x[1] ** 2 for x in deviations), 2)


def _coverage(teams: Teams, prior: Prior, drift: float) -> float:
    """The mean over the numbers of sprints together."""
    summing = ours(replace(prior, drift=drift))
    sums = [one for team, sprints in teams.items() for one in walk_sums(team, sprints, summing)]
    return fmean(one.coverage for one in covered(sums).values())


def shown(prior: Prior) -> str:
    """As it is written in prior.py, without what is chosen."""
    lines = [f"    {name}={value},\n" for name, value in vars(prior).items() if name not in CHOSEN]
    return f"PRIOR = Prior(\n{''.join(lines)})\n"


def written(module: str, text: str) -> str:
    return re.sub(r"^PRIOR = Prior\(\n.*?^\)\n", text, module, flags=re.DOTALL | re.MULTILINE)


def warnings(teams: Teams, bounds: Collection[str]) -> Iterator[str]:
    for column in lacking(teams):
        yield f"No sprint has {column}: {', '.join(NEEDED[column])} as in prior.py."
    if bounds:
        yield f"At the least or the most that is tried, so that the file says too little: {', '.join(bounds)}."


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="into prior.py")
    arguments = parser.parse_args()
    teams = read(arguments.history)
    found = fitted(teams)
    bounds, text = at_bounds(found, held(teams)), shown(found)
    print(text, end="")
    for warning in warnings(teams, bounds):
        print(warning, file=sys.stderr)
    if arguments.write and bounds:
        raise Unfit("Nothing was written.")
    if arguments.write:
        path = Path(scrum.forecasting.prior.__file__)
        path.write_text(written(path.read_text("utf-8"), text), "utf-8")


if __name__ == "__main__":
    main()
