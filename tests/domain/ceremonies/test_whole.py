"""What only the whole policy shows: what it refuses, and what it takes with a remark."""

import pytest

from scrum.ceremonies.policy.whole import NoMilestones, check_whole
from tests.domain.ceremonies.diary import a_policy


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
