"""The steps of a sprint that its policy takes, and those that people take."""

from datetime import date, timedelta
from typing import Any

import pytest

from scrum.ceremonies.terms import Strategy
from scrum.sprint.model import State
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import Diary, a_policy

TO_THE_END = [State.IN_REVIEW, State.RETROSPECTIVE, State.COMPLETED]


def a_diary(strategy: Strategy, facts: dict[str, Any] | None = None, **sprint: Any) -> Diary:
    return Diary(a_policy(sprint={"strategy": strategy, **sprint}), **(facts or {})).starts(items=4)


# Going to review


@pytest.mark.parametrize("strategy", [Strategy.TASK_DRIVEN, Strategy.HYBRID, Strategy.THROUGHPUT_ADAPTIVE])
def test_a_sprint_goes_to_review_at_its_share_of_done_items(strategy: Strategy) -> None:
    diary = a_diary(strategy, transition_threshold=0.75)

    assert diary.completes(2).moved() == []
    assert diary.completes(1).moved() == TO_THE_END


def test_an_empty_sprint_does_not_go_to_review() -> None:
    diary = Diary(a_policy()).starts(items=0)

    assert diary.happens("task_completed", item="SHOP-9", elsewhere=True).after(days=30).moved() == []


@pytest.mark.parametrize("strategy", [Strategy.EVENT_DRIVEN, Strategy.EXTERNAL_TRIGGER])
def test_a_sprint_goes_to_review_at_its_event(strategy: Strategy) -> None:
    diary = a_diary(strategy, transition_event="release")

    assert diary.completes(4).happens("task_blocked").moved() == []
    assert diary.happens("release", source="git").moved() == TO_THE_END


def test_a_sprint_goes_to_review_when_its_budget_is_spent() -> None:
    diary = a_diary(Strategy.BUDGET_DRIVEN, {"budget": 80}, transition_threshold=0.5)

    assert diary.happens("budget_spent", spent=39).moved() == []
    assert diary.happens("budget_spent", spent=40).moved() == TO_THE_END


def test_a_sprint_goes_to_review_when_its_milestone_is_reached() -> None:
    milestones = {"alpha": {"items": ["SHOP-1"]}, "beta": {"items": ["SHOP-2"]}}
    diary = a_diary(Strategy.MILESTONE_DRIVEN, milestones=milestones, transition_milestone="beta")

    assert diary.happens("task_completed", item="SHOP-1").moved() == []
    assert diary.happens("task_completed", item="SHOP-2").moved() == TO_THE_END


@pytest.mark.parametrize("strategy", Strategy)
def test_without_auto_transition_people_take_every_step(strategy: Strategy) -> None:
    milestones: dict[str, Any] = {"alpha": {"items": ["SHOP-1"]}}
    more = {"milestones": milestones} if strategy is Strategy.MILESTONE_DRIVEN else {}
    diary = a_diary(strategy, {"budget": 1}, auto_transition=False, **more)

    assert diary.completes(4).happens("budget_spent", spent=9).after(days=60).moved() == []
    diary.evaluated()
    assert "sprint_review end" in diary.happens("sprint_in_review").fired()
    assert diary.moved() == []
    assert "retrospective end" in diary.happens("sprint_in_retrospective").fired()
    assert diary.happens("sprint_completed").standing.state is State.RETROSPECTIVE
    assert diary.evaluated().standing.state is State.COMPLETED


def test_a_move_says_why() -> None:
    diary = a_diary(Strategy.TASK_DRIVEN).completes(4)

    assert [one.reason for one in diary.evaluated().moves] == [
        "4 of 4 items are done.",
        "It does not wait for sprint_review.",
        "It does not wait for retrospective.",
    ]


def test_a_sprint_that_somebody_closes_has_its_last_ceremonies() -> None:
    diary = a_diary(Strategy.CALENDAR).completes(1)
    diary.evaluated()

    found = diary.happens("sprint_completed").evaluated()

    assert [one.ceremony for one in found.firings] == ["sprint_review", "retrospective"]
    assert (found.moves, found.standing.state) == ((), State.COMPLETED)


def test_a_cancelled_sprint_has_no_more_ceremonies() -> None:
    diary = a_diary(Strategy.CALENDAR).after(hours=1)
    diary.evaluated()

    assert diary.happens("sprint_cancelled").completes(30).after(days=30).fired() == []
    assert diary.why("daily_scrum") == "The sprint is cancelled."


def test_what_happens_after_the_end_of_a_sprint_is_not_its_own() -> None:
    diary = (
        Diary(a_policy(ceremonies={"daily_scrum": {"on": "task_blocked", "debounce": 1}}))
        .starts(items=5)
        .happens("sprint_completed")
    )
    diary.evaluated()

    assert diary.after(hours=1).happens("task_blocked").fired() == []


# Starting


def planned(first_day: date | None, **sprint: Any) -> Diary:
    policy = a_policy(sprint={"strategy": "calendar", "auto_start": True, **sprint})
    return Diary(policy, first_day=first_day).happens("sprint_planned")


def test_a_planned_sprint_starts_on_its_first_working_day() -> None:
    """The plan says Saturday."""
    diary = planned(date(2026, 3, 7), time_of_day="10:00")

    assert diary.after(days=7).moved() == []
    assert diary.after(hours=1).moved() == [State.ACTIVE]
    assert diary.standing.started == MONDAY + timedelta(days=7, hours=1)


def test_a_sprint_that_is_planned_late_starts_at_once() -> None:
    diary = planned(date(2026, 2, 2))

    assert diary.moved() == [State.ACTIVE]
    assert diary.standing.started == MONDAY


