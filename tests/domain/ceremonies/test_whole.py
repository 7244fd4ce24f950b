"""What only the whole policy shows: what it refuses, and what it takes with a remark."""

from typing import Any

import pytest

from scrum.ceremonies.policy.whole import NoMilestones, check_whole, remarks
from tests.domain.ceremonies.diary import a_policy, only


def test_the_milestone_that_ends_a_sprint_is_not_taken_away_alone() -> None:
    policy = a_policy(
        sprint={"strategy": "milestone_driven", "transition_milestone": "m", "milestones": None}
    )

    with pytest.raises(NoMilestones) as refused:
        check_whole(policy)

    assert str(refused.value) == (
        "sprint.transition_milestone: 'm' ends the sprint, and there are no milestones. Give it under "
        "sprint.milestones, or null for transition_milestone too."
    )


@pytest.mark.parametrize(
    ("key", "sprint"), [("on", {}), ("sources", {}), ("budget_thresholds", {"budget": 9})]
)
def test_a_ceremony_that_waits_for_nothing_is_taken_with_a_remark(key: str, sprint: dict[str, Any]) -> None:
    policy = only("daily_scrum", {key: []}, sprint)

    assert remarks(policy) == (
        f"ceremonies.daily_scrum.{key}: it is empty, so that it is never due. Give one, or another strategy.",
    )
    assert remarks(only("daily_scrum", {"strategy": "calendar"})) == ()


@pytest.mark.parametrize("settings", [{"milestones": []}, {"strategy": "milestone_driven"}])
def test_a_ceremony_without_a_milestone_is_taken_with_a_remark(settings: dict[str, Any]) -> None:
    assert remarks(only("daily_scrum", settings)) == (
        "ceremonies.daily_scrum.milestones: none is its own, so that it is never due. Give it one, or another strategy.",
    )
