"""What a preview foretells for each template is when the ceremony becomes due, also where evaluation is late."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from scrum.ceremonies.policy.model import Policy
from scrum.ceremonies.triggers.course import Firing
from scrum.ceremonies.triggers.evaluation import evaluate, next_tick, upcoming
from scrum.ceremonies.triggers.standing import Standing
from scrum.team.project import Cadence
from tests.domain.ceremonies.diary import a_policy
from tests.domain.ceremonies.test_properties import CALENDARS, PAUSES, STEPS, Story, a_story
from tests.requirements import requirement

CHANGES: list[dict[str, Any]] = [
    {},
    {"ceremonies": {"daily_scrum": {"frequency": "FREQ=WEEKLY;BYDAY=TU,SU"}}},
    {"ceremonies": {"daily_scrum": {"also_trigger_every_n": 2, "gap_seconds": 3_600}}},
    {"ceremonies": {"daily_scrum": {"stall_after": 6, "window": 2}}},
    {"ceremonies": {"sprint_review": {"gate": True, "timeout_hours": 5}, "design": {"frequency": "weekly"}}},
    {"ceremonies": {"design": {"on": ["task_blocked", "push"], "debounce": 1, "gap_seconds": 7_200}}},
    {"sprint": {"auto_start": True}},
    {"sprint": {"auto_transition": False}},
]


def _changed(cadence: Cadence, change: dict[str, Any]) -> Policy:
    return a_policy(cadence, **change)


POLICIES = some.builds(_changed, some.sampled_from(Cadence), some.sampled_from(CHANGES))
LATE = some.sampled_from([0, 1, 30, 3_600, 90_000, 900_000]).map(lambda seconds: timedelta(seconds=seconds))


STORIES = some.builds(a_story, POLICIES, CALENDARS, some.lists(some.tuples(PAUSES, STEPS), max_size=20))


@requirement("ceremonies.preview")
@settings(max_examples=150)
@given(STORIES, LATE, some.integers(0, 20))
def test_the_next_moment_that_is_foretold_is_when_the_next_ceremony_becomes_due(
    story: Story, late: timedelta, seen: int
) -> None:
    """Up to some of what happened is evaluated; the preview comes later."""
    lines = story.facts.happenings
    last = lines[min(seen, len(lines) - 1)].at
    standing = evaluate(story.policy, story.known(last), Standing(), last).standing
    now = lines[-1].at + late / story.policy.sprint.settings.time_scale

    foretold = {one.ceremony: one for one in upcoming(story.policy, story.facts, standing, now)}

    horizon = now + timedelta(days=60) / story.policy.sprint.settings.time_scale
    came: dict[str, Firing] = {}
    for firing in _firings(story, standing, now, horizon):
        came.setdefault(firing.ceremony, firing)
    for name, one in foretold.items():
        told = (one.at, one.occurrence) if one.at and one.at <= horizon else None
        first = came.get(name)
        assert told == ((first.at, first.occurrence) if first else None)
        assert one.reason.endswith(".")


def _firings(story: Story, standing: Standing, now: datetime, end: datetime) -> Iterator[Firing]:
    at: datetime | None = now
    while at and at <= end:
        found = evaluate(story.policy, story.facts, standing, at)
        standing = found.standing
        yield from found.firings
        at = next_tick(story.policy, story.facts, standing)
