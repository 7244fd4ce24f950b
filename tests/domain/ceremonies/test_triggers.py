"""Each strategy: due at its threshold, not below it, and once above it."""

from typing import Any

import pytest

from tests.domain.ceremonies.diary import Diary, a_policy, only

DAILY = "daily_scrum"
RETRO = "retrospective"


def a_diary(settings: dict[str, Any], name: str = DAILY, **facts: Any) -> Diary:
    return Diary(only(name, settings), **facts)


# Task-driven


def test_every_n_completions_fires_at_n_and_at_each_further_n() -> None:
    diary = a_diary({"every_n_completions": 3}).starts(items=20)

    assert diary.completes(2).fired() == []
    assert diary.completes(1).fired() == ["daily_scrum completions:3"]
    assert diary.completes(2).fired() == []
    assert diary.completes(1).fired() == ["daily_scrum completions:6"]


def test_what_was_done_before_the_start_is_not_counted() -> None:
    diary = a_diary({"every_n_completions": 1}).completes(2).starts(items=20)

    assert diary.fired() == []


def test_an_item_that_is_done_again_is_not_counted_again() -> None:
    diary = a_diary({"every_n_completions": 3}).starts(items=20).completes(3)
    assert diary.fired() == ["daily_scrum completions:3"]

    for _ in range(4):
        diary.happens("task_reopened", item="SHOP-2").happens("task_completed", item="SHOP-2").after(hours=1)

    assert diary.fired() == []
    assert diary.completes(3).fired() == ["daily_scrum completions:6"]


@pytest.mark.parametrize(
    ("settings", "needed", "occurrence"),
    [
        ({"trigger": "sprint_midpoint"}, 5, "percentage:50"),
        ({"trigger": "sprint_percentage", "sprint_percentage": 25}, 3, "percentage:25"),
        ({"trigger": {"sprint_percentage": 80}}, 8, "percentage:80"),
    ],
)
def test_a_share_of_the_sprint_fires_once(settings: dict[str, Any], needed: int, occurrence: str) -> None:
    diary = a_diary(settings).starts(items=10)

    assert diary.completes(needed - 1).fired() == []
    assert diary.completes(1).fired() == [f"daily_scrum {occurrence}"]
    diary.happens("task_reopened", item="SHOP-2").after(hours=1)
    assert diary.completes(1).fired() == []


def test_a_share_needs_items() -> None:
    diary = a_diary({"trigger": "sprint_midpoint"}).starts(items=0)

    assert diary.after(days=3).fired() == []
    assert diary.why(DAILY) == "The sprint has no items."


def test_the_midpoint_follows_the_scope() -> None:
    diary = a_diary({"trigger": "sprint_midpoint"}).starts(items=10).completes(4)
    assert diary.fired() == []

    assert diary.happens("scope_changed", items=-2).fired() == ["daily_scrum percentage:50"]


def test_the_start_and_the_end_of_a_sprint_fire_once() -> None:
    diary = Diary(a_policy(ceremonies={DAILY: {"enabled": False}, "backlog_refinement": {"enabled": False}}))

    assert diary.starts(items=2).fired() == ["sprint_planning start"]
    assert diary.completes(1).fired() == []
    assert diary.completes(1).fired() == ["sprint_review end", "retrospective end"]
    assert diary.happens("sprint_in_review").happens("sprint_completed").after(days=9).fired() == []


# Event-driven


def test_debounced_events_fire_at_their_number() -> None:
    diary = a_diary({"on": "task_blocked", "debounce": 3}).starts(items=5)

    diary.after(minutes=1).happens("task_blocked").happens("task_blocked").happens("task_completed")
    assert diary.fired() == []
    assert diary.after(minutes=1).happens("task_blocked").fired() == ["daily_scrum events:3"]
    diary.after(minutes=1).happens("task_blocked").happens("task_blocked")
    assert diary.fired() == []
    assert diary.happens("task_blocked").fired() == ["daily_scrum events:6"]


