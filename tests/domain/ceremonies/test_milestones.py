"""Milestones of which items are cancelled, or not in the sprint: what they do without, and when they cannot come."""

from dataclasses import replace
from typing import Any

import pytest

from scrum.ceremonies.triggers.evaluation import evaluate
from scrum.ceremonies.triggers.standing import Standing
from scrum.sprint.model import State
from tests.domain.ceremonies.diary import Diary, a_policy
from tests.requirements import requirement

DAILY = "daily_scrum"
ALPHA = {"alpha": {"items": ["SHOP-1", "SHOP-2"]}}
GOALS: dict[str, Any] = {
    "strategy": "milestone_driven",
    "milestones": ALPHA,
    "transition_milestone": "alpha",
}
WITHOUT = "All items of alpha are done; it does without SHOP-1, which is cancelled."


def a_diary(**facts: Any) -> Diary:
    return Diary(a_policy(sprint=GOALS), **facts).starts(items=4)


def cancelled(diary: Diary, *items: str, elsewhere: bool = False) -> Diary:
    diary.facts = replace(diary.facts, cancelled=diary.facts.cancelled | {*items})
    for one in items:
        diary.happens("scope_changed", item=one, items=0 if elsewhere else -1, elsewhere=elsewhere)
    return diary


@requirement("ceremonies.milestone-cancelled")
@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_cancelled_item_is_not_needed_and_is_named(*, elsewhere: bool) -> None:
    diary = a_diary().happens("task_completed", item="SHOP-2")
    assert diary.moved() == []

    found = cancelled(diary.after(hours=1), "SHOP-1", elsewhere=elsewhere).evaluated()

    assert {one.ceremony: one.reason for one in found.firings}[DAILY] == WITHOUT
    assert (found.moves[0].state, found.moves[0].reason) == (State.IN_REVIEW, WITHOUT)


@requirement("ceremonies.milestone-cancelled")
def test_where_an_item_was_cancelled_the_others_are_enough() -> None:
    diary = cancelled(a_diary(), "SHOP-1")
    assert diary.moved() == []
    assert diary.why(DAILY) == "alpha lacks SHOP-2 and does without SHOP-1, which is cancelled."
    assert diary.evaluated().sprint == (
        "It goes to review with alpha, which lacks SHOP-2 and does without SHOP-1, which is cancelled."
    )

    assert diary.happens("task_completed", item="SHOP-2").moved()[0] is State.IN_REVIEW


@requirement("ceremonies.milestone-cancelled")
def test_whoever_looks_late_finds_a_milestone_reached_when_the_item_was_cancelled() -> None:
    diary = a_diary().happens("task_completed", item="SHOP-2")
    late = cancelled(diary.after(hours=1), "SHOP-1")

    found = evaluate(late.policy, late.facts, Standing(), late.now)

    assert {one.ceremony: one.at for one in found.firings}[DAILY] == late.now


@requirement("ceremonies.milestone-cancelled")
def test_a_milestone_of_which_all_is_cancelled_is_not_reached_and_says_so() -> None:
    diary = cancelled(a_diary(), "SHOP-1", "SHOP-2")

    assert diary.moved() == []
    assert diary.why(DAILY) == "alpha cannot be reached: all its items are cancelled."
    assert diary.evaluated().sprint == (
        "All items of alpha are cancelled, so that it cannot end the sprint: change_sprint does, with action review."
    )


@requirement("ceremonies.milestone-cancelled")
def test_what_is_lacking_and_not_in_the_sprint_is_told() -> None:
    diary = a_diary(elsewhere=frozenset({"SHOP-2"}))

    assert diary.why(DAILY) == "alpha lacks SHOP-1, SHOP-2 (not in the sprint)."
    assert diary.evaluated().sprint == (
        "It goes to review with alpha, which lacks SHOP-1, SHOP-2 (not in the sprint)."
    )


@requirement("ceremonies.milestone-cancelled")
def test_a_milestone_is_seen_to_be_reached_with_what_happens_next_where_nobody_told_the_sprint() -> None:
    diary = a_diary().happens("task_completed", item="SHOP-2")
    diary.evaluated()
    diary.facts = replace(diary.facts, cancelled=frozenset({"SHOP-1"}))

    assert diary.evaluated().sprint == (
        "It goes to review with alpha, which is done and does without SHOP-1, which is cancelled."
    )
    assert diary.happens("task_completed", item="SHOP-3").moved()[0] is State.IN_REVIEW
