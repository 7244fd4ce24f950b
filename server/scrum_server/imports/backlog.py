"""Items of a backlog from a CSV file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from scrum.backlog.dependencies import find_cycle
from scrum.backlog.model import DESCRIPTION, MOST_DEPENDENCIES, TITLE, Draft, checked
from scrum.backlog.usecases import Known, import_items
from scrum.errors import Invalid, ScrumError
from scrum.events import By
from scrum.team.model import Team, TooMany
from scrum.text import body, required
from scrum_server.imports.columns import Column, Layout, arranged, mapped, repeated, scored
from scrum_server.imports.csv_file import CsvFile, Sheet, Track, read_sheet
from scrum_server.imports.problems import Problem, refuse_bad
from scrum_server.imports.values import PRIORITIES, TYPES, day, names, one_of, whole_points
from scrum_tools.run import Core

MOST_KEYS = 30_000
"""Of rows and of what they depend on: one query asks for all of them."""


class TooManyKeys(Invalid):
    def __init__(self, count: int) -> None:
        super().__init__(
            f"The rows and what they depend on are {count} items; one import takes {MOST_KEYS}. Split the file, "
            "and import the part first that the others depend on."
        )


def _description(text: str) -> str:
    return body("description", text.replace("\r\n", "\n").replace("\r", "\n"), limit=DESCRIPTION)


def _several(field: str) -> Callable[[str], frozenset[str]]:
    def read(text: str) -> frozenset[str]:
        return frozenset(checked({field: frozenset(names(text))})[field])

    return read


def _dependencies(text: str) -> tuple[str, ...]:
    needed = names(text)
    if len(needed) > MOST_DEPENDENCIES:
        raise TooMany("dependencies", len(needed), MOST_DEPENDENCIES)
    return needed


COLUMNS = (
    Column(
        "external_key",
        partial(required, "external_key", limit=80),
        ("issuekey", "key", "id", "issue id"),
        needed=True,
    ),
    Column("title", partial(required, "title", limit=TITLE), ("summary", "name"), needed=True),
    Column("description", _description),
    Column("type", one_of(TYPES), ("issue type", "work item type")),
    Column(
        "points",
        whole_points,
        ("storypoint", "story points", "story point estimate", "custom field (story points)"),
    ),
    Column("priority", one_of(PRIORITIES)),
    Column("labels", _several("labels"), ("label", "tags"), many=True),
    Column("skills", _several("skills"), ("skill",), many=True),
    Column("assignee", partial(required, "assignee", limit=80)),
    Column("due", day, ("due date",)),
    Column("depends_on", _dependencies, ("dependencies", "blocked by"), many=True),
)


@dataclass(frozen=True)
class Entry:
    line: int
    draft: Draft


@dataclass(frozen=True)
class Backlog:
    """`depends_on` of a draft has external keys, of this file or of the project, or keys of items."""

    layout: Layout
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Imported:
    project: str
    created: bool
    new: int
    known: int


def read_backlog(source: CsvFile, track: Track) -> Backlog:
    """Raises Invalid: the file is not CSV, a column is missing, or rows are bad, each of which is named."""
    chosen = mapped(source.mapping, COLUMNS)
    return backlog_of(read_sheet(source, scored(COLUMNS, chosen)), chosen, track)


def backlog_of(sheet: Sheet, mapping: Mapping[str, str], track: Track) -> Backlog:
    """Raises Invalid, as `read_backlog`."""
    layout = arranged(sheet.header, COLUMNS, mapping)
    rows = [layout.row(record) for record in track(sheet.records)]
    twice = repeated(rows, "external_key", str)
    refuse_bad([*(problem for row in rows for problem in row.problems), *twice], len(rows))
    return Backlog(layout, tuple(Entry(row.line, Draft(**row.values)) for row in rows))


async def import_backlog(store: Core, project: str, backlog: Backlog, by: By) -> Imported:
    """Add what is not there yet, in the order of the file; a project that does not exist is made.

    Raises:
        BadKey, TooManyKeys.
        BadRows: somebody or something that a row names is not there, or rows wait for each other.
    """
    names = {
        name for entry in backlog.entries for name in (entry.draft.external_key, *entry.draft.depends_on)
    }
    if len(names) > MOST_KEYS:
        raise TooManyKeys(len(names))
    done = await import_items(store.start, project, names, partial(_new, backlog.entries), by=by)
    return Imported(done.project, done.created, done.new, len(backlog.entries) - done.new)


def _new(entries: Sequence[Entry], known: Known) -> list[Draft]:
    """Raises BadRows."""
    new = [entry for entry in entries if entry.draft.external_key not in known.external]
    targets = _targets(new, known)
    refuse_bad([*_strangers(new, known.team), *_unmet(new, targets), *_circular(new)], len(entries))
    return [_resolved(entry.draft, targets) for entry in new]


def _targets(new: Sequence[Entry], known: Known) -> dict[str, str]:
    """What a row may depend on, as `add_items` wants it: the key of an item, or `#2` for the second new one."""
    added = {entry.draft.external_key: f"#{n}" for n, entry in enumerate(new, start=1)}
    return {**{key: key for key in known.keys}, **known.external, **added}


def _strangers(entries: Iterable[Entry], team: Team) -> Iterator[Problem]:
    for entry in entries:
        name = entry.draft.assignee
        if name and (reason := _stranger(name, team)):
            yield Problem(entry.line, "assignee", name, f"{reason} Or leave the column out: --map assignee=")


def _stranger(name: str, team: Team) -> str | None:
    try:
        team.member(name)
    except ScrumError as error:
        return str(error)
    return None


def _unmet(new: Sequence[Entry], targets: Mapping[str, str]) -> Iterator[Problem]:
    for entry in new:
        for name in entry.draft.depends_on:
            if _target(name, targets) is None:
                yield Problem(
                    entry.line,
                    "depends_on",
                    name,
                    "neither the file nor the project has an item with this key",
                )


def _circular(new: Sequence[Entry]) -> Iterator[Problem]:
    lines = {entry.draft.external_key: entry.line for entry in new}
    if cycle := find_cycle({entry.draft.external_key: entry.draft.depends_on for entry in new}):
        reason = (
            f"no item of the cycle {' -> '.join(cycle)} could ever start; remove one of these dependencies"
        )
        yield Problem(lines[cycle[0]], "depends_on", cycle[1], reason)


def _resolved(draft: Draft, targets: Mapping[str, str]) -> Draft:
    return replace(draft, depends_on=tuple(filter(None, (_target(n, targets) for n in draft.depends_on))))


def _target(name: str, targets: Mapping[str, str]) -> str | None:
    return targets.get(name) or targets.get(name.upper())
