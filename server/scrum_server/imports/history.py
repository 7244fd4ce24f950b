"""Completed sprints from a CSV file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from scrum.errors import Invalid
from scrum.events import By
from scrum.sprint.model import LEAST_SPENT, MOST_SPENT
from scrum.sprint.usecases import import_history as put_history
from scrum.sprint.velocity import PastSprint, Source
from scrum.text import choices, line, quoted
from scrum_server.imports.columns import Column, Layout, Row, arranged, mapped, repeated, scored
from scrum_server.imports.csv_file import CsvFile, Sheet, Track, read_sheet
from scrum_server.imports.problems import refuse_bad
from scrum_server.imports.values import number, whole
from scrum_tools.run import Core

MOST_POINTS = 1_000_000
MOST_DAYS = 366
MOST_PERSON_DAYS = 1_000_000

_points = number(0, MOST_POINTS)

COLUMNS = (
    Column("team", partial(line, "team", limit=200)),
    Column("seq", number(0, 999_999_999), ("sequence", "number"), needed=True),
    Column("sprint_name", partial(line, "sprint_name", limit=200), ("sprint", "name")),
    Column("completed_points", _points, ("completed", "velocity"), needed=True),
    Column("completed_items", whole(0, MOST_POINTS)),
    Column("committed_points", _points, ("committed", "commitment")),
    Column("days", number(0.01, MOST_DAYS), ("duration",)),
    Column("working_days", number(0.01, MOST_DAYS)),
    Column("members", whole(1, 10_000), ("team size",)),
    Column("availability", number(0, 1)),
    Column("person_days", number(0.01, MOST_PERSON_DAYS)),
    Column("spent", number(LEAST_SPENT, MOST_SPENT)),
)


class ChooseTeam(Invalid):
    def __init__(self, teams: Mapping[str, int]) -> None:
        listed = choices((f"{name} ({count} sprints)" for name, count in teams.items()), most=40)
        super().__init__(f"The file has {len(teams)} teams: {listed}. Choose one with --team.")


class UnknownTeam(Invalid):
    def __init__(self, given: str, teams: Sequence[str]) -> None:
        near = get_close_matches(given, teams, n=3, cutoff=0.4)
        hint = f" The nearest: {', '.join(near)}." if near else ""
        super().__init__(f"The file has no team {quoted(given)}.{hint} Teams: {choices(teams, most=40)}.")


class NoTeamColumn(Invalid):
    def __init__(self, header: Iterable[str]) -> None:
        super().__init__(
            f"The file has no column for team, so --team cannot choose. Its columns: {choices(header)}. "
            "Leave --team out, or say which column it is: --map team=THEIRS."
        )


@dataclass(frozen=True)
class History:
    """Oldest first; each name is there once. `places` are the `seq` of the sprints."""

    layout: Layout
    team: str
    sprints: tuple[PastSprint, ...]
    places: tuple[float, ...]


@dataclass(frozen=True)
class Imported:
    project: str
    created: bool
    new: int
    changed: int
    same: int


def read_history(source: CsvFile, team: str, track: Track) -> History:
    """Raises Invalid: the file is not CSV, a column or the team is missing, or rows are bad, each named."""
    chosen = mapped(source.mapping, COLUMNS)
    return history_of(read_sheet(source, scored(COLUMNS, chosen)), team, chosen, track)


def history_of(sheet: Sheet, team: str, mapping: Mapping[str, str], track: Track) -> History:
    """Raises Invalid, as `read_history`. Of the rows of other teams only the number of fields matters."""
    layout = arranged(sheet.header, COLUMNS, mapping)
    read = [layout.row(record) for record in track(sheet.records)]
    torn = [row for row in read if not row.values]
    whole_rows = [row for row in read if row.values]
    name, rows = _of_team(whole_rows, team, layout)
    twice = repeated(rows, "seq", _shown)
    problems = [problem for row in (*torn, *rows) for problem in row.problems]
    refuse_bad([*problems, *twice], len(torn) + len(rows))
    ordered = sorted(rows, key=_place)
    return History(layout, name, _sprints(ordered), tuple(map(_place, ordered)))


def _place(row: Row) -> float:
    return float(row.values["seq"])


def _of_team(rows: Sequence[Row], given: str, layout: Layout) -> tuple[str, list[Row]]:
    teams = Counter(_team(row) for row in rows)
    if not given:
        if len(teams) > 1:
            raise ChooseTeam(teams)
        return next(iter(teams), ""), list(rows)
    if not any(column.name == "team" for column in layout.places):
        raise NoTeamColumn(layout.header)
    wanted = [name for name in teams if name.casefold() == given.strip().casefold()]
    if not wanted:
        raise UnknownTeam(given, list(teams))
    return wanted[0], [row for row in rows if _team(row) in wanted]


def _team(row: Row) -> str:
    return str(row.values.get("team", "(no name)"))


def _shown(seq: float) -> str:
    return str(seq).removesuffix(".0")


def _sprints(rows: Iterable[Row]) -> tuple[PastSprint, ...]:
    taken: set[str] = set()
    return tuple(_sprint(row, taken) for row in rows)


def _sprint(row: Row, taken: set[str]) -> PastSprint:
    """Boards reuse names: the second one of a name gets its number behind it."""
    seq = _shown(row.values["seq"])
    name = str(row.values.get("sprint_name", f"Sprint {seq}"))
    while name in taken:
        name = f"{name} ({seq})"
    taken.add(name)
    known = {key: value for key, value in row.values.items() if key not in ("team", "seq", "sprint_name")}
    return PastSprint(name, Source.IMPORTED, **known)


async def import_history(store: Core, project: str, history: History, by: By) -> Imported:
    """Put the sprints into the project's history, which is made when it does not exist.

    Raises:
        BadKey.
    """
    placed = dict(zip(history.places, history.sprints, strict=True))
    done = await put_history(store.start, project, placed, by=by)
    same = len(history.sprints) - done.different
    return Imported(done.project, done.created, done.new, done.different - done.new, same)
