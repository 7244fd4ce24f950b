"""`scrum-mcp demo`: three sprints of a simulated team, played through a real MCP client on a virtual clock."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from scrum_server.demo import sample
from scrum_server.demo.clients import configurations, installed
from scrum_server.demo.sample import GOALS, PEOPLE
from scrum_server.simulate.game.client import serving
from scrum_server.simulate.game.game import Game
from scrum_server.simulate.game.played import Closed, DayReport, SetUp
from scrum_server.simulate.game.setting_up import set_up
from scrum_server.simulate.home import temporary_home
from scrum_server.simulate.shown import decision, outcome, told
from scrum_server.simulate.shown.layout import a_console, facts

_LAST_WORDS = """
With scrum-mcp on a package index: "command": "uvx", "args": ["scrum-mcp"].
Then ask your agent: set up a project and a team, and plan our next sprint."""


def play(seed: int) -> None:
    """Leaves neither a process nor a file behind. Raises ToolFailed, CommandFailed or ServerGone."""
    console = a_console()
    with temporary_home() as home:
        asyncio.run(_play(console, home, seed))


async def _play(console: Console, home: Path, seed: int) -> None:
    course = sample.course(seed)
    console.print(_opening(seed))
    async with serving(home) as server:
        with console.status("A fresh PostgreSQL and Redis start"):
            done = await set_up(server, course, home)
        console.print(_ready(done))
        game = Game.of(server, course)
        rounds = [await _sprint(console, game, number) for number in range(len(GOALS))]
    console.print(_ending(rounds))
    console.print(_configurations(), soft_wrap=True)
    console.print(Text(_LAST_WORDS, "dim"))


async def _sprint(console: Console, game: Game, number: int) -> Closed:
    plan = await game.plan(number)
    console.print(told.heading(f"Sprint {number + 1} of {len(GOALS)}, {plan.start} to {plan.end}"))
    console.print(decision.shown(plan))
    started = await game.start(plan)
    console.print(Text(f"\nCommitted and started as {started.sprint}; the demo approved it for the team.\n"))
    console.print(outcome.days_heading())
    days = [_shown(console, day) async for day in game.days(started)]
    closed = await game.close(days[-1])
    console.print(Text(), outcome.result(closed), Text(), told.ceremonies(closed), sep="\n")
    return closed


def _shown(console: Console, day: DayReport) -> DayReport:
    console.print(outcome.day(day))
    return day


def _opening(seed: int) -> RenderableType:
    return Group(
        Rule("scrum-mcp demo", align="left"),
        Text(
            "\nThe project, its people and its past are sample data, and the team is simulated "
            f"(seed {seed}). Decisions and figures are the server's own, through an MCP client over stdio, "
            "on a virtual clock and a data folder that is removed at the end.\n"
        ),
    )


def _ready(done: SetUp) -> RenderableType:
    people = [
        f"{p.name} ({', '.join(sorted(p.skills))}{'; away in sprint 1' if p.away else ''})" for p in PEOPLE
    ]
    items = sample.backlog()
    estimated = sum(item.points is not None for item in items)
    return facts(
        (
            "Project",
            f"{done.project.project} {done.project.name!r}, sprints of {done.project.sprint_days} days",
        ),
        ("Team", f"{len(PEOPLE)} people (simulated): {', '.join(people)}"),
        ("Backlog", f"{len(items)} items (sample), {len(items) - estimated} of them not estimated"),
        (
            "Past",
            f"{done.past.n} sprints (sample), imported from a file: {outcome.velocities(done.past)} points",
        ),
    )


def _ending(rounds: Sequence[Closed]) -> RenderableType:
    first = rounds[0]
    return Group(
        told.heading("Afterwards"),
        outcome.comparison(rounds),
        Text("Three sprints prove nothing: they show what is measured.", "dim"),
        Text(f"\nWhat explain_decision says of {first.sprint.sprint}", "bold"),
        outcome.explained(first.decision),
        told.heading("Use it from your own client"),
    )


def _configurations() -> Text:
    """To be printed without wrapping, so that it can be copied as it is."""
    each = configurations(installed())
    parts = [Text.assemble((f"{one.where}\n", "bold"), one.text) for one in each]
    return Text("\n\n").join(parts)
