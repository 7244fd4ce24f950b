"""The pace of teams that rest on days off, of those that work on some of them, and of agents that work at any time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as some

from scrum.ceremonies.policy.settings import Settings
from scrum.ceremonies.triggers import throughput
from scrum.ceremonies.triggers.working_hours import hours_later
from scrum.team.calendar import EVERY_WEEKDAY, WorkingCalendar
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import Diary, only
from tests.requirements import requirement

DAILY = "daily_scrum"
MIDNIGHT = MONDAY.replace(hour=0)
SATURDAY = timedelta(days=5)
WITHIN = "The rate is within 30 % below and 50 % above the baseline."
NEVER = {"strategy": "throughput_adaptive", "stall_after": 2_160}
ALWAYS = WorkingCalendar(workdays=tuple(range(7)))


def a_diary(window: int = 3, **sprint: Any) -> Diary:
    return Diary(only(DAILY, {**NEVER, "window": window}, sprint))


def told(times: list[datetime], window: int, calendar: WorkingCalendar = EVERY_WEEKDAY) -> list[str]:
    """What the pace was after each completion; the first of the times is the start."""
    rates, found = throughput.begun(times[0]), list[str]()
    for one in times[1:]:
        rates = throughput.completed(rates, Settings(window=window), calendar, one)
        found.append(rates.outside)
    return found


def test_agents_that_begin_on_a_fast_saturday_have_a_pace_of_that_day() -> None:
    diary = a_diary(time_scale=20_160)
    clock = SATURDAY / 20_160
    diary.after(seconds=clock.total_seconds()).starts(items=99).completes(3, every=1)
    assert diary.why(DAILY) == WITHIN

    assert diary.completes(7, every=1).fired() == []
    assert diary.completes(3, every=0.5).fired() == ["daily_scrum spike:1"]


def test_agents_that_become_faster_on_a_real_saturday_are_told_of_it() -> None:
    diary = a_diary().after(days=5).starts(items=99).completes(3, every=0.5)
    assert diary.why(DAILY) == WITHIN

    (firing,) = diary.completes(4, every=0.05).evaluated().firings

    assert firing.reason == "The last 3 completions were at least 50 % faster than the baseline."


def test_agents_that_become_slower_on_a_real_saturday_are_told_of_it() -> None:
    """Not on that day: its hours count no longer than is usual."""
    diary = a_diary().after(days=5).starts(items=99).completes(3, every=60)

    assert diary.completes(4, every=600).fired() == []
    assert diary.after(days=2).completes(3, every=600).fired() == ["daily_scrum drop:1"]


@requirement("ceremonies.pace")
@given(
    some.integers(0, 14 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    some.integers(1, 48 * 60 * 60).map(lambda seconds: timedelta(seconds=seconds)),
    some.integers(2, 20),
)
def test_whoever_works_at_one_pace_at_any_time_is_neither_slower_nor_faster(
    start: datetime, pace: timedelta, window: int
) -> None:
    assert set(told([start + number * pace for number in range(60)], window)) == {""}


@requirement("ceremonies.pace")
@given(some.lists(some.integers(1, 60 * 60), min_size=4, max_size=40), some.integers(2, 6))
def test_days_off_change_nothing_for_a_team_that_rests_on_them(minutes: list[int], window: int) -> None:
    """Beside the same work in a team that has no days off."""
    worked = [MONDAY + timedelta(seconds=30)]
    rested = worked.copy()
    for one in minutes:
        worked.append(worked[-1] + timedelta(minutes=one))
        rested.append(hours_later(EVERY_WEEKDAY, rested[-1], one / 60))

    assert told(rested, window) == told(worked, window, ALWAYS)


def on_days(number: int, hours: Iterable[float], *, first: int = 0, weeks: int = 3) -> list[datetime]:
    """The same hours on so many days of each week, which begins on Monday; `first` is the day of the first one."""
    all_days = [MIDNIGHT + timedelta(days=day) for day in range(first, first + 7 * weeks)]
    return [
        day + timedelta(hours=hour) for day in all_days if day.weekday() < number for hour in sorted(hours)
    ]


@requirement("ceremonies.pace")
@pytest.mark.parametrize("number", [5, 6, 7])
@pytest.mark.parametrize("first", range(7))
def test_a_team_with_the_same_hours_on_each_of_its_days_is_neither_slower_nor_faster(
    number: int, first: int
) -> None:
    assert set(told(on_days(number, [10, 12, 14, 16], first=first), window=10)) == {""}


@requirement("ceremonies.pace")
@example(6, {0.75, 7.25, 10.75, 20.5, 22.25}, 5, 7)
@example(6, {0, 11.75, 23.5}, 5, 4)
@given(
    some.integers(5, 7),
    some.sets(some.integers(0, 95).map(lambda quarter: quarter / 4), min_size=1, max_size=6),
    some.integers(0, 6),
    some.integers(3, 20),
)
def test_who_is_steady_in_a_calendar_of_his_own_is_steady_in_one_with_fewer_working_days(
    number: int, hours: set[float], first: int, window: int
) -> None:
    times = on_days(number, hours, first=first)
    assume(set(told(times, window, WorkingCalendar(workdays=tuple(range(number))))) == {""})

    assert set(told(times, window)) == {""}


@pytest.mark.parametrize(("hours", "pace"), [([12], "drop"), (range(9, 17), "spike")])
def test_a_team_of_seven_days_that_changes_is_told_of_it(hours: Iterable[float], pace: str) -> None:
    steady = on_days(7, [10, 12, 14, 16])
    later = [one + timedelta(weeks=3) for one in on_days(7, hours)]

    found = told(steady + later, window=10)

    assert set(found[: len(steady) - 1]) == {""}
    assert found[-1] == pace


def test_who_becomes_slower_over_years_is_told_of_it() -> None:
    steady = [MONDAY + timedelta(days=40 * number) for number in range(21)]
    later = [steady[-1] + timedelta(days=80 * number) for number in range(1, 21)]

    found = told(steady + later, window=20)

    assert set(found[:20]) == {""}
    assert found[-1] == "drop"


def test_an_item_on_a_saturday_makes_nobody_slower() -> None:
    diary = a_diary(window=4).starts(items=99).completes(14, every=8 * 3600)
    assert diary.fired() == []

    diary.after(hours=8).completes(1)
    diary.after(days=2).completes(8, every=8 * 3600)

    assert diary.fired() == []


def test_what_is_told_at_once_is_no_baseline() -> None:
    diary = a_diary().starts(items=99)

    assert diary.completes(2, every=0).why(DAILY) == "There is no baseline yet: 2 of 3 completions."
    assert diary.completes(3, every=0).why(DAILY) == (
        "There is no baseline yet: of the last 3 completions, some were told at once."
    )
    assert diary.completes(6, every=3600).fired() == []
    assert diary.why(DAILY) == WITHIN


@pytest.mark.parametrize("window", [2, 200])
def test_a_storm_on_a_day_off_is_looked_at_quickly(window: int) -> None:
    diary = a_diary(window).after(days=5).starts(items=9_999).completes(2_000, every=0.1)

    assert diary.fired() == []
