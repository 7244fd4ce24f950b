"""Fits the constants of domain/scrum/forecasting/prior.py to the sprints of many teams.

    python bench/fit_prior.py --history HISTORY.csv [--write]

The file has the columns team, seq, days, members, committed_points and completed_points. `level` and `members` are means
over teams. The other three make the sprints of all teams most likely, each foretold from those before it. Chosen are
`fading`, so that three equal sprints are forecast to go on like that, GRID, which reaches from steadier to wilder than
any of these teams, and `doubt`, so that intervals after one to four sprints hold nearer to 80 % (without a commitment 100,
70, 65 and 75 %, n=20 each). Nothing is fitted to errors or to what intervals cover later. With --write the constants replace those in prior.py.

Where no sprint has committed_points, or none has members, the slopes and what is about that column keep the values of
prior.py. What is kept, and which constants ended at the least or the most that is tried, is told on stderr; the file
says too little of the latter, so that --write refuses them.
"""

import argparse
import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from math import sqrt
from pathlib import Path
from statistics import fmean

import scrum.forecasting.prior
from scrum.forecasting.history import comparable, usable
from scrum.forecasting.model import ENOUGH
from scrum.forecasting.next_sprint import TWO_WEEKS
from scrum.forecasting.prior import PRIOR, Prior
from scrum.forecasting.regression import learn
from scrum.sprint.velocity import PastSprint

sys.path[0] = str(Path(__file__).parent.parent)
from bench.histories import Teams, Unfit, read  # noqa: E402 - found from the folder above

START = Prior(level=3, members=2, slope=0.5, slope_variance=0.05, memory=0.8)
"""A guess; any other ends at the same constants."""
SEARCHED = {
    "slope": (0.0, 1.0, 0.01),
    "slope_variance": (0.002, 0.2, 0.002),
    "memory": (0.5, 0.99, 0.01),
}
"""The least, the most, and the unit of each."""
NEEDED = {
    "committed_points": ("slope", "slope_variance"),
    "members": ("slope", "slope_variance", "members"),
}
"""By the column that they take."""
STEPS = (10, 3, 1)
"""In those units."""
CHOSEN = {"fading", "doubt"}
LEAST_SPRINTS = ENOUGH + 2
"""Of one team: with fewer, no two sprints together are forecast."""


def fitted(teams: Teams) -> Prior:
    """Raises Unfit. Sprints that nobody could work in are left out."""
    teams = {team: worked for team, sprints in teams.items() if (worked := usable(sprints))}
    refuse_unfit(teams)
    kept = held(teams)
    typical = {"level": _typical_points(teams), "members": _typical_members(teams)}
    start = replace(START, **{**typical, **kept})
    found = searched(start, partial(likelihood, list(teams.values())), SEARCHED.keys() - kept)
    return replace(found, **kept)


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
    bounds = {name: (least, most) for name, (least, most, _) in SEARCHED.items()}
    return [name for name, ends in bounds.items() if name not in kept and getattr(prior, name) in ends]


def _typical_points(teams: Teams) -> float:
    means = [fmean(comparable(one, TWO_WEEKS).points for one in own) for own in teams.values()]
    return round(fmean(means), 2)


def _typical_members(teams: Teams) -> float:
    return round(fmean(fmean(sqrt(one.members or 1) for one in own) for own in teams.values()), 2)


def likelihood(teams: Sequence[Sequence[PastSprint]], prior: Prior) -> float:
    """The sum over teams of the logarithm of how likely their sprints were."""
    return sum(
        learn([comparable(one, TWO_WEEKS) for one in sprints], prior, prior.level).evidence
        for sprints in teams
    )


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
    return replace(prior, **{name: min(max(round(getattr(prior, name) + units * unit, 3), least), most)})


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
