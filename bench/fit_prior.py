"""Fits the constants of domain/scrum/forecasting/prior.py to the sprints of many teams.

    python bench/fit_prior.py --history HISTORY.csv [--write]

The file has the columns team, seq, days, members, committed_points and completed_points. `level` and `members` are means
over teams. Four constants maximise the probability of what each sprint but a team's first completed, to the nearest
point, given the sprints before it; both spreads are then measured. `drift` comes last: the least at which the 80 %
intervals of 2, 3, 5 and 8 sprints together cover 80 % on average. The other three are chosen: `slope_variance`, because
so few teams say little of how teams differ, `fading`, so that three equal sprints are forecast to go on like that, and
`noise_fading`, so that intervals become honest for teams that are steadier than all of these. With --write the constants
replace those in prior.py.
"""

import argparse
import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Sequence
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
from scrum.forecasting.backtest import LEVEL, covered, ours, walk_sums
from scrum.forecasting.history import Comparable, Known, comparable, known, stretch
from scrum.forecasting.model import Conditions
from scrum.forecasting.next_sprint import TWO_WEEKS
from scrum.forecasting.prior import Prior
from scrum.forecasting.regression import Belief, learn
from scrum.sprint.velocity import PastSprint

sys.path[0] = str(Path(__file__).parent.parent)
from bench.histories import Teams, read  # noqa: E402 - found from the folder above

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
STEPS = (10, 3, 1)
"""In those units."""
CHOSEN = {"slope_variance", "fading", "noise_fading"}
HALF = 0.5
"""Of the nearest point."""
LEAST = 1e-12
"""Of a probability whose logarithm is taken."""
Floats = NDArray[np.float64]
DRIFTS = [step / 20 for step in range(21)]


@dataclass(frozen=True)
class Case:
    """A sprint, and what was known before it; `typical` is what its length does to the level of a typical team."""

    history: tuple[Comparable, ...]
    known: Known
    typical: float
    completed: float

    def belief(self, prior: Prior) -> Belief:
        return learn(self.history, prior, prior.level * self.typical)


def fitted(teams: Teams) -> Prior:
    every = cases(teams)
    start = replace(START, level=_typical_points(teams), members=_typical_members(teams))
    found = searched(start, partial(likelihood, every))
    commitment, members = spreads(every, found)
    found = replace(found, commitment_spread=commitment, members_spread=members)
    return replace(found, drift=DRIFTS[bisect_left(DRIFTS, LEVEL, key=partial(_coverage, teams, found))])


def cases(teams: Teams) -> list[Case]:
    return [_case(sprints[:n], sprints[n]) for sprints in teams.values() for n in range(1, len(sprints))]


def _case(history: Sequence[PastSprint], outcome: PastSprint) -> Case:
    coming = Conditions.of(outcome)
    past = tuple(comparable(one, coming) for one in history)
    return Case(past, known(coming), sqrt(stretch(TWO_WEEKS, coming)), outcome.completed_points)


def _typical_points(teams: Teams) -> float:
    means = [fmean(comparable(one, TWO_WEEKS).points for one in own) for own in teams.values()]
    return round(fmean(means), 2)


def _typical_members(teams: Teams) -> float:
    return round(fmean(fmean(sqrt(one.members or 1) for one in own) for own in teams.values()), 2)


def likelihood(every: Sequence[Case], prior: Prior) -> float:
    """The mean logarithm of the probability of what came, to the nearest point."""
    told = np.array([_told(case, prior) for case in every], dtype=np.float64)
    came = np.array([case.completed for case in every], dtype=np.float64)
    above, below = _below(told, came + HALF), _below(told, np.maximum(came - HALF, 0))
    return float(np.log(np.maximum(above - np.where(came < HALF, 0, below), LEAST)).mean())


def _below(told: Floats, points: Floats) -> Floats:
    centre, scale, freedom = told[:, 0], told[:, 1], told[:, 2]
    return np.asarray(stdtr(freedom, (np.sqrt(points) - centre) / scale), dtype=np.float64)


def _told(case: Case, prior: Prior) -> tuple[float, float, float]:
    belief = case.belief(prior)
    centre, scale = belief.told(case.known)
    return centre, scale, belief.freedom


def searched(start: Prior, score: Callable[[Prior], float]) -> Prior:
    """The best by steps up and down in one constant at a time, each size of step until none improves."""
    best, most = start, score(start)
    for step in STEPS:
        last = None
        while last != best:
            last = best
            for name, units in product(SEARCHED, (step, -step)):
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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="into prior.py")
    arguments = parser.parse_args()
    text = shown(fitted(read(arguments.history)))
    print(text, end="")
    if arguments.write:
        path = Path(scrum.forecasting.prior.__file__)
        path.write_text(written(path.read_text("utf-8"), text), "utf-8")


if __name__ == "__main__":
    main()
