"""A clock that runs faster than the real one, and hours that count on working days alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scrum.ceremonies.triggers.evaluation import upcoming
from scrum.ceremonies.triggers.working_hours import hours_later, working_time
from scrum.clock import ProjectClock
from scrum.sprint.model import State
from scrum.team.calendar import WorkingCalendar
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import Diary, a_policy
from tests.requirements import requirement

MOMENTS = some.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
ZONES = some.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"])


def approximately(length: timedelta) -> object:
    """Real moments are whole microseconds."""
    return pytest.approx(length, abs=timedelta(seconds=0.1))


@requirement("ceremonies.virtual")
def test_a_sprint_of_14_days_runs_in_a_minute_with_every_ceremony_in_order() -> None:
    diary = Diary(a_policy(sprint={"strategy": "calendar", "time_scale": 20_160})).starts(items=9)

    found = diary.until(MONDAY + timedelta(seconds=60), every=timedelta(seconds=0.5))

    days = [f"2026-03-{day:02}" for day in (3, 4, 5, 6, 9, 10, 11, 12, 13)]
    dailies = [f"daily_scrum slot:{day}T09:00+00:00" for day in days]
    assert found == [
        "sprint_planning start",
        *dailies[:4],
        "backlog_refinement slot:2026-03-06T09:00+00:00",
        *dailies[4:],
        "backlog_refinement slot:2026-03-13T09:00+00:00",
        "sprint_review end",
        "retrospective end",
    ]
    assert diary.standing.state is State.COMPLETED


@pytest.mark.parametrize("scale", [1, 1_000, 20_160])
def test_all_that_waits_for_time_waits_for_the_projects_clock(scale: float) -> None:
    """A stall after a day, a slot the day after, the end after a week, and a gate of a day."""
    policy = a_policy(
        sprint={"strategy": "calendar", "duration_days": 7, "time_scale": scale},
        ceremonies={
            "daily_scrum": {"stall_after": 12},
            "backlog_refinement": {"frequency": "daily"},
            "sprint_review": {"gate": True, "timeout_hours": 24},
        },
    )
    diary = Diary(policy).starts(items=9)

    coming = {one.ceremony: one.at for one in upcoming(policy, diary.facts, diary.standing, diary.now)}

    assert {name: (at - MONDAY) * scale for name, at in coming.items() if at} == {
        "sprint_planning": timedelta(0),
        "daily_scrum": approximately(timedelta(hours=12)),
        "backlog_refinement": approximately(timedelta(days=1)),
        "sprint_review": approximately(timedelta(days=6, hours=15)),
        "retrospective": approximately(timedelta(days=7, hours=15)),
    }


@given(some.floats(1, 100_000), some.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_real_moment_is_never_before_the_clock_shows_it(scale: float, shown: timedelta) -> None:
    clock = ProjectClock(MONDAY, scale)

    real = clock.real(MONDAY + shown)

    assert clock.shows(real) >= MONDAY + shown
    assert real == MONDAY or clock.shows(real - timedelta.resolution) <= MONDAY + shown


def test_a_project_whose_clock_ran_for_years_still_has_a_time() -> None:
    assert ProjectClock(MONDAY, 100_000).shows(MONDAY + timedelta(days=3_650)).year == 9_000


@given(MOMENTS, some.floats(0.01, 200), ZONES)
def test_working_hours_are_what_is_between(moment: datetime, hours: float, zone: str) -> None:
    calendar = WorkingCalendar(timezone=zone)

    later = hours_later(calendar, moment, hours)

    assert working_time(calendar, moment, later) / timedelta(hours=1) == pytest.approx(hours, abs=1e-6)
