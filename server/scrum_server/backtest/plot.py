"""Forecasts beside what came, drawn with characters: one line per sprint, and one scale per team."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from statistics import median

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from scrum.forecasting.backtest import Predicted
from scrum_server.backtest.measured import Walked

_WIDEST = 110
_LONGEST_NAME = 12
_STEPS = (1, 2, 5)
_NARROWEST = 20


@dataclass(frozen=True)
class Marks:
    interval: str = "━"
    point: str = "┃"
    inside: str = "●"
    outside: str = "✗"
    beyond: str = "▶"
    cut: str = "…"


PLAIN = Marks("-", "|", "o", "x", ">", "~")
"""For terminals and files that take nothing but ASCII."""

_STYLES = {"interval": "cyan", "point": "bold", "inside": "green", "outside": "bold red", "beyond": "cyan"}


@dataclass(frozen=True)
class Scale:
    """From zero to `top` points over `width` cells, with a tick each `step`."""

    step: float
    ticks: int
    width: int

    @property
    def top(self) -> float:
        return self.step * self.ticks

    def cell(self, points: float) -> int:
        return min(self.width - 1, round(points / self.top * (self.width - 1)))

    @staticmethod
    def of(most: float, width: int) -> "Scale":
        """The finest round step with at most five ticks."""
        magnitude = 10.0 ** floor(log10(most / 5)) if most > 0 else 1.0
        step = next((magnitude * one for one in _STEPS if magnitude * one * 5 >= most), magnitude * 10)
        return Scale(step, max(1, -int(-most // step)), width)


@dataclass(frozen=True)
class Plot:
    """`name`, `point` and `came` are the widths of the first columns."""

    scale: Scale
    marks: Marks
    name: int
    point: int
    came: int

    def axis(self) -> Text:
        labels = [" "] * (self.scale.width + 8)
        for tick in range(self.scale.ticks + 1):
            value = figure(tick * self.scale.step)
            at = max(0, self.scale.cell(tick * self.scale.step) - (len(value) if tick else 1) + 1)
            labels[at : at + len(value)] = value
        heads = f"{'':{self.name}} {'told':>{self.point}} {'came':>{self.came}}  "
        return Text(f"{heads}{''.join(labels)}".rstrip(), "dim")

    def line(self, one: Predicted) -> Text:
        numbers = f"{figure(one.point):>{self.point}} {figure(one.outcome.completed_points):>{self.came}}"
        text = Text(f"{_short(one.outcome.name, self.name, self.marks.cut)} {numbers}  ")
        for kind in self._cells(one):
            text.append(getattr(self.marks, kind) if kind else " ", _STYLES.get(kind))
        text.append(f"  {_side(one)}", _STYLES["outside"])
        text.rstrip()
        return text

    def _cells(self, one: Predicted) -> list[str]:
        """What stands in each cell."""
        scale = self.scale
        low, high = scale.cell(one.low80), scale.cell(one.high80)
        cells = ["interval" if low <= at <= high else "" for at in range(scale.width)]
        if one.high80 > scale.top:
            cells[-1] = "beyond"
        cells[scale.cell(one.point)] = "point"
        cells[scale.cell(one.outcome.completed_points)] = "outside" if _side(one) else "inside"
        return cells


def draw(walked: Sequence[Walked], console: Console) -> None:
    marks = PLAIN if console.options.ascii_only else Marks()
    for one in walked:
        for text in _plot(one, marks, min(console.width, _WIDEST)):
            console.print(text, no_wrap=True, overflow="crop", crop=True)
    console.print(_legend(marks))


def figure(points: float) -> str:
    """With as many digits as matter."""
    if points >= 20:  # noqa: PLR2004 - tenths are noise from here on
        return f"{points:.0f}"
    return f"{points:.1f}".removesuffix(".0") if points >= 1 or not points else f"{points:.2g}"


def _plot(walked: Walked, marks: Marks, width: int) -> Iterator[Text]:
    told = walked.predicted
    name = min(_LONGEST_NAME, max(cell_len(one.outcome.name) for one in told))
    point = max(4, *(len(figure(one.point)) for one in told))
    came = max(4, *(len(figure(one.outcome.completed_points)) for one in told))
    room = width - name - point - came - len("    ") - len("  below")
    scale = Scale.of(_most(told), max(_NARROWEST, room))
    plot = Plot(scale, marks, name, point, came)
    held = sum(not _side(one) for one in told)
    yield Text(f"\n{walked.history.team}: the 80 % interval held {held} of {len(told)}", style="bold")
    yield plot.axis()
    yield from map(plot.line, told)


def _most(told: Sequence[Predicted]) -> float:
    """All that came and all points have a place; of the intervals, those that are not unusually wide."""
    usual = 1.5 * median(one.high80 for one in told)
    highs = [min(one.high80, usual) for one in told]
    return max(*highs, *(one.point for one in told), *(one.outcome.completed_points for one in told))


def _side(one: Predicted) -> str:
    came = one.outcome.completed_points
    return "below" if came < one.low80 else "above" if came > one.high80 else ""


def _short(name: str, width: int, cut: str) -> str:
    """The end of a long name: sprints of a team mostly begin alike."""
    if cell_len(name) <= width:
        return " " * (width - cell_len(name)) + name
    kept = name
    while cell_len(kept) > width - 1:
        kept = kept[1:]
    return set_cell_size(f"{cut}{kept}", width)


def _legend(marks: Marks) -> Text:
    held = f"{marks.inside} came, inside   {marks.outside} came, outside"
    return Text(
        f"\n{marks.interval} 80 % interval ({marks.beyond} goes on)   {marks.point} forecast   {held}",
        style="dim",
    )
