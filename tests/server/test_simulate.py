import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scrum.sprint.model import State
from scrum.team.project import Cadence
from scrum_server.simulate.game.client import serving
from scrum_server.simulate.game.game import Game
from scrum_server.simulate.game.occasions import wrong
from scrum_server.simulate.game.setting_up import set_up
from scrum_server.simulate.home import temporary_home
from scrum_server.simulate.invented.days import EVENING, at
from scrum_server.simulate.invented.seeded import FIRST_DAY, PROJECT, course
from scrum_server.simulate.options import Options
from scrum_tools.backlog import ItemsView
from scrum_tools.project import TeamView
from scrum_tools.reports.report_view import ReportView
from tests.requirements import requirement

SLOWEST = 240  # seconds for one simulation, on a busy machine
ALL = {"status": ["todo", "in_progress", "in_review", "done", "cancelled"]}
GATES = ["sprint_review", "retrospective"]


@dataclass(frozen=True)
class Ran:
    status: int
    text: str
    errors: str

    @property
    def document(self) -> Any:
        return json.loads(self.text)


def simulate(*options: str, room: Path) -> Ran:
    """What is set for another server does not disturb it."""
    program = [str(Path(sys.executable).with_name("scrum-mcp")), "simulate", *options]
    settings = {"SCRUM_TOOLSETS": "none", "TMPDIR": str(room), "COLUMNS": "100"}
    done = subprocess.run(  # noqa: S603 - our own program
        program, env={**os.environ, **settings}, capture_output=True, text=True, timeout=SLOWEST, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@contextmanager
def a_room() -> Generator[Path]:
    """Short, for the sockets in it."""
    with tempfile.TemporaryDirectory(prefix="s") as folder:
        yield Path(folder)


@cache
def played(*options: str) -> Any:
    """The document of a simulation, once for all tests."""
    with a_room() as room:
        ran = simulate("--json", *options, room=room)
        assert (ran.status, ran.errors) == (0, "")
        assert list(room.iterdir()) == []
    return ran.document


SMALL = ("--sprints", "2", "--team", "3", "--days", "7")
EASY = ("--sprints", "1", "--blockers", "0", "--growth", "0", "--absences", "0", "--noise", "0")
BUSY = ("--sprints", "1", "--blockers", "0.3", "--growth", "0.4", "--absences", "0.2", "--noise", "0.8")
SWARM = ("--sprints", "2", "--team", "4", "--days", "7", "--speed", "20", "--template", "agent_swarm")
CALENDAR = ("--sprints", "2", "--team", "3", "--days", "14", "--template", "consultancy")


def of_kind(sprint: Mapping[str, Any], ceremony: str) -> list[Any]:
    return [one for one in sprint["ceremonies"] if one["ceremony"] == ceremony]


@requirement("simulate.same")
def test_the_same_seed_has_the_same_course() -> None:
    again = ("--seed", "7", *BUSY)

    assert played(*BUSY) == played(*again)


@requirement("simulate.ceremonies")
@pytest.mark.parametrize("options", [BUSY, SWARM, CALENDAR], ids=["hybrid", "swarm", "calendar"])
def test_every_ceremony_that_became_due_was_delivered_once_and_held(options: tuple[str, ...]) -> None:
    for sprint in played(*options)["sprints"]:
        assert [one["id"] for one in sprint["ceremonies"]] == [
            f"{sprint['sprint']}-C{n}" for n in range(1, len(sprint["ceremonies"]) + 1)
        ]
        assert {(one["deliveries"], one["status"]) for one in sprint["ceremonies"]} == {(1, "held")}


@requirement("simulate.ceremonies")
@pytest.mark.parametrize("options", [BUSY, SWARM, CALENDAR], ids=["hybrid", "swarm", "calendar"])
def test_ceremonies_come_in_their_order(options: tuple[str, ...]) -> None:
    for sprint in played(*options)["sprints"]:
        names = [one["ceremony"] for one in sprint["ceremonies"]]
        times = [one["at"] for one in sprint["ceremonies"]]

        assert names[0] == "sprint_planning"
        assert names[-2:] == GATES
        assert {*names[1:-2]} <= {"daily_scrum", "backlog_refinement"}
        assert times == sorted(times)


def test_a_calendar_has_a_daily_scrum_on_each_working_day_after_the_first() -> None:
    for sprint in played(*CALENDAR)["sprints"]:
        days = [one["at"][:10] for one in of_kind(sprint, "daily_scrum")]

        assert days == list(sprint["remaining"])[1:]


@requirement("simulate.swarm")
def test_a_swarm_has_a_daily_scrum_for_every_25_completions_and_not_by_the_clock() -> None:
    for sprint in played(*SWARM)["sprints"]:
        reasons = [one["why"] for one in of_kind(sprint, "daily_scrum")]
        done = sprint["items"] + sprint["happened"]["found"] - len(sprint["unfinished"])

        assert done > 100
        assert reasons == [
            f"{number} items are done; it is due after every 25 completions."
            for number in range(25, done + 1, 25)
        ]


@requirement("simulate.swarm")
def test_a_swarm_has_all_its_ceremonies_in_each_sprint() -> None:
    for sprint in played(*SWARM)["sprints"]:
        assert len(of_kind(sprint, "daily_scrum")) >= 4
        once = ["sprint_planning", "backlog_refinement", *GATES]
        assert [len(of_kind(sprint, name)) for name in once] == [1, 1, 1, 1]


@requirement("simulate.swarm")
def test_a_swarm_plays_the_days_of_its_fast_clock() -> None:
    first, second = played(*SWARM)["sprints"]

    assert (first["time_scale"], first["start"], first["end"]) == (1_000, "2026-03-02", "2026-03-08")
    assert list(first["remaining"]) == [f"2026-03-0{day}" for day in range(2, 7)]
    assert {one["at"][:10] for one in first["ceremonies"]} <= {f"2026-03-0{day}" for day in range(2, 10)}
    assert second["start"] == "2026-03-09"


def test_the_policy_starts_and_ends_each_sprint_of_a_calendar() -> None:
    assert [one["ended"] for one in played(*CALENDAR)["sprints"]] == ["Its policy closed it."] * 2
    assert [one["state"] for one in played(*CALENDAR)["sprints"]] == ["completed"] * 2


def happened(document: Any, what: str) -> int:
    return sum(int(sprint["happened"][what]) for sprint in document["sprints"])


def total(document: Any, what: str) -> float:
    return sum(float(sprint[what]) for sprint in document["sprints"])


def test_blockers_raise_the_number_of_blocked_items() -> None:
    assert happened(played(*BUSY), "blocked") > happened(played(*EASY), "blocked") == 0


def test_growth_raises_the_points_that_are_added() -> None:
    assert total(played(*BUSY), "added") > total(played(*EASY), "added") == 0


def test_noise_raises_the_number_of_items_that_are_estimated_anew() -> None:
    assert happened(played(*BUSY), "reestimated") > happened(played(*EASY), "reestimated") == 0


def test_absences_lower_the_availability() -> None:
    assert total(played(*BUSY), "availability") < total(played(*EASY), "availability") == 1


@requirement("simulate.marked")
async def test_everything_is_marked_as_simulated_and_can_be_kept() -> None:
    with a_room() as room, temporary_home() as home:
        ran = simulate("--keep", str(home), *SMALL, "--plot", str(room / "plots.svg"), room=room)
        assert (ran.status, ran.errors) == (0, "")
        drawn = (room / "plots.svg").read_text(encoding="utf-8")
        async with serving(home) as server:
            now = at(FIRST_DAY, EVENING)
            marked, every = [
                await server.call(ItemsView, "list_items", now, project=PROJECT, where={**ALL, **label})
                for label in ({"label": "simulated"}, {})
            ]
            actions = await server.call(ReportView, "get_report", now, project=PROJECT, kind="actions")
            team = await server.call(TeamView, "set_team", now, project=PROJECT)

    assert "progress are simulated" in ran.text
    assert "outcomes inside their 80% interval" in " ".join(ran.text.split())
    assert "and each was delivered once" in " ".join(ran.text.split())
    assert [line for line in ran.text.splitlines() if len(line) > 100] == []
    assert [f"SIM-S{n} (simulated)" in ran.text for n in (1, 2)] == [True, True]
    assert marked.total == every.total > 0
    assert "Simulated" in actions.text()
    assert team.member_count == 3
    assert "simulated" in drawn
    assert "http://www.w3.org/2000/svg" in drawn
    assert "@font-face" not in drawn


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--team", "0"), "--team is 0; it must be from 1 to 200, people."),
        (("--speed", "1001"), "--speed is 1001; it must be from 0.1 to 1000, points per person and day."),
        (("--size", "0"), "--size is 0; it must be from 1 to 50, times the points of usual items."),
        (("--team", "9", "--speed", "900"), "the limit is 1000. Make --size larger, or --speed"),
        (("--team", "200", "--sprints", "60"), "absences are too many for a simulation; the limit is 2000."),
        (("--absences", "nan"), "--absences is nan; it must be from 0 to 0.5"),
        (("--days", "90"), "--days is 90; it must be from 5 to 28, calendar days."),
        (("--template", "scrumban"), "Choose one of solo, startup"),
        (("--plot", "plots.png"), "Choose a name that ends in .svg."),
        (("--plot", "/nowhere/plots.svg"), "there is no folder /nowhere"),
        (("--keep", __file__), "Choose a new folder, or an empty one."),
    ],
)
def test_a_bad_option_is_refused_with_what_to_do(options: tuple[str, ...], told: str, tmp_path: Path) -> None:
    ran = simulate(*options, room=tmp_path)

    assert ran.status == 1
    assert told in ran.errors
    assert list(tmp_path.iterdir()) == []


async def test_every_template_runs_through() -> None:
    options = Options(sprints=1, team=2, days=5)
    with temporary_home() as home:
        async with serving(home) as server:
            for template in Cadence:
                made = replace(course(options), project=template.upper(), cadence=template)
                await set_up(server, made, home)
                closed = (await Game.of(server, made).sprint(0)).closed

                assert closed.sprint.state is State.COMPLETED
                assert [one.ceremony for one in closed.occasions][-2:] == GATES
                assert wrong(closed.occasions) == []


async def test_a_sprint_that_no_policy_ends_by_time_is_closed_by_the_team() -> None:
    made = course(Options(sprints=1, team=2, days=7, template="startup"))
    endless = replace(made, pace=replace(made.pace, hours_per_point=1_000))
    with temporary_home() as home:
        async with serving(home) as server:
            await set_up(server, endless, home)
            closed = (await Game.of(server, endless).sprint(0)).closed

    assert "the team closed it" in closed.how
    assert [one.ceremony for one in closed.occasions][-2:] == GATES
    assert wrong(closed.occasions) == []
