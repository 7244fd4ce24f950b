"""What is wrong with a file, row by row: all of it is named at once, and then nothing is done with the file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scrum.errors import Invalid
from scrum.text import quoted

MOST_SHOWN = 20


@dataclass(frozen=True, order=True)
class Problem:
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column} {quoted(self.value, 40)}: {self.reason}"


class BadRows(Invalid):
    """`done` is what was to be done with the rows: imported, measured."""

    def __init__(self, problems: Iterable[Problem], rows: int, done: str = "imported") -> None:
        ordered = sorted(problems)
        bad = len({problem.line for problem in ordered})
        rest = len(ordered) - MOST_SHOWN
        super().__init__(
            "\n".join(
                [
                    f"{bad} of {rows} rows cannot be {done}, so nothing was:",
                    *(f"  {problem}" for problem in ordered[:MOST_SHOWN]),
                    *([f"  ... and {rest} more."] if rest > 0 else []),
                ]
            )
        )
        self.problems = ordered


def refuse_bad(problems: Sequence[Problem], rows: int, done: str = "imported") -> None:
    """Raises BadRows when there are any problems."""
    if problems:
        raise BadRows(problems, rows, done)
