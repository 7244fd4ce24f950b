"""Who listens for an event that is told: exactly those for whom it then counts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from scrum.ceremonies.outside import SPRINT, OutsideEvent, listeners
from scrum.ceremonies.policy.model import Policy
from scrum.ceremonies.triggers.evaluation import evaluate
from scrum.ceremonies.triggers.facts import Facts, Happening
from scrum.ceremonies.triggers.standing import Standing
from scrum.sprint.model import State
from scrum.team.calendar import EVERY_WEEKDAY
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import a_policy
from tests.domain.ceremonies.test_properties import POLICIES
from tests.requirements import requirement

EVENTS = some.sampled_from(
    [
        OutsideEvent("push", "git", {}),
        OutsideEvent("deployed", "emit_event", {}),
        OutsideEvent("task_blocked", "emit_event", {}),
        OutsideEvent("sprint_backlog_empty", "webhook", {}),
        OutsideEvent("budget_spent", "emit_event", {}, 100.0),
    ]
)
COURSES = some.sampled_from(
    [("sprint_planned",), ("sprint_started",), ("sprint_started", "sprint_in_review")]
)


def _standing(policy: Policy, names: tuple[str, ...], event: OutsideEvent | None = None) -> Standing:
    """Of a sprint that went so far, and then was told of it."""
    found = [Happening(n, MONDAY, name, items=9) for n, name in enumerate(names, start=1)]
    if event:
        number = len(found) + 1
        found.append(Happening(number, MONDAY, event.name, source=event.source, spent=event.spent or 0))
    facts = Facts("SHOP-S1", EVERY_WEEKDAY, MONDAY, tuple(found), first_day=MONDAY.date(), budget=100)
    late = replace(facts, first_day=MONDAY.date() + timedelta(9))
    return evaluate(policy, late, Standing(), MONDAY).standing


@requirement("ceremonies.listeners")
@settings(max_examples=150)
@given(POLICIES, EVENTS, COURSES)
def test_an_event_counts_for_those_that_listen_and_for_nobody_else(
    policy: Policy, event: OutsideEvent, course: tuple[str, ...]
) -> None:
    before, after = _standing(policy, course), _standing(policy, course, event)
    assume(before.state is not State.PLANNED or event.spent is None)
    heard = {rule.name for rule in policy.enabled if before.turn(rule) != after.turn(rule)}

    named = {*listeners(policy, event, before.state)}

    assert named - {SPRINT} <= heard
    if before.state is after.state:
        assert named == heard
    elif before.state is State.ACTIVE:
        assert SPRINT in named


SPENT = OutsideEvent("budget_spent", "emit_event", {}, 5.0)
DEPLOYED = OutsideEvent("deployed", "emit_event", {})


@requirement("ceremonies.listeners")
@pytest.mark.parametrize(
    ("sprint", "state", "event", "expected"),
    [
        ({"strategy": "task_driven"}, State.ACTIVE, SPENT, ()),
        ({"strategy": "calendar"}, State.ACTIVE, DEPLOYED, ()),
        ({"strategy": "event_driven"}, State.ACTIVE, DEPLOYED, ()),
        ({"strategy": "event_driven", "transition_event": "deployed"}, State.ACTIVE, DEPLOYED, (SPRINT,)),
        ({"strategy": "event_driven", "transition_event": "deployed"}, State.PLANNED, DEPLOYED, ()),
        (
            {"strategy": "event_driven", "transition_event": "deployed", "auto_transition": False},
            State.ACTIVE,
            DEPLOYED,
            (),
        ),
        (
            {"strategy": "external_trigger", "transition_event": "deployed"},
            State.ACTIVE,
            DEPLOYED,
            ("daily_scrum", "backlog_refinement", SPRINT),
        ),
        (
            {"strategy": "budget_driven", "budget": 9},
            State.PLANNED,
            SPENT,
            ("daily_scrum", "backlog_refinement", SPRINT),
        ),
        ({"strategy": "budget_driven", "budget": 9}, State.IN_REVIEW, SPENT, ()),
        ({"strategy": "milestone_driven"}, State.ACTIVE, DEPLOYED, ()),
        ({"strategy": "throughput_adaptive"}, State.ACTIVE, SPENT, ()),
        ({"strategy": "hybrid"}, State.ACTIVE, DEPLOYED, ()),
    ],
)
def test_in_each_strategy_an_event_has_the_listeners_that_its_policy_says(
    sprint: dict[str, object], state: State, event: OutsideEvent, expected: tuple[str, ...]
) -> None:
    policy = a_policy(sprint=sprint)

    assert policy.sprint.strategy == sprint["strategy"]
    assert listeners(policy, event, state) == expected