@pytest.mark.parametrize(
    "event",
    [
        "sprint_started",
        "task_completed",
        "task_blocked",
        "board_state_changed",
        "sprint_backlog_empty",
        "sprint_completed",
    ],
)
def test_the_events_that_a_policy_may_name_exist(event: str) -> None:
    diary = a_diary({"on": event, "debounce": 1}).starts(items=2).happens("task_blocked")

    diary.completes(2).happens("sprint_completed")

    assert diary.fired()


def test_what_is_done_outside_of_the_sprint_is_no_event_of_it() -> None:
    diary = a_diary({"on": "task_completed", "debounce": 1}).starts(items=5)

    assert diary.happens("task_completed", item="SHOP-77", elsewhere=True).fired() == []


def test_an_empty_sprint_backlog_is_seen_when_the_last_item_is_done() -> None:
    diary = a_diary({"on": "sprint_backlog_empty"}, RETRO).starts(items=2)

    assert diary.completes(1).fired() == []
    assert diary.completes(1).fired() == ["retrospective events:1"]


def test_an_empty_sprint_backlog_is_seen_once_until_it_is_filled_again() -> None:
    policy = only(RETRO, {"on": "sprint_backlog_empty"}, {"auto_transition": False})
    diary = Diary(policy).starts(items=1).completes(1)
    assert diary.fired() == ["retrospective events:1"]

    assert diary.after(hours=1).happens("task_blocked").fired() == []
    assert diary.happens("scope_changed", items=1).completes(1).fired() == ["retrospective events:2"]


# Budget-driven


def test_each_threshold_of_the_budget_fires_once() -> None:
    diary = a_diary({"budget_thresholds": [25, 50]}, budget=200).starts(items=5)

    assert diary.after(hours=1).happens("budget_spent", spent=49.9).fired() == []
    assert diary.after(hours=1).happens("budget_spent", spent=50).fired() == ["daily_scrum budget:25"]
    assert (
        diary.after(hours=1).happens("budget_spent", spent=10).happens("budget_spent", spent=90).fired() == []
    )
    assert diary.after(hours=1).happens("budget_spent", spent=120).fired() == ["daily_scrum budget:50"]
    assert diary.after(hours=1).happens("budget_spent", spent=190).fired() == []


def test_two_thresholds_crossed_at_once_are_one_ceremony() -> None:
    diary = a_diary({"budget_thresholds": [25, 50, 75]}, budget=100).starts(items=5)

    (firing,) = diary.after(hours=1).happens("budget_spent", spent=60).evaluated().firings

    assert firing.covers == ("budget:25", "budget:50")


def test_without_a_budget_it_says_so() -> None:
    diary = a_diary({"strategy": "budget_driven"}).starts(items=5).happens("budget_spent", spent=60)

    assert diary.why(DAILY) == "The sprint has no budget."


# Throughput


def test_a_rate_that_leaves_its_band_fires_once_until_it_is_back() -> None:
    diary = a_diary({"drop": 30, "spike": 50, "window": 3, "stall_after": 1_000}).starts(items=99)

    assert diary.completes(3, every=3600).fired() == []
    assert diary.completes(3, every=4000).fired() == []
    assert diary.completes(3, every=7200).fired() == ["daily_scrum drop:1"]
    assert diary.completes(3, every=7200).fired() == []
    assert diary.completes(4, every=3600).fired() == []
    assert diary.completes(3, every=1200).fired() == ["daily_scrum spike:2"]


@pytest.mark.parametrize(("hours", "expected"), [(1.42, []), (1.43, ["daily_scrum drop:1"])])
def test_a_drop_is_exactly_as_large_as_the_policy_says(hours: float, expected: list[str]) -> None:
    """30 % slower is 1 / 0.7 times the time."""
    diary = a_diary({"drop": 30, "window": 2, "stall_after": 1_000}).starts(items=99).completes(2, every=3600)

    assert diary.completes(2, every=3600 * hours).fired() == expected


