"""Which events sprints hear of, and as what."""

from collections.abc import Sequence
from typing import Any

import pytest

from scrum.backlog.events import (
    ItemAdded,
    ItemBlocked,
    ItemChanged,
    ItemCompleted,
    ItemReopened,
    ItemUnblocked,
)
from scrum.catalog import EVENTS
from scrum.ceremonies.events import (
    CeremoniesSet,
    CeremonyDue,
    CeremonyHeld,
    CeremonySkipped,
    CeremonyTriggered,
    OutsideEventSeen,
)
from scrum.ceremonies.happened import Heard, happened
from scrum.events import Event
from scrum.sprint import events as sprint
from scrum.team.events import ProjectSetUp
from tests.builders import MONDAY, SHOP

S1, ITEM = "SHOP-S1", "SHOP-1"
CEREMONY: dict[str, Any] = {"sprint": S1, "ceremony": "retrospective"}


def an(kind: type[Event], aggregate: str = S1, *, actor: str = "ana", **data: Any) -> Event:
    return kind(
        project=SHOP, aggregate=aggregate, aggregate_version=7, occurred_at=MONDAY, actor=actor, **data
    )


def told(*events: Event) -> list[tuple[str, str, dict[str, Any]]]:
    return [(one.name, one.sprint, dict(one.values)) for one in happened(events)]


def changed(sprint: str = S1, **fields: Any) -> Event:
    return an(ItemChanged, ITEM, sprint=sprint, fields=fields)


ALONE: Sequence[tuple[Event, tuple[str, str, dict[str, Any]]]] = [
    (an(sprint.SprintPlanned, plan="", goal="", items=[], points=0), ("sprint_planned", S1, {})),
    (an(sprint.SprintStarted, items=["a", "b"], points=0), ("sprint_started", S1, {"items": 2})),
    (
        an(sprint.SprintScopeChanged, added=["a", "b"], removed=[], points=0),
        ("scope_changed", S1, {"items": 2, "done": 0}),
    ),
    (
        an(sprint.SprintScopeChanged, added=[], removed=["a", "b"], done=["b"], points=0),
        ("scope_changed", S1, {"items": -2, "done": -1}),
    ),
    (an(sprint.SprintExtended, days=-2, end=""), ("sprint_extended", S1, {"days": -2})),
    (an(sprint.SprintReviewed), ("sprint_in_review", S1, {})),
    (an(sprint.SprintInRetrospective), ("sprint_in_retrospective", S1, {})),
    (an(ItemCompleted, ITEM, sprint=S1, points=3), ("task_completed", "", {"item": ITEM})),
    (an(ItemReopened, ITEM, sprint=S1), ("task_reopened", "", {"item": ITEM})),
    (an(ItemBlocked, ITEM, sprint=S1, why="x"), ("task_blocked", S1, {"item": ITEM})),
    (an(ItemUnblocked, ITEM, sprint=S1, since="x"), ("task_unblocked", S1, {"item": ITEM})),
    (changed(status="in_progress"), ("board_state_changed", S1, {"item": ITEM})),
    (changed(status="cancelled", sprint=S1), ("scope_changed", S1, {"items": -1, "item": ITEM})),
    (
        an(OutsideEventSeen, sprint=S1, name="tag", source="git", spent=None, payload={}, signal="7"),
        ("tag", S1, {"source": "git", "spent": 0, "signal": "7"}),
    ),
    (
        an(OutsideEventSeen, sprint=S1, name="budget_spent", source="ci", spent=1.5, payload={}),
        ("budget_spent", S1, {"source": "ci", "spent": 1.5, "signal": ""}),
    ),
    (
        an(OutsideEventSeen, sprint=S1, name="time_passed", source="git", spent=None, payload={}),
        ("time_passed", S1, {"source": "", "spent": 0, "signal": ""}),
    ),
    (
        an(CeremonyTriggered, **CEREMONY),
        ("ceremony_triggered", S1, {"item": "retrospective", "source": "ana"}),
    ),
    (
        an(CeremonyTriggered, actor="local", **CEREMONY),
        ("ceremony_triggered", S1, {"item": "retrospective", "source": ""}),
    ),
    (
        an(CeremonyHeld, occurrence="end", notes="", decisions=[], attendees=[], actions=[], **CEREMONY),
        ("ceremony_held", S1, {"item": "retrospective", "occurrence": "end"}),
    ),
    (
        an(CeremonySkipped, **CEREMONY),
        ("ceremony_skipped", S1, {"item": "retrospective", "occurrence": ""}),
    ),
    (an(ProjectSetUp, SHOP, name="", settings={}), ("policy_changed", "", {})),
    (an(CeremoniesSet, SHOP, cadence="solo", settings={}), ("policy_changed", "", {})),
]
NOTHING: Sequence[Event] = [
    an(ItemAdded, ITEM, title="", points=None, priority="low"),
    an(ItemBlocked, ITEM, sprint="", why=""),
    changed(title="Pay"),
    changed(sprint="", status="in_progress"),
    an(sprint.SprintGoalChanged, goal=""),
    an(CeremonyDue, occurrence="", covers=[], because="", **CEREMONY),
]


@pytest.mark.parametrize(("event", "heard"), ALONE, ids=lambda one: getattr(one, "type", ""))
def test_a_sprint_hears_of_what_concerns_it(event: Event, heard: tuple[str, str, dict[str, Any]]) -> None:
    assert told(event) == [heard]


@pytest.mark.parametrize("event", NOTHING, ids=lambda one: one.type)
def test_a_sprint_does_not_hear_of_the_rest(event: Event) -> None:
    assert told(event) == []


def test_a_change_of_status_is_heard_of_once() -> None:
    done = [changed(status="done"), an(ItemCompleted, ITEM, sprint=S1, points=1)]
    assert [name for name, *_ in told(*done)] == ["task_completed"]

    opened = [an(ItemReopened, ITEM, sprint=S1), changed(status="todo")]
    assert [name for name, *_ in told(*opened)] == ["task_reopened"]


def test_a_done_item_that_is_cancelled_is_done_no_more_before_it_leaves() -> None:
    cancelled = [an(ItemReopened, ITEM, sprint=S1), changed(status="cancelled", sprint=S1)]

    assert [name for name, *_ in told(*cancelled)] == ["task_reopened", "scope_changed"]


def test_an_item_says_where_it_was_completed() -> None:
    assert [one.within for one in happened([an(ItemCompleted, ITEM, sprint="", points=1)])] == [""]
    assert happened([]) == list[Heard]()


def test_every_event_of_a_sprint_is_decided_here() -> None:
    """A new one has to be: heard of, or left out on purpose."""
    decided = {event.type for event, _ in ALONE} | {event.type for event in NOTHING}
    ends = {"SprintClosed", "SprintCancelled"}
    unheard = {"HistoryImported", "CeremonyDelivered", "CeremonyFailed"}
    ours = ("scrum.sprint.events", "scrum.backlog.events", "scrum.ceremonies.events")

    assert {name for name, kind in EVENTS.items() if kind.__module__ in ours} == decided - {
        "ProjectSetUp"
    } | ends | unheard
