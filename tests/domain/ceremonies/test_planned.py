"""A sprint that has not started: for whom events count there, and what the others wait for."""

from datetime import timedelta
from typing import Any

import pytest

from scrum.ceremonies.policy.whole import remarks
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import Diary, only
from tests.requirements import requirement

LATER = MONDAY.date() + timedelta(1)
WAITS = ("daily_scrum", "sprint_review", "retrospective")
HEARS = ("sprint_planning", "backlog_refinement", "tasting")
WAYS = [{"on": "deployed", "debounce": 1}, {"sources": "git"}]


def a_plan(ceremony: str, settings: dict[str, Any]) -> Diary:
    return Diary(only(ceremony, settings), first_day=LATER).happens("sprint_planned")


@requirement("ceremonies.before-start")
@pytest.mark.parametrize("settings", WAYS)
@pytest.mark.parametrize("ceremony", WAITS)
def test_what_is_about_a_sprint_counts_events_from_its_start_on(
    ceremony: str, settings: dict[str, Any]
) -> None:
    diary = a_plan(ceremony, settings).happens("deployed", source="git")

    assert diary.fired() == []
    assert diary.why(ceremony) == "The sprint has not started."
    assert diary.starts(items=3).fired() == []
    assert len(diary.happens("deployed", source="git").fired()) == 1


@requirement("ceremonies.before-start")
@pytest.mark.parametrize("settings", WAYS)
@pytest.mark.parametrize("ceremony", HEARS)
def test_what_prepares_a_sprint_and_what_is_a_teams_own_hears_of_events_before_its_start(
    ceremony: str, settings: dict[str, Any]
) -> None:
    diary = a_plan(ceremony, settings)

    assert diary.why(ceremony).partition(" ")[0] in ("0", "Nothing")
    assert len(diary.happens("deployed", source="git").fired()) == 1


@pytest.mark.parametrize("settings", WAYS)
@pytest.mark.parametrize("ceremony", [*WAITS, *HEARS])
def test_no_event_is_waited_for_in_a_sprint_that_is_not_planned(
    ceremony: str, settings: dict[str, Any]
) -> None:
    assert Diary(only(ceremony, settings)).why(ceremony) == "The sprint is not planned yet."


def test_a_daily_scrum_that_waits_for_the_plan_is_taken_with_a_remark() -> None:
    assert remarks(only("daily_scrum", {"on": "sprint_planned"})) == (
        "ceremonies.daily_scrum.on: sprint_planned comes before the start, and daily_scrum never does.",
    )
    assert remarks(only("daily_scrum", {"on": ["sprint_planned", "task_completed"]})) == ()
    assert remarks(only("sprint_planning", {"on": "sprint_planned"})) == ()