def test_a_drop_and_a_spike_are_met_exactly() -> None:
    diary = a_diary({"drop": 50, "spike": 100, "window": 2, "stall_after": 1_000}).starts(items=99)

    assert diary.completes(2, every=3600).completes(1, every=7200).fired() == []
    assert diary.completes(1, every=7200).fired() == ["daily_scrum drop:1"]
    assert diary.completes(2, every=3600).completes(1, every=1800).fired() == []
    assert diary.completes(1, every=1800).fired() == ["daily_scrum spike:2"]


def test_a_window_holds_as_many_completions_as_it_says() -> None:
    diary = a_diary({"window": 2, "stall_after": 1_000}).starts(items=99)

    for _ in range(4):
        diary.completes(1, every=10 * 3600).completes(1, every=3600)

    assert diary.fired() == []


def test_a_weekend_is_no_drop() -> None:
    diary = a_diary({"window": 2, "stall_after": 1_000}).starts(items=99).completes(8, every=12 * 3600)

    assert diary.completes(1, every=2.5 * 24 * 3600).fired() == []
    assert diary.completes(2, every=24 * 3600).fired() == ["daily_scrum drop:1"]


def test_a_stall_fires_without_any_completion_and_once() -> None:
    diary = a_diary({"stall_after": 24}).starts(items=9)

    assert diary.after(hours=23.9).fired() == []
    assert diary.after(hours=0.1).fired() == ["daily_scrum stall:0"]
    assert diary.after(days=1).fired() == []
    assert diary.completes(1).fired() == []
    assert diary.after(hours=25).fired() == ["daily_scrum stall:1"]


def test_a_weekend_is_no_stall() -> None:
    diary = a_diary({"stall_after": 24}).starts(items=9).after(days=4).completes(1)
    diary.evaluated()

    assert diary.after(days=2, hours=23).fired() == []
    assert diary.after(hours=1).fired() == ["daily_scrum stall:1"]


# External


@pytest.mark.parametrize("sources", ["git", "push", "git:push"])
def test_a_matching_event_from_outside_fires(sources: str) -> None:
    diary = a_diary({"sources": [sources]}).starts(items=9)

    assert diary.after(hours=1).happens("deploy", source="webhook").happens("push").fired() == []
    assert diary.after(hours=1).happens("push", source="git").fired() == ["daily_scrum signals:1"]
    assert diary.after(hours=1).happens("push", source="git").fired() == ["daily_scrum signals:2"]


# Milestones


def test_a_milestone_fires_once_when_all_its_items_are_done() -> None:
    milestones = [
        {"name": "alpha", "items": ["SHOP-1", "SHOP-2"], "ceremony": "standup"},
        {"name": "beta", "items": ["SHOP-3"], "ceremony": "retro"},
    ]
    diary = a_diary({"milestones": milestones}).starts(items=9)

    assert diary.after(hours=1).happens("task_completed", item="SHOP-1").fired() == []
    assert diary.why(DAILY) == "alpha lacks SHOP-2."
    assert diary.after(hours=1).happens("task_completed", item="SHOP-3").fired() == []
    done = diary.after(hours=1).happens("task_completed", item="SHOP-2", elsewhere=True)
    assert done.fired() == ["daily_scrum milestone:alpha"]
    diary.after(hours=1).happens("task_reopened", item="SHOP-2").happens("task_completed", item="SHOP-2")
    assert diary.fired() == []


def test_a_milestone_lacks_what_was_reopened() -> None:
    diary = a_diary({"milestones": {"alpha": {"items": ["SHOP-1", "SHOP-2"]}}}).starts(items=9)
    for name, item in (
        ("task_completed", "SHOP-1"),
        ("task_reopened", "SHOP-1"),
        ("task_completed", "SHOP-2"),
    ):
        diary.happens(name, item=item)

    assert diary.fired() == []
    assert diary.happens("task_completed", item="SHOP-1").fired() == ["daily_scrum milestone:alpha"]


def test_a_milestone_that_was_reached_before_the_sprint_is_not_held_in_it() -> None:
    milestones = {"alpha": {"items": ["SHOP-1"]}}
    diary = a_diary({"milestones": milestones}, done_before=frozenset({"SHOP-1"}))

    assert diary.starts(items=9).completes(1).fired() == []
    assert diary.why(DAILY) == "All its milestones are done."
