"""What a preview says: when each ceremony is due next, or which fact is missing."""

from datetime import timedelta
from typing import Any

import pytest

from scrum.ceremonies.triggers.evaluation import upcoming
from scrum.team.calendar import WorkingCalendar
from scrum.team.project import Cadence
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import Diary, a_policy, only
from tests.requirements import requirement

DAILY = "daily_scrum"

STALL = "Nothing is completed for 24 hours of working days by then."

WAITS: list[tuple[dict[str, Any], str]] = [
    ({"every_n_completions": 5}, "3 of 5 completions since it last counted; 2 to go."),
    ({"trigger": "sprint_midpoint"}, "3 of 20 items are done; it is due at 50 %."),
    (
        {"trigger": {"sprint_percentage": 10}},
        "It was due when 10 % of the items were done, which is once in a sprint.",
    ),
    ({"trigger": "sprint_start"}, "It was due when the sprint started, which is once in a sprint."),
    ({"trigger": "sprint_end"}, "The sprint has not gone to review."),
    ({"frequency": "daily"}, "Its next slot is 2026-03-03 09:00 UTC."),
    (
        {"frequency": "daily", "also_trigger_every_n": 4},
        "Its next slot is 2026-03-03 09:00 UTC. Or by its items: 3 of 4 completions since it last counted; 1 to go.",
    ),
    (
        {"strategy": "hybrid", "trigger": "sprint_midpoint"},
        "Its next slot is 2026-03-03 09:00 UTC. Or: 3 of 20 items are done; it is due at 50 %.",
    ),
    ({"on": "task_completed"}, "3 of 5 events since it last counted (task_completed)."),
    ({"on": "sprint_completed"}, "It waits for sprint_completed."),
    ({"budget_thresholds": [30, 60]}, "12.5 % of the budget is spent; it is due at 30 %."),
    ({"budget_thresholds": [5]}, "12.5 % of the budget is spent, and every threshold was crossed."),
    ({"strategy": "throughput_adaptive"}, "There is no baseline yet: 3 of 10 completions."),
    ({"window": 2}, "The rate is within 30 % below and 50 % above the baseline."),
    ({"sources": ["git", "webhook"]}, "Nothing new came from git, webhook."),
    *(
        ({key: []}, f"No {what} is its own: set_ceremonies gives it one, between two sprints.")
        for key, what in [("on", "event"), ("sources", "source"), ("budget_thresholds", "threshold")]
    ),
    (
        {"strategy": "milestone_driven"},
        "No milestone is its own: set_ceremonies gives it one, between two sprints.",
    ),
    ({"milestones": {"first cut": {"items": ["SHOP-3", "SHOP-77"]}}}, "first cut lacks SHOP-77."),
]


@requirement("ceremonies.preview")
@pytest.mark.parametrize(("settings", "reason"), WAITS)
def test_what_is_not_due_says_what_it_waits_for(settings: dict[str, Any], reason: str) -> None:
    diary = Diary(only(DAILY, settings), budget=80).starts(items=20)
    diary.happens("budget_spent", spent=10).completes(3, every=3600).evaluated()

    assert diary.why(DAILY) == reason
    coming = diary.next(DAILY).reason.removeprefix(f"{STALL} ")
    assert coming == reason.replace("slot is 2026-03-03 09:00 UTC", "slot")


def test_what_is_due_by_time_is_announced_for_its_real_moment() -> None:
    diary = Diary(only(DAILY, {"frequency": "daily"}, {"time_scale": 24})).starts(items=20)

    coming = diary.next(DAILY)
    (firing,) = diary.after(hours=1).evaluated().firings

    assert (coming.at, coming.occurrence) == (MONDAY + timedelta(hours=1), "slot:2026-03-03T09:00+00:00")
    assert coming.reason == "Its next slot (2026-03-03 09:00 UTC for the project)."
    assert firing.reason == "Its slot was reached (2026-03-03 09:00 UTC for the project)."


def test_one_item_is_done_and_two_are() -> None:
    diary = Diary(only(DAILY, {"every_n_completions": 1})).starts(items=20)

    reasons = [diary.completes(1).evaluated().firings[0].reason for _ in range(2)]

    assert reasons == [
        "1 item is done; it is due after every completion.",
        "2 items are done; it is due after every completion.",
    ]


@pytest.mark.parametrize(
    ("ceremony", "when"),
    [("sprint_review", "the sprint went to review"), ("retrospective", "the review was over")],
)
def test_what_a_sprint_has_once_says_when_it_was(ceremony: str, when: str) -> None:
    policy = a_policy(Cadence.STARTUP, ceremonies={"retrospective": {"gate": True}})
    diary = Diary(policy).starts(items=1).completes(1)
    diary.evaluated()

    assert diary.why(ceremony) == f"It was due when {when}, which is once in a sprint."


def test_what_needs_a_fact_has_no_time() -> None:
    diary = Diary(only(DAILY, {"every_n_completions": 5})).starts(items=20)

    assert diary.next(DAILY).at is None


def test_the_end_of_a_sprint_is_announced_with_its_ceremonies() -> None:
    diary = Diary(a_policy(Cadence.CONSULTANCY)).starts(items=20)

    coming = upcoming(diary.policy, diary.facts, diary.standing, diary.now)

    end = MONDAY + timedelta(days=13, hours=15)
    assert {one.ceremony: one.at for one in coming} == {
        "sprint_planning": MONDAY,
        "daily_scrum": MONDAY + timedelta(days=1),
        "backlog_refinement": MONDAY + timedelta(days=4),
        "sprint_review": end,
        "retrospective": end + timedelta(hours=48),
    }
    assert [one.reason for one in coming[2:]] == [
        "Its next slot.",
        "The sprint's days are over then.",
        "The sprint waits for sprint_review until then.",
    ]


