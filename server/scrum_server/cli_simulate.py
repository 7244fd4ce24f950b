"""`scrum-mcp simulate`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from scrum.team.project import Cadence
from scrum_server.explained import JSON, explained
from scrum_server.simulate.options import LIMITS, Options, Output

C = TypeVar("C", bound=Callable[..., None])
_USUAL = Options()


def _chosen(name: str, about: str) -> Callable[[C], C]:
    """An option of the simulation, with its default."""
    limits = LIMITS[name]
    usual: Any = getattr(_USUAL, name)
    told = f"{about}, {limits.least:g} to {limits.most:g}."
    return click.option(f"--{name}", default=usual, type=type(usual), show_default=True, help=told)


@click.command()
@click.option("--seed", default=_USUAL.seed, show_default=True, help="Chance: the same one, the same course.")
@_chosen("sprints", "How many sprints")
@_chosen("team", "People")
@_chosen("speed", "Points per person and day")
@_chosen("size", "How large items are: 1 for 1 to 8 points, else times that")
@_chosen("noise", "How far efforts stray from estimates: the standard deviation of their logarithm")
@_chosen("absences", "Share of days on which people are away")
@_chosen("growth", "Work found in a sprint, as a share of what the team can do")
@_chosen("blockers", "Chance of an item in progress to be blocked, per day")
@_chosen("days", "Calendar days of a sprint")
@click.option(
    "--template", default=_USUAL.template, show_default=True, help=f"Ceremonies: {', '.join(Cadence)}."
)
@click.option(
    "--keep", type=click.Path(path_type=Path), help="A new or empty folder for the data, which stays."
)
@click.option("--plot", type=click.Path(path_type=Path), help="Write the plots to this file, FILE.svg.")
@JSON
@explained
def simulate(as_json: bool, plot: Path | None, keep: Path | None, **chosen: Any) -> None:
    """Play sprints of a simulated team on virtual time, against the real tools, on a fresh data folder.

    docs/simulate.md says what each figure means.
    """
    from scrum_server.simulate.play import simulate as play

    play(Options(**chosen).checked(), Output(as_json, plot, keep).checked())
