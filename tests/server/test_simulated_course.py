from dataclasses import replace
from random import Random

import pytest

from scrum_server.simulate.invented.days import working_days
from scrum_server.simulate.invented.happenings import Finished
from scrum_server.simulate.invented.seeded import FIRST_DAY, course
from scrum_server.simulate.invented.team import SimulatedTeam, Task
from scrum_server.simulate.options import Options


def test_another_seed_has_another_team_and_other_work() -> None:
    first, second = (course(Options(seed=seed)) for seed in (7, 8))

    assert first.people != second.people
    assert first.backlog != second.backlog


def test_nothing_gets_in_the_way_where_nothing_is_asked_for() -> None:
    calm = course(Options(absences=0, growth=0, blockers=0, noise=0))

    assert {person.away for person in calm.people} == {frozenset()}
    assert calm.surprises.found == []
    assert (calm.pace.found_per_day, calm.pace.blocked_per_day, calm.pace.noise) == (0, 0, 0)


@pytest.mark.parametrize(("share", "sprints"), [(0.05, 60), (0.2, 20), (0.5, 20)])
def test_people_are_away_for_about_their_share_of_days(share: float, sprints: int) -> None:
    made = course(Options(absences=share, sprints=sprints, team=30))
    days = len([*working_days(FIRST_DAY, sprints * (14 + 7))])

    assert sum(len(person.away) for person in made.people) / (30 * days) == pytest.approx(share, rel=0.1)


@pytest.mark.parametrize("team", range(1, 31))
def test_the_team_has_every_skill_that_its_items_need(team: int) -> None:
    made = course(Options(team=team, sprints=2))
    needed = {skill for items in made.backlog for item in items for skill in item.skills}

    if team > 1:
        made = replace(made, people=made.people[:2])
    assert needed <= frozenset[str]().union(*(person.skills for person in made.people))


def test_a_person_does_speed_points_a_day_when_nothing_gets_in_the_way() -> None:
    made = course(Options(team=1, speed=2, absences=0, growth=0, blockers=0, noise=0))
    alone = SimulatedTeam(made.people, made.pace, made.surprises, Random(7))
    alone.plan([Task(str(n), 1) for n in range(99)])
    days = [alone.work(FIRST_DAY) for _ in range(5)]

    assert sum(isinstance(one, Finished) for day in days for one in day.happenings) == 10


@pytest.mark.parametrize("size", [1, 10, 50])
def test_items_are_as_large_as_asked_for(size: int) -> None:
    made = course(Options(size=size, speed=20 * size, growth=0.5))
    items = [item for some in made.backlog for item in some]
    points = {item.points for item in items} - {None}

    assert points == {size * one for one in (1, 2, 3, 5, 8)}
    assert {found.points for found in made.surprises.found} == {size * one for one in (1, 2, 3)}
    assert len(items) == len([item for some in course(Options(speed=20)).backlog for item in some])
    assert [made.pace.larger(size * one) for one in (1, 8, 13)] == [2 * size, 13 * size, None]


def test_everybody_in_a_large_team_has_a_name() -> None:
    made = course(Options(team=200, sprints=1, absences=0, speed=10, size=10))

    assert len({person.name for person in made.people}) == 200