def test_a_start_by_itself_is_announced_with_its_ceremonies() -> None:
    policy = a_policy(Cadence.CONSULTANCY, sprint={"auto_start": True})
    diary = Diary(policy, first_day=MONDAY.date() + timedelta(1)).happens("sprint_planned")

    coming = upcoming(diary.policy, diary.facts, diary.standing, diary.now)

    assert [one.reason for one in coming[:2]] == ["The sprint starts then.", "Its next slot."]
    assert diary.evaluated().sprint == "It starts at 2026-03-03 09:00 UTC."


def test_without_a_gate_the_retrospective_is_announced_for_the_end_of_the_days() -> None:
    diary = Diary(a_policy(sprint={"strategy": "calendar"})).starts(items=20)

    coming = diary.next("retrospective")

    assert coming.at == MONDAY + timedelta(days=13, hours=15)
    assert coming.reason == "The sprint's days are over then, and it does not wait for its review."


def test_a_slot_after_the_end_is_not_announced() -> None:
    policy = a_policy(sprint={"strategy": "calendar", "duration_days": 3})
    diary = Diary(policy).starts(items=20).after(days=2, hours=1)
    diary.evaluated()

    coming = diary.next(DAILY)

    assert coming.at is None
    assert coming.reason == "Its next slot, 2026-03-05 09:00 UTC, is after the sprint's end."


def test_a_slot_that_was_taken_is_not_announced() -> None:
    diary = (
        Diary(only(DAILY, {"frequency": "daily", "also_trigger_every_n": 2})).starts(items=20).completes(2)
    )
    diary.evaluated()

    assert diary.next(DAILY).at == MONDAY + timedelta(days=2)
    assert diary.next(DAILY).reason.startswith(
        "Its next slot; the one at 2026-03-03 09:00 UTC is taken by its completions, which came first. Or by"
    )


def test_a_firing_that_waits_for_its_gap_is_announced() -> None:
    diary = Diary(only(DAILY, {"every_n_completions": 1, "gap_seconds": 60})).starts(items=20)
    diary.completes(3, every=1).evaluated()

    coming = diary.next(DAILY)

    assert (coming.at, coming.occurrence) == (MONDAY + timedelta(seconds=61), "completions:3")


def test_a_stall_is_announced() -> None:
    diary = Diary(only(DAILY, {"stall_after": 24})).starts(items=20).after(days=4)
    diary.completes(1).evaluated()

    assert diary.next(DAILY).at == diary.now + timedelta(days=3)
    assert diary.next(DAILY).reason == f"{STALL} There is no baseline yet: 1 of 10 completions."


def test_before_the_start_a_hybrid_says_nothing_of_slots() -> None:
    diary = Diary(only(DAILY, {"strategy": "hybrid", "trigger": "sprint_end"})).happens("sprint_planned")

    assert diary.next(DAILY).reason == "The sprint has not gone to review."


def test_a_stall_before_the_baseline_is_told_as_one() -> None:
    diary = Diary(only(DAILY, {"stall_after": 1})).starts(items=20)
    assert diary.next(DAILY).reason.startswith("Nothing is completed for 1 hour of working days by then.")

    (firing,) = diary.after(hours=1).evaluated().firings

    assert firing.reason == "Nothing was completed for 1 hour of working days."
    assert diary.why(DAILY) == "It was due for this stall; the next completion ends it."


def test_a_hybrid_offers_no_share_that_is_behind_it() -> None:
    diary = Diary(only(DAILY, {"strategy": "hybrid", "trigger": "sprint_midpoint"})).starts(items=2)
    diary.completes(1).evaluated()

    assert diary.next(DAILY).reason == (
        "Its next slot; the one at 2026-03-03 09:00 UTC is taken by the share of done items, which came first."
    )


def test_a_team_that_is_away_for_good_has_no_further_slot() -> None:
    away = WorkingCalendar(days_off=tuple(MONDAY.date() + timedelta(n) for n in range(380)))
    diary = Diary(only(DAILY, {"frequency": "daily"}), calendar=away).starts(items=20)

    assert diary.next(DAILY).reason == "Its frequency has no further slot on a working day within a year."


def test_before_the_start_everything_waits_for_it() -> None:
    diary = Diary(a_policy(Cadence.PRODUCT_TEAM)).happens("sprint_planned")

    coming = upcoming(diary.policy, diary.facts, diary.standing, diary.now)

    assert [one.reason for one in coming] == [
        "The sprint has not started.",
        "The sprint has not started.",
        "The sprint has not started.",
        "The sprint has not gone to review.",
        "The review is not over.",
    ]


def test_without_a_plan_everything_waits_for_one() -> None:
    diary = Diary(a_policy(Cadence.PRODUCT_TEAM))

    coming = upcoming(diary.policy, diary.facts, diary.standing, diary.now)

    assert {one.reason for one in coming} == {"The sprint is not planned yet."}
    assert diary.evaluated().sprint == (
        "It waits for a plan that is committed: plan_sprint makes one, and so does trigger_ceremony with "
        "sprint_planning; commit_plan takes it."
    )


@requirement("ceremonies.preview")
def test_what_was_missed_is_announced_as_it_will_be_caught_up() -> None:
    diary = Diary(only(DAILY, {"frequency": "daily"})).starts(items=20).after(days=3)

    coming = diary.next(DAILY)
    (firing,) = diary.evaluated().firings

    assert (coming.at, coming.occurrence, coming.reason) == (firing.at, firing.occurrence, firing.reason)
    assert len(firing.covers) == 3
