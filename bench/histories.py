"""Past sprints of many teams, from a file with the columns of `scrum-mcp import-history`."""

from pathlib import Path

from scrum.errors import Invalid
from scrum.sprint.velocity import PastSprint
from scrum_server.backtest.histories import read_histories
from scrum_server.imports.csv_file import CsvFile

REAL = Path(__file__).parent.parent.parent / "shared" / "data" / "velocity" / "history.csv"
"""498 sprints of 20 open-source teams (Choetkiertikul et al., IEEE TSE 2018), where they are at hand."""

Teams = dict[str, list[PastSprint]]


class Unfit(SystemExit):
    """Ends a benchmark with what is wrong with its file, and status 1."""


def read(path: Path) -> Teams:
    """By team, oldest first; a sprint is named by its `seq`. Only team, seq and completed_points have to be there.

    Raises:
        Unfit: the file cannot be read, or has bad rows.
    """
    try:
        return {one.team: list(one.sprints) for one in read_histories(CsvFile(path), (), list)}
    except Invalid as error:
        raise Unfit(f"{path}: {error}") from error


def organisation(team: str) -> str:
    return team.partition(":")[0]


def without(teams: Teams, left_out: str) -> Teams:
    return {team: sprints for team, sprints in teams.items() if organisation(team) != left_out}
