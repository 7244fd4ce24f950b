"""What people and programs see of a backtest: tables, or one JSON document."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scrum.forecasting.backtest import LEVEL
from scrum.text import choices
from scrum_server.backtest.measured import FEW, Measured, Walked, counted, lines

_NONE = "-"


def show(told: Measured, name: str, console: Console) -> None:
    console.print(_scores(told, name))
    if told.several:
        console.print(_several(told))
    for note in notes(told):
        console.print(note)


def document(told: Measured, name: str) -> dict[str, Any]:
    """Every figure, with how many sprints it is of."""
    scores = told.scores
    n = {"macro_error": told.in_error, "coverage": scores.n, "interval_score": scores.n}
    return {
        "history": name,
        "sprints": scores.n,
        "teams": scores.teams,
        "least": told.least,
        "level": LEVEL,
        "sources": told.sources,
        "n": {**n, "brier": scores.commitments},
        "forecasts": {one.pop("forecast"): one for one in map(asdict, lines(told))},
        "several": [
            {
                "sprints": count,
                "n": one.n,
                "coverage": one.coverage,
                "resampled": told.resampled[count].coverage,
            }
            for count, one in told.several.items()
        ],
        "by_team": [_of_team(one) for one in told.walked],
        "too_short": told.short,
        "completed_nothing": told.idle,
        "notes": list(notes(told)),
    }


def notes(told: Measured) -> Iterator[str]:
    """What the figures do not say by themselves."""
    sources = ", ".join(f"{n} {source}" for source, n in told.sources.items())
    yield f"At least {told.least} sprints before each. Figures of the sprints: {sources}."
    if told.short:
        yield f"Left out, with fewer than the {told.least + 1} sprints that are needed: {counted(told.short)}."
    if told.idle:
        yield f"Left out of the error, because they completed nothing: {choices(told.idle)}."
    if lacking := [name for name, error in told.scores.errors.items() if error is None and told.in_error]:
        yield f"Not every sprint has what it takes for: {', '.join(lacking)}."
    if not told.scores.commitments:
        yield "No sprint has committed points: there is no Brier score."
    elif told.scores.commitments < told.scores.n:
        yield f"The Brier score is of the {told.scores.commitments} sprints that have committed points."
    if told.empty_commitments:
        yield f"Left out of it, because 0 committed points are always met: {told.empty_commitments}."
    if told.scores.n < FEW:
        yield f"Only {told.scores.n} sprints were forecast: chance decides much of these figures."


def _scores(told: Measured, name: str) -> Table:
    scores = told.scores
    about = (
        f"{name}: {scores.n} {_plural(scores.n, 'sprint')} of {scores.teams} {_plural(scores.teams, 'team')}"
    )
    table = Table(title=Text(f"{about}, each forecast from those before it"), title_justify="left")
    table.add_column("forecast", no_wrap=True)
    for heading in ("error", "covers 80 %", "score", "Brier", "n"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in lines(told):
        figures = (_figure(one.macro_error), _figure(one.coverage), _score(one.interval_score))
        style = "bold" if one.forecast == "ours" else None
        table.add_row(one.forecast, *figures, _figure(one.brier), str(one.n), style=style)
    return table


def _several(told: Measured) -> Table:
    table = Table(title="80 % interval of several sprints together", title_justify="left")
    for heading in ("sprints", "ours covers", "resampling covers", "n"):
        table.add_column(heading, justify="right", no_wrap=True)
    for count, one in told.several.items():
        table.add_row(str(count), _figure(one.coverage), _figure(told.resampled[count].coverage), str(one.n))
    return table


def _of_team(walked: Walked) -> dict[str, Any]:
    scores = walked.scores
    return {
        "team": walked.history.team,
        "n": scores.n,
        "error": scores.error,
        "coverage": scores.coverage,
        "interval_score": scores.interval_score,
        "brier": scores.brier,
        "commitments": scores.commitments,
    }


def _plural(n: int, noun: str) -> str:
    return noun if n == 1 else f"{noun}s"


def _figure(value: float | None) -> str:
    return _NONE if value is None else f"{value:.3f}"


def _score(value: float | None) -> str:
    """In points, of which teams have tenths or thousands."""
    return _NONE if value is None else f"{value:.4g}" if value < 1000 else f"{value:.0f}"  # noqa: PLR2004
