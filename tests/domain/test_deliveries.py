"""Events from the stream: those of an older version are understood, those of a newer one are not."""

from typing import Any

import pytest

from scrum.catalog import EVENTS
from scrum.deliveries import NotUnderstood, delivery
from scrum.sprint.events import SprintClosed
from scrum_storage.ids import uuid7
from tests.builders import MONDAY, SHOP

FIRST: dict[str, Any] = {
    "plan": "PLAN-A",
    "committed": 8,
    "added": 0,
    "removed": 0,
    "reestimated": 0,
    "completed": 8,
    "carried_over": [],
    "destination": "backlog",
}
"""What the first version said."""


def envelope(version: int, **data: Any) -> dict[str, Any]:
    made = str(uuid7())
    return {
        "id": made,
        "type": "SprintClosed",
        "version": version,
        "project": SHOP,
        "aggregate": "SHOP-S1",
        "aggregate_version": 3,
        "occurred_at": MONDAY.isoformat(),
        "actor": "ana",
        "reason": "",
        "correlation_id": made,
        "causation_id": None,
        "data": {**FIRST, **data},
    }


@pytest.mark.parametrize(("told", "spent"), [(envelope(1), None), (envelope(2, spent=2.5), 2.5)])
def test_a_closed_sprint_is_understood_in_every_version(told: dict[str, Any], spent: float | None) -> None:
    event = delivery("core", told, EVENTS).event

    assert isinstance(event, SprintClosed)
    assert (event.completed, event.spent) == (8, spent)


def test_a_closed_sprint_of_a_newer_version_is_not_understood() -> None:
    with pytest.raises(NotUnderstood, match="SprintClosed version 3"):
        delivery("core", envelope(3, mood="good"), EVENTS)
