"""Which column of a file is which of ours."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scrum.errors import Invalid, ScrumError
from scrum.text import choices, cleaned, nearest, quoted
from scrum_server.imports.csv_file import Record
from scrum_server.imports.problems import Problem

_MOST_NAMED = 30


@dataclass(frozen=True)
class Column:
    """`read` makes a value of a text, or raises a ScrumError that says why not.

    A column that is not `needed` may be missing or empty. Of one with `many` values, a file may have several.
    """

    name: str
    read: Callable[[str], Any]
    aliases: tuple[str, ...] = ()
    needed: bool = False
    many: bool = False


class BadMapping(Invalid):
    def __init__(self, given: str, reason: str) -> None:
        super().__init__(
            f"--map {quoted(given)}: {reason}. Write --map OURS=THEIRS, like --map title=Summary."
        )


class MissingColumns(Invalid):
    def __init__(self, missing: Sequence[str], header: Iterable[str]) -> None:
        super().__init__(
            f"The file has no column for {' and '.join(missing)}. Its columns: {_listed(header)}. "
            f"Say which one it is: --map {missing[0]}=THEIRS."
        )


class AmbiguousColumn(Invalid):
    def __init__(self, name: str, places: Sequence[int]) -> None:
        numbers = " and ".join(str(place + 1) for place in places)
        super().__init__(f"The columns {numbers} are both called {quoted(name)}. Rename or remove one.")


@dataclass(frozen=True)
class Layout:
    """`places` are the positions in a record of each of our columns that the file has."""

    header: tuple[str, ...]
    places: Mapping[Column, tuple[int, ...]]

    @property
    def used(self) -> list[str]:
        """Our names, with the file's where they differ."""
        named = {column.name: self.header[places[0]] for column, places in self.places.items()}
        return [
            ours if plain(theirs) == plain(ours) else f"{ours} ({theirs})" for ours, theirs in named.items()
        ]

    @property
    def ignored(self) -> list[str]:
        taken = {place for places in self.places.values() for place in places}
        rest = [name for place, name in enumerate(self.header) if place not in taken]
        return [name or "(no name)" for name in dict.fromkeys(rest)]

    def row(self, record: Record) -> "Row":
        if len(record.fields) != len(self.header):
            reason = f"it has {len(record.fields)} fields, and the header has {len(self.header)}"
            return Row(record.line, {}, (Problem(record.line, "row", record.fields[0], reason),))
        read = {
            column.name: _value(record, column, "\n".join(record.fields[p] for p in places))
            for column, places in self.places.items()
        }
        problems = tuple(value for value in read.values() if isinstance(value, Problem))
        good = {n: v for n, v in read.items() if v is not None and not isinstance(v, Problem)}
        return Row(record.line, good, problems)


@dataclass(frozen=True)
class Row:
    """`values` by our column; one that is empty or bad is not there."""

    line: int
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()


def plain(name: str) -> str:
    """Column names compare without case, spaces, hyphens and underscores."""
    return re.sub(r"[\s_-]+", "", cleaned(name).casefold())


def scored(columns: Iterable[Column], mapping: Mapping[str, str]) -> Callable[[list[str]], int]:
    """Counts the names in a header that we know."""
    known = {plain(name) for column in columns for name in (column.name, *column.aliases)}
    known |= {plain(theirs) for theirs in mapping.values()}

    def score(header: list[str]) -> int:
        return sum(plain(name) in known for name in header)

    return score


def mapped(given: Sequence[str], columns: Collection[Column]) -> dict[str, str]:
    """`OURS=THEIRS` as a mapping; an empty THEIRS leaves the column out.

    Raises:
        BadMapping.
    """
    ours = {plain(column.name): column.name for column in columns}
    result: dict[str, str] = {}
    for pair in given:
        name, equals, theirs = pair.partition("=")
        if not equals:
            raise BadMapping(pair, "there is no =")
        if plain(name) not in ours:
            raise BadMapping(pair, f"there is no column {quoted(name)}; ours are {', '.join(ours.values())}")
        if ours[plain(name)] in result:
            raise BadMapping(pair, f"{ours[plain(name)]} is mapped twice")
        result[ours[plain(name)]] = theirs
    return result


def arranged(header: Sequence[str], columns: Sequence[Column], mapping: Mapping[str, str]) -> Layout:
    """Ours by the mapping, else by our own name, else by the first alias that the file has.

    Raises:
        BadMapping, AmbiguousColumn, MissingColumns.
    """
    names = tuple(" ".join(cleaned(name).split()) for name in header)
    found = {column: _places(column, names, mapping) for column in columns}
    if missing := [column.name for column in columns if column.needed and not found[column]]:
        raise MissingColumns(missing, names)
    return Layout(names, {column: places for column, places in found.items() if places})


def repeated(rows: Iterable[Row], name: str, show: Callable[[Any], str]) -> Iterator[Problem]:
    """Rows that have the same value as an earlier one."""
    first: dict[Any, int] = {}
    for row in rows:
        value = row.values.get(name)
        if value in first:
            yield Problem(row.line, name, show(value), f"line {first[value]} has the same {name}")
        elif value is not None:
            first[value] = row.line


def _places(column: Column, header: Sequence[str], mapping: Mapping[str, str]) -> tuple[int, ...]:
    chosen = mapping.get(column.name)
    for name in (column.name, *column.aliases) if chosen is None else filter(None, (chosen,)):
        places = tuple(place for place, theirs in enumerate(header) if plain(theirs) == plain(name))
        if len(places) > 1 and not column.many:
            raise AmbiguousColumn(name, places)
        if places:
            return places
    if chosen:
        hint = nearest(chosen, header)
        reason = f"the file has no column {quoted(chosen)}.{hint} Its columns: {_listed(header)}"
        raise BadMapping(f"{column.name}={chosen}", reason)
    return ()


def _value(record: Record, column: Column, text: str) -> Any:
    """The value, None where there is none, or a Problem."""
    if not column.needed and not text.strip():
        return None
    try:
        return column.read(text)
    except ScrumError as error:
        return Problem(record.line, column.name, text, str(error))


def _listed(header: Iterable[str]) -> str:
    return choices((quoted(name, 40) for name in header), most=_MOST_NAMED)
