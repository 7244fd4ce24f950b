import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from scrum_server.demo import sample
from scrum_server.demo.clients import Configuration, configurations, installed
from scrum_server.simulate.game.client import CommandFailed, ToolFailed, run_command, serving
from scrum_server.simulate.home import temporary_home
from scrum_server.simulate.invented.days import at
from scrum_server.simulate.shown.burndown import plot
from scrum_tools.sprints.parts import DayView
from scrum_tools.sprints.sprint_view import SprintView
from tests.requirements import requirement

MONDAY = date(2026, 3, 2)
DAYS = [MONDAY + timedelta(n) for n in range(4)]
SLOWEST = 120  # seconds for the whole demo, on a busy machine


def test_the_sample_backlog_has_47_items_whose_dependencies_come_before_them() -> None:
    items = sample.backlog()

    assert len(items) == 47
    assert all(int(needed[1:]) < n for n, item in enumerate(items, start=1) for needed in item.depends_on)


def test_the_sample_team_has_every_skill_that_its_items_need() -> None:
    needed = {skill for item in sample.backlog() for skill in item.skills}

    assert needed == frozenset[str]().union(*(person.skills for person in sample.PEOPLE))


def test_the_burndown_shows_what_remains_and_the_scope() -> None:
    left, scope = (8, 9, 4), (8, 10, 10)
    days = [
        DayView(day=day, working=True, ideal=ideal, remaining=r, scope=s)
        for day, ideal, r, s in zip(DAYS, (6.4, 4.8, 3.2), left, scope, strict=False)
    ]

    drawn = plot([*days, DayView(day=DAYS[3], working=True, ideal=0, remaining=None, scope=None)]).plain

    figures = [line.split() for line in drawn.splitlines()]
    assert ["left", "8", "9", "4"] in figures
    assert ["scope", "8", "10", "10"] in figures


@pytest.mark.parametrize(
    "configuration", configurations(["uvx", "scrum-mcp"])[1:], ids=["most", "vscode", "zed"]
)
def test_each_configuration_starts_the_same_command(configuration: Configuration) -> None:
    (servers,) = json.loads(configuration.text).values()

    assert {"command": "uvx", "args": ["scrum-mcp"]}.items() <= servers["scrum"].items()


def test_a_path_with_a_blank_is_quoted_for_the_terminal() -> None:
    assert configurations(["/my tools/scrum-mcp"])[0].text.endswith(" -- '/my tools/scrum-mcp'")


@dataclass(frozen=True)
class Played:
    """`room` is where the demo made its folder."""

    status: int | None
    text: str
    errors: str
    room: Path


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    """The demo, once for all tests; what is set for another server does not disturb it."""
    with a_room() as room, a_demo(room, SCRUM_TOOLSETS="none", SCRUM_REDIS_URL="redis://nowhere") as process:
        text, errors = process.communicate(timeout=SLOWEST)
        yield Played(process.returncode, text, errors, room)


@contextmanager
def a_room() -> Generator[Path]:
    """Short, for the sockets in it."""
    with tempfile.TemporaryDirectory(prefix="d") as folder:
        yield Path(folder)


@contextmanager
def a_demo(room: Path, **settings: str) -> Generator[subprocess.Popen[str]]:
    program = [str(Path(sys.executable).with_name("scrum-mcp")), "demo"]
    environment = {**os.environ, **settings, "TMPDIR": str(room), "COLUMNS": "80"}
    with subprocess.Popen(  # noqa: S603 - our own program
        program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_demo_ends_well(played: Played) -> None:
    assert (played.status, played.errors) == (0, "")


def test_the_demo_says_that_team_and_past_are_not_real(played: Played) -> None:
    assert "the team is simulated" in played.text
    assert "sample data" in played.text


@requirement("demo")
def test_the_demo_plays_three_sprints_of_a_project_of_47_items(played: Played) -> None:
    assert "47 items" in played.text
    assert [f"Sprint {n} of 3" in played.text for n in (1, 2, 3)] == [True] * 3


def test_the_demo_shows_what_an_absence_costs(played: Played) -> None:
    assert "400 h, -80 h: 320 h, availability 0.80" in played.text


def test_the_demo_compares_each_outcome_with_its_forecast(played: Played) -> None:
    _, _, afterwards = played.text.partition("Forecast and outcome")

    assert [f"LEND-S{n}" in afterwards for n in (1, 2, 3)] == [True] * 3


def test_the_demo_hands_over_configurations_that_can_be_pasted(played: Played) -> None:
    lines = played.text.splitlines()

    assert [one.text for one in configurations(installed()) if one.text not in lines] == []


def test_the_demo_fits_into_80_columns(played: Played) -> None:
    pasted = {one.text for one in configurations(installed())}

    assert [line for line in played.text.splitlines() if len(line) > 80 and line not in pasted] == []


@requirement("demo")
def test_the_demo_leaves_nothing_behind(played: Played) -> None:
    assert left_in(played.room) == []


def test_a_demo_that_is_interrupted_leaves_nothing_behind() -> None:
    with a_room() as room, a_demo(room) as process:
        assert process.stdout
        next(line for line in process.stdout if line.startswith("Sprint 1"))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SLOWEST)

        assert process.returncode == 1
        assert left_in(room) == []


async def test_a_tool_that_fails_stops_the_demo_with_its_text() -> None:
    told = "get_sprint answered\nThere is no project"
    with temporary_home() as home, pytest.raises(ToolFailed, match=told):
        async with serving(home) as server:
            await server.call(SprintView, "get_sprint", at(MONDAY, 9), sprint="NONE-S1")

    assert not home.exists()


def test_a_command_that_fails_stops_the_demo_with_its_text(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="No such command 'nonsense'"):
        run_command(tmp_path, "nonsense")


def left_in(room: Path) -> list[str]:
    """Files, and processes that name the folder in their arguments or their environment."""
    listed = subprocess.run(["ps", "axeww"], capture_output=True, text=True, check=True).stdout  # noqa: S607 - wherever ps is
    return [*map(str, room.iterdir()), *(line for line in listed.splitlines() if str(room) in line)]
