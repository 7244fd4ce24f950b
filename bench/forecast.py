"""The forecast on real teams, walking forward, beside simple ones.

    python bench/forecast.py [HISTORY.csv]
    python bench/forecast.py --simulated

The columns are those of `scrum-mcp import-history`; only team, seq and completed_points have to be there. Each sprint
with at least five before it is forecast from those alone, with a prior that is fitted without the organisation of its
team (what is before the colon in its name); where the others say too little, with the prior of the product. Macro
error: the mean over teams of mean absolute error over mean completed. The interval score (Gneiting and Raftery 2007) is
the width of the 80 % interval, and ten times what it was missed by. The targets of figures are those of the file that
is there without an argument; another one has only those of speed. --simulated tells how the forecast does on simulated
teams whose level stays, steps, trends or wanders, and has no targets.
"""

import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from statistics import median

from scrum.forecasting.backtest import (
    Covered,
    Scores,
    Summing,
    covered,
    ours,
    resampling,
    scored,
    walk,
    walk_sums,
)
from scrum.forecasting.model import ENOUGH, Conditions
from scrum.forecasting.next_sprint import forecast
from scrum.forecasting.prior import PRIOR, Prior
from scrum.forecasting.several import forecast_sum
from scrum.sprint.velocity import PastSprint

sys.path[0] = str(Path(__file__).parent.parent)
from bench.fit_prior import at_bounds, fitted, held  # noqa: E402 - found from the folder above
from bench.histories import REAL, Teams, Unfit, organisation, read, without  # noqa: E402 - the same
from bench.simulated import show as show_simulated  # noqa: E402 - the same
from bench.targets import Target, at_least, at_most, conclude  # noqa: E402 - the same

LONG = 200
MOST = 0.02
"""Seconds."""
OPEN = "ours, without the commitment"
Priors = dict[str, Prior]
"""By organisation."""


def priors(teams: Teams) -> Priors:
    return {left_out: _prior(without(teams, left_out)) for left_out in sorted(set(map(organisation, teams)))}


def _prior(others: Teams) -> Prior:
    try:
        found = fitted(others)
    except Unfit:
        return PRIOR
    return PRIOR if at_bounds(found, held(others)) else found


def scores(teams: Teams, by: Priors) -> Scores | None:
    walks = (walk(team, sprints, prior=by[organisation(team)]) for team, sprints in teams.items())
    return scored(list(chain.from_iterable(walks)))


def sums(teams: Teams, by: dict[str, Summing]) -> dict[int, Covered]:
    walks = (walk_sums(team, sprints, by[organisation(team)]) for team, sprints in teams.items())
    return covered(chain.from_iterable(walks))


def points_only(teams: Teams) -> Teams:
    return {
        team: [PastSprint(one.name, one.source, one.completed_points) for one in sprints]
        for team, sprints in teams.items()
    }


def show(told: Scores, together: dict[int, Covered], drawn: dict[int, Covered]) -> None:
    print(f"{told.n} sprints of {told.teams} teams\n\nmacro error")
    for name, error in {"ours": told.error, OPEN: told.open_error, **told.errors}.items():
        print(f"{name:32} {_figure(error)}")
    print("\n80 % interval                    covers   score")
    print(f"{'ours':32} {told.coverage:6.3f} {told.interval_score:7.2f}")
    print(f"{OPEN:32} {told.open_coverage:6.3f} {told.open_score:7.2f}")
    print(f"{'Student-t on last 10':32} {told.student_coverage:6.3f} {told.student_score:7.2f}")
    print(f"\nBrier score of {told.commitments} commitments\n{'ours':32} {_figure(told.brier)}")
    print(f"{'always the base rate':32} {_figure(told.base_rate)}")
    print("\n80 % interval of several sprints   ours  resampled")
    for count, one in together.items():
        print(f"{f'{count} sprints (n={one.n})':32} {one.coverage:6.3f} {drawn[count].coverage:10.3f}")


def _figure(value: float | None) -> str:
    return "     -" if value is None else f"{value:6.3f}"


def targets(told: Scores, together: dict[int, Covered], bare: Scores) -> Iterator[Target]:
    if told.error is not None:
        yield at_most("macro error", told.error, 0.57)
    yield at_least("share that the 80 % interval covers", told.coverage, 0.77)
    yield at_most("share that the 80 % interval covers", told.coverage, 0.83)
    yield at_most("interval score", told.interval_score, 48)
    if told.brier is not None:
        yield at_most("Brier score", told.brier, 0.225)
    for count, one in together.items():
        yield at_least(f"share that the interval of {count} sprints covers", one.coverage, 0.75)
        yield at_most(f"share that the interval of {count} sprints covers", one.coverage, 0.85)
    smoothing = bare.errors["smoothing 0.3"]
    if bare.error is not None and smoothing is not None:
        yield at_most("macro error with points only, beside smoothing 0.3", bare.error, smoothing)


def fast(teams: Teams) -> Iterator[Target]:
    """Median seconds after 200 sprints, which the teams' own, one after the other, stand for."""
    every = [*chain.from_iterable(teams.values())]
    history = (every * (LONG // len(every) + 1))[:LONG]
    coming = Conditions.of(history[-1])
    yield at_most("seconds, after 200 sprints", timed(lambda: forecast(history, coming).interval(0.8)), MOST)
    yield at_most(
        "seconds for 8 sprints, after 200", timed(lambda: forecast_sum(history, [coming] * 8, 1)), MOST
    )


def timed(call: Callable[[], object], times: int = 21) -> float:
    def once() -> float:
        begin = time.process_time()
        call()
        return time.process_time() - begin

    return median(once() for _ in range(times))


def main(path: Path) -> None:
    teams = read(path)
    by = priors(teams)
    told, bare = scores(teams, by), scores(points_only(teams), by)
    if told is None or bare is None:
        raise Unfit(f"{path}: no team has more than {ENOUGH} sprints.")
    together = sums(teams, {name: ours(prior) for name, prior in by.items()})
    show(told, together, sums(teams, dict.fromkeys(by, resampling)))
    own = targets(told, together, bare) if is_real(path) else ()
    conclude([*own, *fast(teams)])


def is_real(path: Path) -> bool:
    return REAL.exists() and path.samefile(REAL)


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL
    if sys.argv[1:] == ["--simulated"]:
        show_simulated()
    elif not given.exists() and given == REAL:
        print(f"skipped: {REAL} is not at hand; name a file with past sprints of several teams")
    else:
        main(given)
