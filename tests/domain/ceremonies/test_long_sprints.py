"""Sprints that stay open for years of their clock, and calendars that change on their way."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scrum.ceremonies.policy.recurrence import occurring
from scrum.ceremonies.triggers.grid import Grid
from scrum.ceremonies.triggers.standing import MOST_COVERED
from scrum.team.calendar import EVERY_WEEKDAY, WorkingCalendar
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import Diary, only
from tests.requirements import requirement

DAILY, WEEKLY = "daily_scrum", {"frequency": "weekly"}
BERLIN = WorkingCalendar(timezone="Europe/Berlin")
WITH_SATURDAYS = replace(EVERY_WEEKDAY, workdays=(0, 1, 2, 3, 4, 5))
FIRST = date(2026, 2, 2)
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=5",
    "FREQ=WEEKLY;INTERVAL=3",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU",
    "FREQ=MONTHLY;INTERVAL=2",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=7;BYMONTHDAY=31",
]


@requirement("ceremonies.long")
@pytest.mark.parametrize("frequency", ["daily", "FREQ=DAILY"])
def test_an_idle_sprint_has_its_dailies_after_years_of_its_clock(frequency: str) -> None:
    diary = Diary(only(DAILY, {"frequency": frequency}, {"time_scale": 1_000})).starts(items=9)
    diary.after(hours=30).evaluated()

    (firing,) = diary.after(seconds=5 * 86.4).evaluated().firings

    assert diary.facts.anchor + (firing.at - MONDAY) * 1_000 > MONDAY + timedelta(days=1_200)
    assert diary.next(DAILY).at


@given(
    some.sampled_from(RULES),
    some.dates(date(2024, 1, 1), date(2024, 12, 31)),
    some.integers(0, 20_000).map(timedelta),
)
def test_a_rule_has_the_same_days_wherever_one_begins_to_count(
    rule: str, first: date, passed: timedelta
) -> None:
    since = first + passed
    every = (day for day in occurring(rule, first) if day >= since)

    late = (day for day in occurring(rule, first, since) if day >= since)

    assert [*islice(late, 5)] == [*islice(every, 5)]


def test_a_rule_whose_day_never_comes_has_no_slot() -> None:
    grid = Grid("FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12", time(9), EVERY_WEEKDAY, FIRST)

    assert grid.after(MONDAY) is None


def test_a_rule_has_no_slot_on_a_day_off() -> None:
    away = replace(EVERY_WEEKDAY, days_off=tuple(FIRST + timedelta(n) for n in range(800)))

    assert Grid("FREQ=DAILY", time(9), away, FIRST).after(MONDAY) is None


@requirement("ceremonies.calendar", "ceremonies.moved")
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Pago_Pago", "Pacific/Kiritimati", "UTC"])
def test_a_team_that_changes_its_time_zone_has_one_daily_a_day(zone: str) -> None:
    diary = Diary(only(DAILY, {"frequency": "daily"}), calendar=BERLIN).starts(items=9)
    before = diary.until(datetime(2026, 3, 4, 8, 30, tzinfo=UTC), every=timedelta(hours=1))
    diary.facts = replace(diary.facts, calendar=replace(BERLIN, timezone=zone))

    after = diary.until(datetime(2026, 3, 7, 12, tzinfo=UTC), every=timedelta(hours=1))

    days = [one.removeprefix("daily_scrum slot:")[:10] for one in (*before, *after)]
    assert days == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"]


def test_a_sprint_keeps_its_first_day_where_its_team_goes() -> None:
    """It was Tuesday there already when it started."""
    diary = Diary(only(DAILY, WEEKLY), calendar=WorkingCalendar(timezone="Pacific/Kiritimati"))
    diary.after(hours=2).starts(items=9).evaluated()
    diary.facts = replace(diary.facts, calendar=EVERY_WEEKDAY)

    assert diary.standing.first == date(2026, 3, 3)
    assert diary.next(DAILY).occurrence == "slot:2026-03-09T09:00+00:00"


@requirement("ceremonies.moved")
@pytest.mark.parametrize("settings", [WEEKLY, {"frequency": "FREQ=WEEKLY;BYDAY=FR"}])
def test_a_week_that_had_its_slot_has_no_other_where_its_days_change(settings: dict[str, str]) -> None:
    diary = Diary(only(DAILY, settings)).starts(items=9).after(days=4, hours=1)
    assert diary.fired() == ["daily_scrum slot:2026-03-06T09:00+00:00"]
    friday = date(2026, 3, 6)

    for calendar in (WITH_SATURDAYS, replace(EVERY_WEEKDAY, days_off=(friday,))):
        diary.facts = replace(diary.facts, calendar=calendar)
        assert str(diary.next(DAILY).occurrence) > "slot:2026-03-13"


@requirement("ceremonies.storm", "ceremonies.long")
def test_of_very_much_that_waits_only_the_last_is_kept_by_name() -> None:
    policy = only(DAILY, {"every_n_completions": 1, "gap_seconds": 3_600})
    often, once = Diary(policy).starts(items=999), Diary(policy).starts(items=999)
    often.completes(1).evaluated()
    for _ in range(300):
        often.completes(1, every=1).evaluated()
    once.completes(1).evaluated()
    once.completes(300, every=1)

    assert len(often.standing.turn(often.policy.ceremonies[1]).waiting) == MOST_COVERED
    assert often.why(DAILY) == "300 occurrences wait until 3600 seconds after it was last due."
    (firing,) = often.after(hours=1).evaluated().firings
    assert (firing,) == once.after(hours=1).evaluated().firings
    assert firing.reason.endswith("It covers 300 occurrences, which came within 3600 seconds.")
    assert firing.covers == tuple(f"completions:{done}" for done in range(252, 302))
