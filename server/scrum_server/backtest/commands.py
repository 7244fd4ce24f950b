"""The command `backtest`."""

import asyncio
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import Progress

from scrum_server.backtest.histories import TeamHistory, read_histories, read_project
from scrum_server.backtest.learning import learning_document, measure_learning, show_learning
from scrum_server.backtest.measured import Tick, measure, steps
from scrum_server.backtest.plot import draw
from scrum_server.backtest.predictions import write_predictions
from scrum_server.backtest.summary import document, show
from scrum_server.imports.csv_file import CsvFile
from scrum_server.imports.summary import stage
from scrum_server.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What the options of the command say, by their names; either `history` or `project` is given."""

    history: Path | None
    project: str | None
    team: Sequence[str]
    mapping: Sequence[str]
    encoding: str
    least: int
    out: Path | None
    as_json: bool
    plot: bool
    learning: bool = False

    @property
    def about(self) -> str:
        return self.history.name if self.history else (self.project or "").strip().upper()

    def checked(self) -> "Asked":
        """Raises click.UsageError."""
        if self.history and self.project:
            raise click.UsageError(
                "--history and --project are two sources of past sprints. Give one of them."
            )
        if not self.history and not self.project:
            raise click.UsageError("Give the past sprints: --history FILE, or --project KEY.")
        if self.project and (self.team or self.mapping):
            raise click.UsageError("--team and --map are for --history: a project is one team.")
        if self.as_json and self.plot:
            raise click.UsageError("Give --json or --plot: with --json, stdout has JSON alone.")
        if self.learning and (self.out or self.plot):
            raise click.UsageError("--out and --plot are of forecasts: leave them out with --learning.")
        if self.history and self.out and _same(self.history, self.out):
            raise click.UsageError(f"--out {self.out} is the file of --history. Give --out another file.")
        return self


def backtest(settings: Settings, asked: Asked) -> None:
    """Raises Invalid, UnknownProject or Unavailable; then nothing was written."""
    histories = _histories(settings, asked)
    if asked.learning:
        _learning(histories, asked)
        return
    with _ticking(steps(histories, asked.least)) as tick:
        told = measure(histories, asked.least, tick)
    written = write_predictions(asked.out, told.walked) if asked.out else 0
    if asked.as_json:
        click.echo(json.dumps(document(told, asked.about), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, markup=False)
    show(told, asked.about, console)
    if asked.plot:
        draw(told.walked, console)
    if asked.out:
        click.echo(f"Forecasts of {written} sprints: {asked.out}")


def _learning(histories: Sequence[TeamHistory], asked: Asked) -> None:
    with _ticking(sum(max(0, len(one.sprints) - asked.least) for one in histories)) as tick:
        told = measure_learning(histories, asked.least, tick)
    if asked.as_json:
        click.echo(json.dumps(learning_document(told, asked.about), ensure_ascii=False, indent=2))
        return
    show_learning(told, asked.about, Console(highlight=False, markup=False))


def _same(history: Path, out: Path) -> bool:
    """By whatever name or link."""
    return history.exists() and out.exists() and out.samefile(history)


def _histories(settings: Settings, asked: Asked) -> list[TeamHistory]:
    if asked.history is None:
        return asyncio.run(read_project(settings, asked.project or ""))
    with stage("Reading") as track:
        return read_histories(CsvFile(asked.history, asked.mapping, asked.encoding), asked.team, track)


@contextmanager
def _ticking(total: int) -> Generator[Tick]:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Forecasting", total=total)

        def tick(each: Iterable[T]) -> Iterator[T]:
            for one in each:
                yield one
                progress.advance(task)

        yield tick
