"""The coming sprints: their days, and what the team can give to each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrum.forecasting.coming import FARTHEST, HORIZON, Coming, TooFar, coming
from scrum.sprint.model import Sprint
from scrum.team.calendar import WorkingCalendar
from scrum.team.model import Absence, Team
from scrum.team.project import Project
from tests.builders import a_sprint
from tests.situations import team

MONDAY = date(2026, 3, 2)
SHOP = Project("SHOP", "The shop", next_sprint=2)
FIVE = team("Ana", "Bo", "Cy", "Di", "Ed")


def ahead(
    people: Team = FIVE, *, project: Project = SHOP, running: Sprint | None = None, until: date | None = None
) -> tuple[Coming, ...]:
    return coming(project, people, running, MONDAY, until=until)


def days(sprints: Sequence[Coming]) -> list[tuple[date, date]]:
    return [(one.capacity.start, one.capacity.end) for one in sprints]


def test_one_sprint_follows_the_other() -> None:
    found = ahead()

    assert len(found) == HORIZON
    assert [one.sprint for one in found[:2]] == ["SHOP-S2", "SHOP-S3"]
    assert days(found[:2]) == [
        (MONDAY, MONDAY + timedelta(13)),
        (MONDAY + timedelta(14), MONDAY + timedelta(27)),
    ]


def test_what_is_left_of_the_running_sprint_comes_first() -> None:
    running = replace(a_sprint(), start=MONDAY - timedelta(7), end=MONDAY + timedelta(6))

    first, second, *_ = ahead(running=running)

    assert (first.sprint, first.share, first.conditions.availability) == ("SHOP-S1", 0.5, 1.0)
    assert second.capacity.start == MONDAY + timedelta(7)


def test_of_a_running_sprint_only_the_absences_that_are_left_count() -> None:
    running = replace(a_sprint(), start=MONDAY - timedelta(7), end=MONDAY + timedelta(6))
    was_away = replace(FIVE, absences=(Absence("Ana", running.start, MONDAY - timedelta(1)),))
    will_be = replace(FIVE, absences=tuple(Absence(n, MONDAY, running.end) for n in FIVE.names[:4]))

    assert isclose(ahead(was_away, running=running)[0].part, 200 / 360)
    assert isclose(ahead(will_be, running=running)[0].part, 40 / 240)
    assert ahead(will_be, running=running)[0].capacity.hours == 40


def test_a_sprint_that_should_have_ended_gives_nothing_more() -> None:
    overdue = replace(a_sprint(), start=MONDAY - timedelta(20), end=MONDAY - timedelta(7))

    assert ahead(running=overdue)[0].sprint == "SHOP-S2"
    assert ahead(running=overdue)[0].capacity.start == MONDAY


def test_absences_and_holidays_shorten_their_sprint_alone() -> None:
    away = replace(FIVE, absences=(Absence("Ana", MONDAY + timedelta(14), MONDAY + timedelta(27)),))
    project = replace(SHOP, calendar=WorkingCalendar(days_off=(MONDAY, MONDAY + timedelta(1))))

    first, second, third, *_ = ahead(away, project=project)

    assert [one.capacity.working_days for one in (first, second, third)] == [10, 10, 10]
    assert first.capacity.start == MONDAY + timedelta(2)
    assert second.capacity.availability < 1.0
    assert third.capacity.availability == 1.0


def test_until_a_day_the_last_sprint_counts_in_part() -> None:
    first, last = ahead(until=MONDAY + timedelta(18))

    assert (first.share, last.share) == (1.0, 0.5)


def test_a_day_on_which_nobody_works_adds_nothing() -> None:
    away = replace(
        FIVE, absences=tuple(Absence(n, MONDAY + timedelta(7), MONDAY + timedelta(13)) for n in FIVE.names)
    )

    parts = [ahead(away, until=MONDAY + timedelta(day))[0].part for day in (4, 7, 9, 11)]

    assert parts == [1.0] * 4


def test_a_far_day_is_reached_or_refused() -> None:
    weekly = replace(SHOP, sprint_days=7)
    far = MONDAY + timedelta(7 * FARTHEST - 1)

    assert ahead(project=weekly, until=far)[-1].capacity.end == far
    with pytest.raises(TooFar, match=str(far)):
        ahead(project=weekly, until=far + timedelta(1))


def test_until_a_free_day_nothing_comes() -> None:
    saturday = MONDAY - timedelta(2)

    assert coming(SHOP, FIVE, None, saturday, until=saturday) == ()


@given(st.integers(0, 400))
def test_the_shares_until_a_day_are_its_working_days(count: int) -> None:
    until = MONDAY + timedelta(count)

    worked = sum(one.capacity.working_days for one in ahead(until=until))

    assert worked == len(SHOP.calendar.working_days(MONDAY, until))
