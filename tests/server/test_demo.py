import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrum_server.demo import sample
from scrum_server.demo.burndown import plot
from scrum_server.demo.client import CommandFailed, ToolFailed, run_command, serving
from scrum_server.demo.clients import Configuration, configurations, installed
from scrum_server.demo.happenings import (
    Blocked,
    Finished,
    Found,
    Happening,
    Reestimated,
    Started,
    Unblocked,
    WorkingDay,
)
from scrum_server.demo.house import temporary_home
from scrum_server.demo.report import merged
from scrum_server.demo.simulator import SCALE, Pace, Person, SimulatedTeam, Surprises, Task
from scrum_tools.sprint_view import DayView, SprintView
from tests.requirements import requirement

MONDAY = date(2026, 3, 2)
DAYS = [MONDAY + timedelta(n) for n in range(12) if n % 7 < 5]
CALM = Pace(noise=0, blocked_per_day=0, found_per_day=0)
SKILLS = ("backend", "frontend", "ops")
SLOWEST = 120  # seconds for the whole demo, on a busy machine

some_skills = st.frozensets(st.sampled_from(SKILLS))
people = st.lists(
    st.builds(
        Person,
        name=st.sampled_from("ABCDE"),
        skills=some_skills,
        hours_per_day=st.sampled_from((4.0, 6.5, 8.0)),
        away=st.frozensets(st.sampled_from(DAYS)),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda person: person.name,
)
tasks = st.lists(
    st.builds(Task, key=st.integers(1, 99).map(str), points=st.sampled_from(SCALE), skills=some_skills),
    max_size=12,
    unique_by=lambda task: task.key,
)
seeds = st.integers(0, 2**32)


def a_team(*members: Person, pace: Pace = CALM, seed: int = 7) -> SimulatedTeam:
    return SimulatedTeam(members, pace, Surprises(found=(Found("A surprise", 2, frozenset()),)), Random(seed))


def the_days(team: SimulatedTeam, work: list[Task]) -> list[WorkingDay]:
    team.plan(work)
    return [team.work(day) for day in DAYS]


def finished(days: list[WorkingDay]) -> list[str]:
    return [one.item for day in days for one in day.happenings if isinstance(one, Finished)]


@given(members=people, work=tasks, seed=seeds)
def test_the_same_seed_gives_the_same_sprint(members: list[Person], work: list[Task], seed: int) -> None:
    first, second = (the_days(a_team(*members, pace=Pace(), seed=seed), work) for _ in range(2))

    assert first == second


def test_another_seed_gives_another_sprint() -> None:
    work = [Task(str(n), 3) for n in range(9)]
    ana = Person("Ana")

    assert the_days(a_team(ana, pace=Pace(), seed=1), work) != the_days(
        a_team(ana, pace=Pace(), seed=2), work
    )


@given(members=people, work=tasks, seed=seeds)
def test_nobody_works_longer_than_their_day(members: list[Person], work: list[Task], seed: int) -> None:
    limits = {person.name: person.hours_per_day for person in members}

    for day in the_days(a_team(*members, pace=Pace(), seed=seed), work):
        assert all(0 < hours <= limits[name] for name, hours in day.hours.items())


@given(members=people, work=tasks, seed=seeds)
def test_who_is_away_does_nothing(members: list[Person], work: list[Task], seed: int) -> None:
    away = {person.name: person.away for person in members}

    for day in the_days(a_team(*members, pace=Pace(), seed=seed), work):
        who = {one.who for one in day.happenings if isinstance(one, Started | Finished)}
        assert not [name for name in who | day.hours.keys() if day.day in away[name]]


@given(members=people, work=tasks, seed=seeds)
def test_items_are_done_by_people_with_the_skills(members: list[Person], work: list[Task], seed: int) -> None:
    skills = {person.name: person.skills for person in members}
    needed = {task.key: task.skills for task in work}

    for day in the_days(a_team(*members, pace=Pace(found_per_day=0), seed=seed), work):
        for one in day.happenings:
            if isinstance(one, Started | Finished):
                assert needed[one.item] <= skills[one.who]


@given(members=people, work=tasks, seed=seeds)
def test_an_item_is_done_at_most_once_and_after_it_was_started(
    members: list[Person], work: list[Task], seed: int
) -> None:
    days = the_days(a_team(*members, pace=Pace(), seed=seed), work)
    started = [one.item for day in days for one in day.happenings if isinstance(one, Started)]

    assert len(started) == len(set(started))
    assert len(finished(days)) == len(set(finished(days)))
    assert set(finished(days)) <= set(started)


def test_an_item_waits_for_what_it_needs() -> None:
    days = the_days(a_team(Person("Ana"), Person("Bo")), [Task("2", 1, needs=frozenset({"1"})), Task("1", 3)])

    assert finished(days) == ["1", "2"]


def test_without_noise_an_item_takes_its_points_in_hours() -> None:
    days = the_days(a_team(Person("Ana")), [Task("1", 2)])

    assert sum(day.hours.get("Ana", 0) for day in days) == pytest.approx(2 * CALM.hours_per_point)


def test_people_begin_with_what_is_theirs() -> None:
    ana = a_team(Person("Ana"))
    ana.plan([Task("1", 1), Task("2", 1, assignee="Ana")])

    assert ana.work(MONDAY).happenings[0] == Started("2", "Ana")


def test_an_item_that_is_carried_over_is_not_begun_anew() -> None:
    ana = a_team(Person("Ana"))
    ana.plan([Task("1", 8)])
    spent = sum(ana.work(day).hours["Ana"] for day in DAYS[:4])
    ana.plan([Task("1", 8)])
    days = [ana.work(day) for day in DAYS]

    assert spent + sum(day.hours.get("Ana", 0) for day in days) == pytest.approx(8 * CALM.hours_per_point)


def test_a_blocked_item_rests_until_it_is_free_again() -> None:
    ana = a_team(Person("Ana"), pace=replace(CALM, blocked_per_day=1, longest_block=1))
    ana.plan([Task("1", 8)])
    first, second, third = (ana.work(day) for day in DAYS[:3])

    assert first.hours == {"Ana": 8}
    assert second.happenings == (Blocked("1", "waiting for an answer"),)
    assert second.hours == {}
    assert third.happenings[0] == Unblocked("1")


def test_what_turns_out_larger_is_estimated_anew_once() -> None:
    days = the_days(a_team(Person("Ana"), pace=replace(CALM, overrun=0.5)), [Task("1", 8)])

    assert [one for day in days for one in day.happenings if isinstance(one, Reestimated)] == [
        Reestimated("1", 8, 13)
    ]


def test_work_is_found_as_long_as_there_is_some_to_find() -> None:
    days = the_days(a_team(Person("Ana"), pace=replace(CALM, found_per_day=1)), [])

    assert [len(day.happenings) for day in days[:3]] == [1, 0, 0]


def test_a_day_has_one_change_per_item() -> None:
    day: list[Happening] = [
        Started("1", "Ana"),
        Reestimated("1", 2, 3),
        Found("A surprise", 1, frozenset()),
        Finished("1", "Bo"),
    ]

    assert merged(day) == [
        {"item": "1", "status": "done", "assignee": "Ana", "points": 3, "reason": "larger than it looked"}
    ]


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
            await server.call(SprintView, "get_sprint", sample.at(MONDAY, 9), sprint="NONE-S1")

    assert not home.exists()


def test_a_command_that_fails_stops_the_demo_with_its_text(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="No such command 'nonsense'"):
        run_command(tmp_path, "nonsense")


def left_in(room: Path) -> list[str]:
    """Files, and processes that name the folder in their arguments or their environment."""
    listed = subprocess.run(["ps", "axeww"], capture_output=True, text=True, check=True).stdout  # noqa: S607 - wherever ps is
    return [*map(str, room.iterdir()), *(line for line in listed.splitlines() if str(room) in line)]
