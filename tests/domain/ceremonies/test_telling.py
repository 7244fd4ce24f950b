"""What people tell of ceremonies, and for them: what is refused, and why."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.outcome import Action, Outcome, TooMany, outcome_of
from scrum.ceremonies.outside import OutsideEvent, ReservedEvent, outside_event
from scrum.errors import Invalid

RETRO = Occurrence("SHOP-S1", "retrospective", "end", datetime(2026, 3, 2, tzinfo=UTC), "It ended.", number=4)


@pytest.mark.parametrize(
    ("name", "payload", "path"),
    [
        ("budget_spent", {}, "payload.spent: it is null"),
        ("budget_spent", {"spent": "much"}, "payload.spent: 'much' is a text"),
        ("budget_spent", {"spent": -1}, "payload.spent: it is -1"),
        ("budget_spent", {"spent": True}, "payload.spent: true"),
        ("task_completed", {}, "name: 'task_completed' is recorded by scrum-mcp itself"),
        ("Sprint Completed", {}, "name: 'sprint_completed' is recorded"),
        ("!", {}, "name: "),
        ("deployed", {"log": "x" * 4_000}, "payload is "),
    ],
)
def test_a_bad_event_is_refused_with_its_path(name: str, payload: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as caught:
        outside_event(name, "", payload)

    assert str(caught.value).startswith(path)
    assert isinstance(caught.value, ReservedEvent) == ("recorded" in path)


def test_an_event_is_named_as_policies_name_it() -> None:
    assert outside_event("BudgetSpent", "CI", {"spent": 3}) == OutsideEvent(
        "budget_spent", "ci", {"spent": 3}, 3
    )
    assert outside_event("deployed", "", None).source == "emit_event"


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (Outcome("x" * 4_001), Invalid),
        (Outcome(decisions=["x"] * 21), TooMany),
        (Outcome(decisions=["x" * 301]), Invalid),
        (Outcome(attendees=["x"] * 51), TooMany),
        (Outcome(actions=[Action(text="x")] * 21), TooMany),
        (Outcome(actions=[Action(text=" ")]), Invalid),
        (Outcome(actions=[Action("BLOG-S1-C1-A1", owner="Bo")]), Invalid),
        (Outcome(actions=[Action("SHOP-S1-C1-A1")]), Invalid),
    ],
)
def test_what_is_too_much_or_belongs_elsewhere_is_refused(outcome: Outcome, error: type[Invalid]) -> None:
    with pytest.raises(error):
        outcome_of(RETRO, outcome)


def test_as_much_as_there_may_be_is_taken() -> None:
    most = Outcome("x" * 4_000, ["x" * 300] * 20, [f"P{n}" for n in range(50)], [Action(text="x")] * 20)

    assert [one.id for one in outcome_of(RETRO, most).actions] == [f"SHOP-S1-C4-A{n}" for n in range(1, 21)]
