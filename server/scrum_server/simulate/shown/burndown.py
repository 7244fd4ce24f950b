"""A burndown for the terminal: bars of what remains, the ideal line beside them, the scope above."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Self

from rich.text import Text

from scrum_tools.sprints.parts import DayView

_ROWS = 10
_STEPS = tuple(digit * 10**zeros for zeros in range(6) for digit in (1, 2, 5))
_FULL, _HALF = "█", "▄"
_IDEAL, _SCOPE = "●", "─"
_WIDE = 3
_THOUSANDS = 1_000


@dataclass(frozen=True)
class _Scale:
    """Rows count from 1 at the bottom, and each stands for `step` points."""

    step: int
    rows: int

    @classmethod
    def of(cls, most: float) -> Self:
        step = next((step for step in _STEPS if most <= step * _ROWS), _STEPS[-1])
        return cls(step, max(1, ceil(most / step)))

    def row(self, points: float) -> int:
        return round(points / self.step)

    def points(self, row: float) -> float:
        return row * self.step


def plot(days: Sequence[DayView]) -> Text:
    """Working days only; days to come have an ideal and nothing else."""
    working = [day for day in days if day.working]
    scale = _Scale.of(max([1, *(max(day.scope or 0, day.ideal) for day in working)]))
    lines = [_line(working, scale, row) for row in range(scale.rows, 0, -1)]
    return Text("\n").join([*lines, *_axis(working), _scope(working), _legend()])


def _line(days: Sequence[DayView], scale: _Scale, row: int) -> Text:
    label = " " * 6 if row % 2 else f"{scale.points(row):5.0f} "
    return Text.assemble((f"{label}│", "dim"), *(part for day in days for part in _cell(day, scale, row)))


def _cell(day: DayView, scale: _Scale, row: int) -> list[tuple[str, str]]:
    ideal = (_IDEAL, "magenta") if scale.row(day.ideal) == row else (" ", "")
    return [(" ", ""), _bar(day, scale, row), ideal]


def _bar(day: DayView, scale: _Scale, row: int) -> tuple[str, str]:
    remaining = day.remaining or 0
    style = "green" if remaining <= day.ideal else "yellow"
    if remaining >= scale.points(row):
        return _FULL * _WIDE, style
    if remaining > scale.points(row - 0.5):
        return _HALF * _WIDE, style
    if day.scope and scale.row(day.scope) == row:
        return _SCOPE * _WIDE, "cyan"
    return " " * _WIDE, ""


def _axis(days: Sequence[DayView]) -> list[Text]:
    return [
        Text(f"    0 └{'─' * (len(days) * (_WIDE + 2))}", "dim"),
        Text(" " * 7 + "".join(f" {day.day:%a} " for day in days), "dim"),
        Text("left   " + "".join(f" {_number(day.remaining)} " for day in days)),
    ]


def _scope(days: Sequence[DayView]) -> Text:
    return Text("scope  " + "".join(f" {_number(day.scope)} " for day in days), "cyan")


def _number(points: int | None) -> str:
    """In thousands where it has more digits than there is room."""
    if points is None:
        return " " * _WIDE
    told = f"{points}" if points < _THOUSANDS else f"{points / _THOUSANDS:.0f}k"
    return f"{told:>{_WIDE}}"


def _legend() -> Text:
    return Text.assemble(
        (f"       {_FULL} remaining   ", ""),
        (f"{_IDEAL} ideal   ", "magenta"),
        (f"{_SCOPE} scope, where it is above what remains", "cyan"),
    )