def test_a_sprint_that_started_by_itself_does_not_start_again_when_that_is_recorded() -> None:
    diary = planned(MONDAY.date())
    assert diary.fired() == ["sprint_planning start"]

    diary.after(seconds=1).starts(items=4)

    assert diary.fired() == []
    assert diary.standing.items == 4


def test_without_auto_start_a_planned_sprint_waits() -> None:
    assert planned(MONDAY.date(), auto_start=False).after(days=40).moved() == []


# Asked for


def test_a_ceremony_that_somebody_asks_for_is_held_now() -> None:
    policy = a_policy(ceremonies={"daily_scrum": {"frequency": "daily", "also_trigger_every_n": 4}})
    diary = Diary(policy).starts(items=30).completes(2)
    diary.evaluated()

    (firing,) = diary.happens("ceremony_triggered", item="daily_scrum", source="Ana").evaluated().firings

    assert (firing.occurrence, firing.reason) == ("asked:4", "Ana asked for it.")
    assert diary.completes(1).fired() == []
    assert diary.completes(1).fired() == ["daily_scrum completions:4"]


def test_what_is_switched_off_can_be_asked_for() -> None:
    diary = Diary(a_policy(ceremonies={"backlog_refinement": {"enabled": False}})).starts(items=30)
    diary.evaluated()

    assert diary.happens("ceremony_triggered", item="backlog_refinement").fired() == [
        "backlog_refinement asked:2"
    ]


# What it waits for


SPRINTS: list[tuple[dict[str, Any], str]] = [
    (
        {"strategy": "task_driven", "transition_threshold": 0.9},
        "1 of 4 items is done; it goes to review at 90 %.",
    ),
    ({"strategy": "throughput_adaptive"}, "1 of 4 items is done; it goes to review at 100 %."),
    ({"strategy": "calendar"}, "It goes to review at 2026-03-16 00:00 UTC."),
    (
        {"strategy": "hybrid", "duration_days": 7},
        "It goes to review at 2026-03-09 00:00 UTC. Or before: 1 of 4 items is done; it goes to review at 100 %.",
    ),
    (
        {"strategy": "hybrid", "auto_complete_on_tasks_done": False},
        "It goes to review at 2026-03-16 00:00 UTC.",
    ),
    ({"strategy": "event_driven"}, "It goes to review when sprint_backlog_empty is seen."),
    (
        {"strategy": "external_trigger", "transition_event": "release"},
        "It goes to review when release is seen.",
    ),
    ({"strategy": "budget_driven"}, "50 % of the budget is spent; it goes to review at 100 %."),
    (
        {"strategy": "milestone_driven"},
        "No milestone ends it, for transition_milestone names none: change_sprint does, with action review.",
    ),
    (
        {
            "strategy": "milestone_driven",
            "milestones": {"a": {"items": ["X-1"]}},
            "transition_milestone": "a",
        },
        "It goes to review with a, which lacks X-1.",
    ),
    ({"auto_transition": False}, "It waits for somebody to end it: auto_transition is off."),
]


@pytest.mark.parametrize(("sprint", "reason"), SPRINTS)
def test_a_sprint_says_what_it_waits_for(sprint: dict[str, Any], reason: str) -> None:
    diary = Diary(a_policy(sprint=sprint), budget=2).starts(items=4).happens("budget_spent", spent=1)

    assert diary.completes(1).evaluated().sprint == reason


def test_a_planned_sprint_says_when_it_starts() -> None:
    waiting = planned(date(2026, 3, 7), time_of_day="10:00").evaluated()

    assert waiting.sprint == "It starts at 2026-03-09 10:00 UTC."
    assert planned(None).evaluated().sprint == "It has no open item to start with: change_sprint adds one."
    assert (
        planned(MONDAY.date(), auto_start=False)
        .evaluated()
        .sprint.startswith("It waits for somebody to start")
    )


def test_what_was_done_before_anybody_started_the_sprint_is_not_done_in_it() -> None:
    policy = a_policy(sprint={"strategy": "task_driven", "auto_start": True})
    diary = Diary(policy, first_day=MONDAY.date()).happens("sprint_planned")
    diary.after(hours=12).completes(14)

    assert diary.moved() == [State.ACTIVE]
    assert diary.standing.started == diary.now
    assert diary.happens("sprint_started", items=16).completes(2).moved() == []
    assert (diary.standing.done, diary.standing.items) == (2, 16)


def test_a_sprint_that_somebody_starts_late_has_all_its_days() -> None:
    policy = a_policy(sprint={"strategy": "calendar", "auto_start": True, "duration_days": 5})
    diary = Diary(policy, first_day=MONDAY.date()).happens("sprint_planned").after(days=21).starts(items=3)

    assert diary.moved() == []
    assert diary.standing.state is State.ACTIVE


def test_a_sprint_that_was_extended_before_it_went_on_has_its_new_days() -> None:
    policy = a_policy(sprint={"strategy": "calendar", "duration_days": 5})
    diary = Diary(policy).starts(items=3).after(days=5, hours=1).happens("sprint_extended", days=5)

    assert diary.moved() == []


def test_an_item_that_came_in_before_the_sprint_went_on_keeps_it_open() -> None:
    diary = Diary(a_policy(sprint={"strategy": "task_driven"})).starts(items=2).completes(2)
    diary.happens("scope_changed", items=1)

    assert diary.moved() == []


def test_a_happening_of_a_clock_that_is_ahead_takes_no_sprint_to_its_end() -> None:
    diary = Diary(a_policy(sprint={"strategy": "calendar", "duration_days": 5})).starts(items=3)
    diary.after(days=300).completes(1).after(days=-299)

    assert diary.moved() == []
    assert diary.standing.clock == diary.now
