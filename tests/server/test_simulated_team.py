from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrum_server.simulate.game.reporting import merged
from scrum_server.simulate.invented.happenings import (
    Blocked,
    Finished,
    Found,
    Happening,
    Reestimated,
    Started,
    Unblocked,
    WorkingDay,
)
from scrum_server.simulate.invented.team import SCALE, Pace, Person, SimulatedTeam, Surprises, Task

MONDAY = date(2026, 3, 2)
DAYS = [MONDAY + timedelta(n) for n in range(12) if n % 7 < 5]
CALM = Pace(noise=0, blocked_per_day=0, found_per_day=0)
SKILLS = ("backend", "frontend", "ops")

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


def test_more_may_be_found_in_one_day() -> None:
    team = SimulatedTeam(
        [Person("Ana")],
        replace(CALM, found_per_day=2),
        Surprises(found=[Found(str(n), 1, frozenset()) for n in range(5)]),
        Random(7),
    )
    team.plan([])

    assert [len(team.work(day).happenings) for day in DAYS[:4]] == [2, 2, 1, 0]


def test_nothing_stays_blocked_between_two_sprints() -> None:
    ana = a_team(Person("Ana"), pace=replace(CALM, blocked_per_day=1, longest_block=9))
    ana.plan([Task("1", 8)])
    ana.work(DAYS[0])
    ana.work(DAYS[1])

    assert ana.free() == [Unblocked("1")]
    assert ana.free() == []
