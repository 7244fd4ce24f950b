"""`scrum-mcp simulate`: a made-up team on virtual time, played through a real MCP client against the real tools."""

import asyncio
import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from scrum_server.simulate.game.client import serving
from scrum_server.simulate.game.game import Game
from scrum_server.simulate.game.played import Played
from scrum_server.simulate.game.setting_up import set_up
from scrum_server.simulate.home import kept_home, temporary_home
from scrum_server.simulate.invented.course import Course
from scrum_server.simulate.invented.seeded import course
from scrum_server.simulate.options import Options, Output
from scrum_server.simulate.shown import told
from scrum_server.simulate.shown.document import document
from scrum_server.simulate.shown.drawing import write_plots
from scrum_server.simulate.shown.layout import a_console


def simulate(options: Options, output: Output) -> None:
    """Raises TooMany, NotEmpty, ToolFailed, ServerGone or NotDelivered."""
    played = course(options)
    console = a_console(quiet=output.as_json)
    stays = f"stays in {output.keep}" if output.keep else "is removed at the end"
    console.print(told.opening(options, stays))
    with _home(output) as home:
        rounds = asyncio.run(_play(console, home, played))
    closed = [one.closed for one in rounds]
    console.print(told.ending(closed))
    if output.plot:
        write_plots(output.plot, closed)
    if output.as_json:
        click.echo(json.dumps(document(options, rounds), ensure_ascii=False, indent=2))


@contextmanager
def _home(output: Output) -> Generator[Path]:
    with kept_home(output.keep) if output.keep else temporary_home() as home:
        yield home


async def _play(console: Console, home: Path, played: Course) -> list[Played]:
    rounds: list[Played] = []
    async with serving(home) as server:
        with console.status("A fresh PostgreSQL and Redis start"):
            await set_up(server, played, home)
        game = Game.of(server, played)
        for number in range(len(played.goals)):
            rounds.append(await game.sprint(number))
            console.print(told.sprint(rounds[-1]))
    return rounds
