"""Whose sprints are forecast again: those of the teams of a file, or those of a project."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from scrum.sprint.usecases import past_sprints
from scrum.sprint.velocity import PastSprint, Source
from scrum.text import required
from scrum_server.imports import history
from scrum_server.imports.columns import Column, Row, arranged, mapped, repeated, scored
from scrum_server.imports.csv_file import CsvFile, Sheet, Track, read_sheet
from scrum_server.imports.history import UnknownTeam
from scrum_server.imports.problems import Problem, refuse_bad
from scrum_server.operate import opened
from scrum_server.settings import Settings

_KNOWN = ("completed_points", "committed_points", "days", "working_days", "members", "availability")
COLUMNS = (
    Column("team", partial(required, "team", limit=200), needed=True),
    *(column for column in history.COLUMNS if column.name in {"seq", *_KNOWN}),
)


@dataclass(frozen=True)
class TeamHistory:
    """Oldest first; `places` are the `seq` of the sprints."""

    team: str
    sprints: tuple[PastSprint, ...]
    places: tuple[float, ...]


def read_histories(source: CsvFile, teams: Collection[str], track: Track) -> list[TeamHistory]:
    """Of these teams, or of all; by name. With `team=` as mapping the file is one team, called like the file.

    Raises:
        Invalid: the file is not CSV, a column or a team is missing, or rows are bad, each of which is named.
    """
    chosen = mapped(source.mapping, COLUMNS)
    sheet = read_sheet(source, scored(COLUMNS, chosen))
    return histories_of(sheet, chosen, teams, track, alone=source.path.stem)


def histories_of(
    sheet: Sheet, mapping: Mapping[str, str], teams: Collection[str], track: Track, *, alone: str
) -> list[TeamHistory]:
    """Raises Invalid, as `read_histories`. Of the rows of other teams only the team matters."""
    columns = [column for column in COLUMNS if column.name != "team" or mapping.get("team") != ""]
    layout = arranged(sheet.header, columns, mapping)
    named = "" if any(column.name == "team" for column in layout.places) else alone
    nobodys, by_team = _by_team((layout.row(record) for record in track(sheet.records)), named)
    wanted = _wanted(by_team, teams)
    rows = [*nobodys, *chain.from_iterable(wanted.values())]
    problems = [*chain.from_iterable(row.problems for row in rows), *_twice(wanted.values())]
    refuse_bad(problems, len(rows), "measured")
    return [_history(team, wanted[team]) for team in sorted(wanted)]


async def read_project(settings: Settings, key: str) -> list[TeamHistory]:
    """Imported sprints and then our own. Raises UnknownProject or Unavailable."""
    async with opened(settings) as store, store.look() as work:
        project = await work.projects.get(key.strip().upper())
        sprints = tuple(await past_sprints(work, project))
    places = tuple(float(place) for place in range(1, len(sprints) + 1))
    return [TeamHistory(project.key, sprints, places)]


def shown(seq: float) -> str:
    return str(seq).removesuffix(".0")


def _by_team(rows: Iterable[Row], named: str) -> tuple[list[Row], dict[str, list[Row]]]:
    """Rows that have no team, and those of each; `named` is the team of a file without such a column."""
    nobodys: list[Row] = []
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        team = row.values.get("team", named if row.values else "")
        (found[team] if team else nobodys).append(row)
    return nobodys, found


def _wanted(by_team: Mapping[str, list[Row]], teams: Collection[str]) -> dict[str, list[Row]]:
    """Raises UnknownTeam."""
    known = {team.casefold() for team in by_team}
    if missing := [name for name in teams if name.strip().casefold() not in known]:
        raise UnknownTeam(missing[0], list(by_team))
    chosen = {name.strip().casefold() for name in teams} or known
    return {team: rows for team, rows in by_team.items() if team.casefold() in chosen}


def _twice(teams: Iterable[Sequence[Row]]) -> Iterator[Problem]:
    return chain.from_iterable(repeated(rows, "seq", shown) for rows in teams)


def _history(team: str, rows: Iterable[Row]) -> TeamHistory:
    ordered = sorted(rows, key=_seq)
    return TeamHistory(team, tuple(map(_sprint, ordered)), tuple(map(_seq, ordered)))


def _seq(row: Row) -> float:
    return float(row.values["seq"])


def _sprint(row: Row) -> PastSprint:
    known = {name: row.values[name] for name in _KNOWN if name in row.values}
    return PastSprint(shown(_seq(row)), Source.IMPORTED, **known)
