"""The forecasts as a CSV file, for who wants to check the figures."""

import csv
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import TextIOBase
from pathlib import Path

from scrum.errors import Invalid
from scrum_server.backtest.histories import shown
from scrum_server.backtest.measured import Walked

HEADER = ("team", "seq", "point", "low80", "high80", "p_commitment")


class Unwritable(Invalid):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be written: {reason}. Give --out another file.")


def write_predictions(path: Path, walked: tuple[Walked, ...]) -> int:
    """The number of rows. The file is there in whole, or as it was before. Raises Unwritable."""
    rows = [row for one in walked for row in _rows(one)]
    try:
        with _instead_of(path) as file:
            csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
    except OSError as error:
        raise Unwritable(path, error.strerror or str(error)) from error
    return len(rows)


def _rows(walked: Walked) -> Iterator[tuple[str, ...]]:
    for one in walked.predicted:
        chance = "" if one.p_commitment is None else repr(one.p_commitment)
        figures = (repr(one.point), repr(one.low80), repr(one.high80), chance)
        yield (one.team, shown(walked.seq(one)), *figures)


@contextmanager
def _instead_of(path: Path) -> Generator[TextIOBase]:
    """A file that takes the place of another one when all of it is on the disk; of a link, what it leads to."""
    if path.exists() and not path.is_file():
        raise Unwritable(path, "it is no file")
    whole = path.resolve()
    draft = whole.with_name(f".{whole.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(whole)
    finally:
        draft.unlink(missing_ok=True)
