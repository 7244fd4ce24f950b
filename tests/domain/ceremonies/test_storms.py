"""Agents that finish a thousand items in seconds, and evaluations that come late: counted right, held rarely."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scrum.ceremonies.triggers.course import Firing
from scrum.team.project import Cadence
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import Diary, a_policy, only
from tests.requirements import requirement

DAILY = "daily_scrum"


@requirement("ceremonies.storm")
def test_a_thousand_completions_in_seconds_are_counted_right_and_held_twice() -> None:
    diary = Diary(a_policy(Cadence.STARTUP)).starts(items=1_000)
    found: list[Firing] = []
    for _ in range(1_000):
        diary.completes(1, every=0.003)
        found += diary.evaluated().firings
    dailies = [one for one in found if one.ceremony == DAILY]

    assert [one.occurrence for one in dailies] == ["completions:5", "completions:1000"]
    assert sum(one.held_for for one in dailies) == 200
    assert dailies[-1].reason == (
        "1000 items are done; it is due after every 5 completions. "
        "It covers 199 occurrences, which came within 10 seconds."
    )
    others = [(one.ceremony, round((one.at - MONDAY) / timedelta(milliseconds=3))) for one in found]
    assert [one for one in others if one[0] != DAILY] == [
        ("sprint_planning", 0),
        ("backlog_refinement", 500),
        ("sprint_review", 1_000),
        ("retrospective", 1_000),
    ]


def test_what_waits_for_the_gap_is_held_when_it_is_over() -> None:
    diary = (
        Diary(only(DAILY, {"every_n_completions": 2, "gap_seconds": 30}))
        .starts(items=99)
        .completes(6, every=1)
    )
    (first,) = diary.evaluated().firings

    assert diary.why(DAILY) == "2 occurrences wait until 30 seconds after it was last due."
    assert diary.after(seconds=25.9).fired() == []
    (second,) = diary.after(seconds=0.1).evaluated().firings
    assert (first.covers, second.covers) == (("completions:2",), ("completions:4", "completions:6"))
    assert second.at - first.at == timedelta(seconds=30)


def test_what_was_missed_is_caught_up_by_one() -> None:
    diary = Diary(only(DAILY, {"every_n_completions": 5})).starts(items=99).completes(40, every=3600)

    (firing,) = diary.evaluated().firings

    assert firing.occurrence == "completions:40"
    assert len(firing.covers) == 8
    assert firing.reason.endswith("It covers 8 occurrences, found at once.")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"every_n_completions": 25}, "375 items are done; it is due after every 25 completions."),
        (
            {"on": "task_completed", "debounce": 25},
            "task_completed was seen 375 times; it is due after every 25.",
        ),
    ],
)
def test_what_is_held_for_many_tells_no_number_that_is_of_the_last_alone(
    settings: dict[str, Any], told: str
) -> None:
    diary = Diary(only(DAILY, settings)).starts(items=999).completes(25, every=0.01)
    diary.evaluated()

    (later,) = diary.completes(350, every=0.01).after(seconds=10).evaluated().firings

    assert later.reason == f"{told} It covers 14 occurrences, which came within 10 seconds."


def test_what_comes_when_the_gap_is_just_over_does_not_wait() -> None:
    diary = Diary(only(DAILY, {"every_n_completions": 1, "gap_seconds": 10})).starts(items=99)

    for number in (1, 2, 3):
        assert diary.completes(1, every=10).fired() == [f"daily_scrum completions:{number}"]


def test_a_slot_is_also_held_for_what_waits() -> None:
    diary = Diary(only(DAILY, {"frequency": "daily", "also_trigger_every_n": 2, "gap_seconds": 86_400}))
    assert diary.starts(items=99).after(days=1).fired() == ["daily_scrum slot:2026-03-03T09:00+00:00"]
    assert diary.completes(2).fired() == []

    (firing,) = diary.after(hours=24).evaluated().firings

    assert firing.covers == ("completions:2", "slot:2026-03-04T09:00+00:00")


PAUSES = some.sampled_from([0.0, 0.5, 9.9, 10, 3_600, 50_000])


@given(
    some.lists(some.tuples(PAUSES, some.booleans()), max_size=40),
    some.integers(1, 6),
    some.sampled_from([0, 10, 5_000]),
)
def test_no_count_is_lost_or_told_twice(moments: list[tuple[float, bool]], number: int, gap: float) -> None:
    diary = Diary(only(DAILY, {"every_n_completions": number, "gap_seconds": gap})).starts(items=99)
    covered: list[str] = []
    for pause, is_evaluated in moments:
        diary.completes(1, every=pause)
        if is_evaluated:
            covered += [one for firing in diary.evaluated().firings for one in firing.covers]

    covered += [one for firing in diary.after(days=1).evaluated().firings for one in firing.covers]

    assert covered == [f"completions:{done}" for done in range(number, len(moments) + 1, number)]


@given(some.lists(some.floats(0.01, 3), min_size=1, max_size=20))
def test_no_slot_is_lost_or_told_twice(pauses: list[float]) -> None:
    diary = Diary(only(DAILY, {"frequency": "daily"})).starts(items=99)
    covered: list[str] = []
    for pause in pauses:
        covered += [one for firing in diary.after(days=pause).evaluated().firings for one in firing.covers]

    days = [MONDAY + timedelta(n) for n in range(1, 70)]
    reached = [day for day in days if day.weekday() < 5 and day <= diary.now]
    assert covered == [f"slot:{day.date()}T09:00+00:00" for day in reached]


def test_what_is_recorded_late_counts_from_when_it_is_known() -> None:
    """Its own time is within the gap; that it is there is known only after it."""
    diary = (
        Diary(only(DAILY, {"every_n_completions": 1, "gap_seconds": 60}))
        .starts(items=99)
        .completes(1, every=60)
    )
    diary.evaluated()
    diary.after(seconds=100).evaluated()
    known = diary.now

    (firing,) = diary.after(seconds=-95).happens("task_completed", item="SHOP-9").evaluated().firings

    assert firing.at == known
