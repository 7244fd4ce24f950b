"""Slots of the calendar: working days only, no drift, clocks that change, and clocks that run faster."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scrum.ceremonies.policy.recurrence import recurrence
from scrum.ceremonies.triggers.grid import Grid
from scrum.sprint.model import State
from scrum.team.calendar import EVERY_WEEKDAY, WorkingCalendar
from scrum.team.project import Cadence
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import Diary, a_policy, only

BERLIN = WorkingCalendar(timezone="Europe/Berlin", country="DE")
DAYS = some.dates(date(2024, 1, 1), date(2028, 12, 31))
MOMENTS = some.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
FREQUENCIES = some.sampled_from(
    [
        "daily",
        "weekly",
        "bi_weekly",
        "per_sprint_day",
        "monthly",
        "FREQ=WEEKLY;BYDAY=TU,SA",
        "FREQ=DAILY;INTERVAL=3",
    ]
)
ZONES = some.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"])


def slots(frequency: str, first: date, count: int, calendar: WorkingCalendar = EVERY_WEEKDAY) -> list[str]:
    grid = Grid(frequency, time(9), calendar, first)
    found: list[str] = []
    moment = calendar.midnight(first)
    while len(found) < count and (slot := grid.after(moment)):
        found.append(grid.label(slot))
        moment = slot
    return found


def days_of(found: list[str]) -> list[str]:
    return [one.partition("T")[0] for one in found]


MARCH = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("daily", ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09"]),
        ("per_sprint_day", ["2026-03-02", "2026-03-03", "2026-03-04"]),
        ("weekly", ["2026-03-06", "2026-03-13", "2026-03-20"]),
        ("bi_weekly", ["2026-03-13", "2026-03-27"]),
        ("monthly", ["2026-04-01", "2026-05-01", "2026-06-01"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH", ["2026-03-03", "2026-03-05", "2026-03-10"]),
        ("FREQ=MONTHLY;BYDAY=1SU", ["2026-04-06", "2026-05-04", "2026-06-08"]),
        ("FREQ=WEEKLY;BYDAY=SA,SU,MO", ["2026-03-02", "2026-03-09", "2026-03-16"]),
    ],
)
def test_a_frequency_has_its_slots_on_working_days(frequency: str, expected: list[str]) -> None:
    assert days_of(slots(frequency, MARCH, len(expected))) == expected


def test_a_holiday_has_no_daily_and_moves_a_weekly_to_the_day_before() -> None:
    """Good Friday is 2026-04-03, Easter Monday 2026-04-06."""
    first = date(2026, 3, 30)

    assert days_of(slots("daily", first, 5, BERLIN)) == [
        "2026-03-30",
        "2026-03-31",
        "2026-04-01",
        "2026-04-02",
        "2026-04-07",
    ]
    assert days_of(slots("weekly", first, 1, BERLIN)) == ["2026-04-02"]


def test_slots_stay_at_their_time_of_day_when_clocks_change() -> None:
    """In Berlin they do on Sunday, 2026-03-29 and 2026-10-25."""
    assert slots("daily", date(2026, 3, 27), 2, BERLIN) == [
        "2026-03-27T09:00+01:00",
        "2026-03-30T09:00+02:00",
    ]
    assert slots("daily", date(2026, 10, 23), 2, BERLIN) == [
        "2026-10-23T09:00+02:00",
        "2026-10-26T09:00+01:00",
    ]


def test_a_time_that_a_clock_change_skips_is_an_hour_later() -> None:
    always = replace(BERLIN, workdays=tuple(range(7)))
    grid = Grid("daily", time(2, 30), always, date(2026, 3, 28))

    slot = grid.after(datetime(2026, 3, 28, 12, tzinfo=UTC))

    assert slot
    assert grid.label(slot) == "2026-03-29T03:30+02:00"


@pytest.mark.parametrize("at", [time(23), time(23, 30), time(23, 59)])
def test_a_slot_belongs_to_its_day_where_a_clock_change_skips_the_last_hour_of_it(at: time) -> None:
    """In Nuuk it does on Saturday, 2026-03-28."""
    nuuk = WorkingCalendar("America/Nuuk", workdays=tuple(range(7)))
    grid = Grid("daily", at, nuuk, date(2026, 3, 27))
    found = [nuuk.midnight(grid.first)]

    for _ in range(4):
        found += [slot for slot in [grid.after(found[-1])] if slot]

    assert [nuuk.day_of(slot).day for slot in found[1:]] == [27, 28, 29, 30]
    assert grid.label(found[2]) == f"2026-03-28T22:{at.minute:02}-02:00"


@given(FREQUENCIES, DAYS, MOMENTS, ZONES, some.times())
def test_slots_come_later_on_working_days_and_do_not_depend_on_where_one_looks_from(
    frequency: str, first: date, moment: datetime, zone: str, at: time
) -> None:
    grid = Grid(frequency, at.replace(second=0, microsecond=0), WorkingCalendar(timezone=zone), first)
    slot = grid.after(moment)
    if slot is None:
        return

    assert slot > moment
    assert grid.calendar.day_of(slot) >= first
    assert grid.calendar.is_working(slot.astimezone(ZoneInfo(zone)).date())
    assert grid.after(moment + (slot - moment) / 2) == slot
    later = grid.after(slot)
    assert later is None or later > slot


def test_a_team_without_working_days_has_no_slots() -> None:
    away = WorkingCalendar(days_off=tuple(MARCH + timedelta(n) for n in range(400)))

    assert slots("daily", MARCH, 1, away) == []


# Sprints


def test_an_idle_calendar_sprint_holds_its_dailies_and_ends_on_time() -> None:
    """Over a change of clocks (2026-03-29) and Easter."""
    diary = Diary(a_policy(Cadence.CONSULTANCY), calendar=BERLIN)
    diary.after(days=21).starts(items=5)

    found = diary.until(datetime(2026, 4, 8, tzinfo=UTC), every=timedelta(minutes=17))

    dailies = [one.removeprefix("daily_scrum slot:") for one in found if one.startswith("daily")]
    assert dailies == [
        *(f"2026-03-{day}T09:00+01:00" for day in (24, 25, 26, 27)),
        *(f"2026-03-{day}T09:00+02:00" for day in (30, 31)),
        *(f"2026-04-0{day}T09:00+02:00" for day in (1, 2)),
    ]
    assert [one for one in found if not one.startswith("daily")] == [
        "sprint_planning start",
        "backlog_refinement slot:2026-03-27T09:00+01:00",
        "backlog_refinement slot:2026-04-02T09:00+02:00",
        "sprint_review end",
    ]
    assert diary.standing.state is State.IN_REVIEW
    end = BERLIN.midnight(date(2026, 4, 6))
    assert diary.standing.entered
    assert end <= diary.standing.entered < end + timedelta(minutes=17)


def test_slots_do_not_drift_with_late_evaluations() -> None:
    diary = Diary(only("daily_scrum", {"frequency": "daily"})).starts(items=5)

    found = diary.until(MONDAY + timedelta(days=11), every=timedelta(hours=7))

    assert found == [
        f"daily_scrum slot:{day}T09:00+00:00" for day in days_of(slots("daily", MARCH, 9))[1:]
    ] + ["daily_scrum slot:2026-03-13T09:00+00:00"]


def test_missed_slots_are_caught_up_once() -> None:
    diary = Diary(only("daily_scrum", {"frequency": "daily"})).starts(items=5).after(days=7, hours=2)

    (firing,) = diary.evaluated().firings

    assert firing.occurrence == "slot:2026-03-09T09:00+00:00"
    assert len(firing.covers) == 5
    assert diary.fired() == []
    assert diary.after(hours=22).fired() == ["daily_scrum slot:2026-03-10T09:00+00:00"]


def test_a_calendar_sprint_ends_by_its_days_alone() -> None:
    diary = Diary(a_policy(sprint={"strategy": "calendar", "duration_days": 7})).starts(items=3).completes(3)

    assert diary.moved() == []
    assert diary.after(days=6, hours=14, minutes=56).moved() == []
    assert diary.after(minutes=1).moved() == [State.IN_REVIEW, State.RETROSPECTIVE, State.COMPLETED]


def test_an_extended_sprint_ends_later() -> None:
    diary = Diary(a_policy(sprint={"strategy": "calendar", "duration_days": 7})).starts(items=3)
    diary.happens("sprint_extended", days=2)

    assert diary.after(days=8, hours=14, minutes=59).moved() == []
    assert diary.after(minutes=1).moved()[0] is State.IN_REVIEW


def test_a_plan_of_another_length_counts_more_than_the_policy() -> None:
    diary = Diary(a_policy(sprint={"strategy": "calendar"}), days=5).starts(items=3)

    assert diary.after(days=4, hours=14, minutes=59).moved() == []
    assert diary.after(minutes=1).moved()[0] is State.IN_REVIEW


# Hybrid


def a_hybrid(n: int = 4) -> Diary:
    return Diary(only("daily_scrum", {"frequency": "daily", "also_trigger_every_n": n})).starts(items=99)


def test_whichever_leg_is_first_resets_the_other() -> None:
    diary = a_hybrid(4)

    assert diary.completes(3, every=3600).fired() == []
    assert diary.after(hours=21).fired() == ["daily_scrum slot:2026-03-03T09:00+00:00"]
    assert diary.completes(3, every=3600).fired() == []
    assert diary.completes(1, every=3600).fired() == ["daily_scrum completions:7"]
    assert diary.why("daily_scrum").startswith(
        "Its slot at 2026-03-04 09:00 UTC is taken by its completions, which came first."
    )
    assert diary.after(hours=24).fired() == []
    assert diary.after(hours=24).fired() == ["daily_scrum slot:2026-03-05T09:00+00:00"]


def test_what_was_asked_for_takes_no_slot_and_no_count() -> None:
    diary = a_hybrid(4).completes(3, every=3600)
    diary.happens("ceremony_triggered", item="daily_scrum", source="ana")

    assert diary.fired() == ["daily_scrum asked:5"]
    assert diary.completes(1, every=3600).fired() == ["daily_scrum completions:4"]
    assert diary.after(hours=24).fired() == []
    diary.happens("ceremony_triggered", item="daily_scrum").evaluated()
    assert diary.after(hours=24).fired() == ["daily_scrum slot:2026-03-04T09:00+00:00"]


def test_a_slot_counts_from_the_most_that_was_done() -> None:
    diary = a_hybrid(2).completes(1).after(days=1)
    assert diary.fired() == ["daily_scrum slot:2026-03-03T09:00+00:00"]
    diary.completes(2).happens("task_reopened").happens("task_reopened").happens("task_reopened")
    diary.completes(1).after(days=2)
    diary.evaluated()

    assert diary.completes(3).fired() == []
    assert diary.completes(1).fired() == ["daily_scrum completions:5"]


def test_a_hybrid_sprint_ends_by_its_items_or_by_its_days() -> None:
    by_items = Diary(a_policy(sprint={"strategy": "hybrid"})).starts(items=3).completes(3)
    by_days = Diary(a_policy(sprint={"strategy": "hybrid"})).starts(items=3).after(days=14)
    stays = Diary(a_policy(sprint={"strategy": "hybrid", "auto_complete_on_tasks_done": False})).starts(
        items=3
    )

    assert by_items.moved()[0] is State.IN_REVIEW
    assert by_days.moved()[0] is State.IN_REVIEW
    assert stays.completes(3).moved() == []


def test_a_rule_may_be_written_with_its_name_and_in_small_letters() -> None:
    assert recurrence("x", "rrule: freq=weekly;byday=tu") == "FREQ=WEEKLY;BYDAY=TU"
