"""Whether learning pays, with forecasts that know nothing of the organisation of a team.

    python bench/learning.py [HISTORY.csv]

As `scrum-mcp backtest --learning`, whose prior is fitted on many teams: here it is fitted for each organisation (what is
before the colon in a team's name) without it. The targets are those of the file that is there without an argument.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent)  # beside this file, http hides the one that others import

from collections.abc import Iterator
from itertools import chain

from rich.console import Console

from bench.forecast import is_real, priors
from bench.histories import REAL, Teams, Unfit, organisation, read
from bench.targets import Target, at_least, at_most, conclude
from scrum.errors import Invalid
from scrum.forecasting.model import ENOUGH
from scrum.strategies.replay import replay
from scrum.strategies.worth import OWN, RECENT, Worth
from scrum_server.backtest.learning import judged, show_learning


def measured(teams: Teams) -> Worth:
    by = priors(teams)
    played = (replay(team, sprints, prior=by[organisation(team)]) for team, sprints in teams.items())
    try:
        return judged(list(chain.from_iterable(played)), ENOUGH)
    except Invalid as error:
        raise Unfit(str(error)) from error


def targets(told: Worth) -> Iterator[Target]:
    for name in (OWN, RECENT):
        if difference := told.against(name):
            yield at_most(f"points of error beside {name}", difference.error.value, 0)
            yield at_least(f"share within 90-110 % beside {name}", difference.close.value, 0)
    yield at_most("Brier score beside the base rate", told.brier, told.base_rate)


def main(path: Path) -> None:
    told = measured(read(path))
    show_learning(told, path.name, Console(highlight=False, markup=False))
    conclude([*(targets(told) if is_real(path) else ())])


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL
    if not given.exists() and given == REAL:
        print(f"skipped: {REAL} is not at hand; name a file with past sprints of several teams")
    else:
        main(given)
