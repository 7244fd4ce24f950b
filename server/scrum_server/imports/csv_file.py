"""A CSV file as records that know where in the file they begin."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from scrum.errors import Invalid
from scrum.text import quoted

DELIMITERS = (",", ";", "\t")

_LONGEST = 2**31 - 1  # characters of a field: what the csv module takes on every platform


class Unreadable(Invalid):
    def __init__(self, reason: str) -> None:
        super().__init__(f"The file cannot be read: {reason}.")


class NotInEncoding(Invalid):
    def __init__(self, data: bytes, error: UnicodeDecodeError) -> None:
        line = data.count(b"\n", 0, error.start) + 1
        super().__init__(
            f"The file is not {error.encoding}: byte {error.start + 1} (0x{data[error.start]:02X}, in line {line}) "
            "cannot be decoded. Save it as UTF-8, or say what it is: --encoding cp1252 or --encoding utf-16."
        )


class UnknownEncoding(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(f"{quoted(name)} is no text encoding. Examples: utf-8, utf-16, cp1252, latin-1.")


class EmptyFile(Invalid):
    def __init__(self) -> None:
        super().__init__("The file is empty. Its first line has to name the columns.")


class BadQuotes(Invalid):
    def __init__(self, line: int, reason: object) -> None:
        super().__init__(
            f"The record that begins in line {line} is not CSV: {reason}. A field with quotes, line breaks or "
            'delimiters stands in double quotes, and each quote inside it is doubled: "5"" pipe".'
        )


@dataclass(frozen=True)
class Record:
    """`line` counts physical lines from 1: a field may have several."""

    line: int
    fields: list[str]


@dataclass(frozen=True)
class Sheet:
    header: list[str]
    records: list[Record]


Track = Callable[[Sequence[Record]], Iterable[Record]]
"""Passes records on, and shows how far it is."""


@dataclass(frozen=True)
class CsvFile:
    """A file, how its text is encoded, and `OURS=THEIRS` for each column whose name we do not know."""

    path: Path
    mapping: Sequence[str] = ()
    encoding: str = "utf-8"


def read_sheet(source: CsvFile, score: Callable[[list[str]], int]) -> Sheet:
    """The file, read with the delimiter that gives the header the highest score; blank lines are left out.

    Raises:
        Unreadable, NotInEncoding, UnknownEncoding, EmptyFile, BadQuotes.
    """
    try:
        data = source.path.read_bytes()
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    return sheet_of(_decoded(data, source.encoding), score)


def sheet_of(text: str, score: Callable[[list[str]], int]) -> Sheet:
    """Raises EmptyFile or BadQuotes."""

    def found(delimiter: str) -> tuple[int, int]:
        try:
            header = next(_records(text, delimiter)).fields
        except (StopIteration, BadQuotes):
            return 0, 0
        return score(header), len(header)

    records = list(_records(text, max(DELIMITERS, key=found)))
    if not records:
        raise EmptyFile
    return Sheet(records[0].fields, records[1:])


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise NotInEncoding(data, error) from error
    except (LookupError, UnicodeError) as error:
        raise UnknownEncoding(encoding) from error


def _records(text: str, delimiter: str) -> Iterator[Record]:
    csv.field_size_limit(_LONGEST)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for fields in rows:
            if any(map(str.strip, fields)):
                yield Record(line, fields)
            line = rows.line_num + 1
    except csv.Error as error:
        raise BadQuotes(line, error) from error
