"""What sprints hear of the events that were published: the happenings that make ceremonies due."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scrum.backlog.events import ItemBlocked, ItemChanged, ItemCompleted, ItemReopened, ItemUnblocked
from scrum.backlog.model import Status
from scrum.ceremonies.events import (
    CeremoniesSet,
    CeremonyHeld,
    CeremonySkipped,
    CeremonyTriggered,
    OutsideEventSeen,
)
from scrum.ceremonies.terms import Happened
from scrum.events import LOCAL, Event
from scrum.sprint.events import (
    SprintCancelled,
    SprintClosed,
    SprintExtended,
    SprintInRetrospective,
    SprintPlanned,
    SprintReviewed,
    SprintScopeChanged,
    SprintStarted,
)
from scrum.team.events import ProjectSetUp


@dataclass(frozen=True)
class Heard:
    """`sprint` hears of it; empty for the open one of the project, to which it is elsewhere unless it was `within` it.

    `values` are the fields of the Happening that are not as usual.
    """

    event: Event
    name: str
    sprint: str
    values: Mapping[str, Any]
    within: str | None = None


def happened(events: Iterable[Event]) -> list[Heard]:
    """In the order in which they were published."""
    listed = [event for event in events if type(event) in _HEARD]
    told = {(one.aggregate, one.aggregate_version) for one in listed if isinstance(one, _TELL_THE_STATUS)}
    return [heard for event in listed if not _is_told(event, told) for heard in _HEARD[type(event)](event)]


_TELL_THE_STATUS = (ItemCompleted, ItemReopened)


def _is_told(event: Event, told: set[tuple[str, int]]) -> bool:
    """That its status changed is implied by another event of the same change."""
    if not isinstance(event, ItemChanged) or event.fields.get("status") == Status.CANCELLED:
        return False
    return (event.aggregate, event.aggregate_version) in told


def _of_sprint(name: str) -> Callable[[Any], list[Heard]]:
    return lambda event: [Heard(event, name, event.aggregate, {})]


def _started(event: SprintStarted) -> list[Heard]:
    return [Heard(event, Happened.SPRINT_STARTED, event.aggregate, {"items": len(event.items)})]


def _extended(event: SprintExtended) -> list[Heard]:
    return [Heard(event, Happened.SPRINT_EXTENDED, event.aggregate, {"days": event.days})]


def _scoped(event: SprintScopeChanged) -> list[Heard]:
    values = {"items": len(event.added) - len(event.removed), "done": -len(event.done)}
    return [Heard(event, Happened.SCOPE_CHANGED, event.aggregate, values)]


def _changed(event: ItemChanged) -> list[Heard]:
    status = event.fields.get("status")
    if status == Status.CANCELLED:
        return _cancelled(event)
    if status is None or not event.sprint:
        return []
    return _of_item(Happened.BOARD_STATE_CHANGED)(event)


def _cancelled(event: ItemChanged) -> list[Heard]:
    """Outside of the sprint too: a milestone does without it."""
    if not event.sprint:
        return _anywhere(Happened.SCOPE_CHANGED)(event)
    return [Heard(event, Happened.SCOPE_CHANGED, event.sprint, {"items": -1, "item": event.aggregate})]


def _of_item(name: str) -> Callable[[Any], list[Heard]]:
    """Of an item in the sprint."""
    return lambda event: [Heard(event, name, event.sprint, {"item": event.aggregate})] if event.sprint else []


def _anywhere(name: str) -> Callable[[Any], list[Heard]]:
    return lambda event: [Heard(event, name, "", {"item": event.aggregate}, event.sprint)]


def _outside(event: OutsideEventSeen) -> list[Heard]:
    source = "" if event.name == TIME_PASSED else event.source
    values = {"source": source, "spent": event.spent or 0, "signal": event.signal}
    return [Heard(event, event.name, event.sprint, values)]


def _triggered(event: CeremonyTriggered) -> list[Heard]:
    values = {"item": event.ceremony, "source": "" if event.actor == LOCAL else event.actor}
    return [Heard(event, Happened.CEREMONY_TRIGGERED, event.sprint, values)]


def _settled(name: str) -> Callable[[Any], list[Heard]]:
    return lambda event: [
        Heard(event, name, event.sprint, {"item": event.ceremony, "occurrence": event.occurrence})
    ]


def _policy(event: Event) -> list[Heard]:
    return [Heard(event, POLICY_CHANGED, "", {})]


TIME_PASSED = "time_passed"
"""Nothing happened but that."""
POLICY_CHANGED = "policy_changed"
"""What comes next has to be looked at again."""

_HEARD: Mapping[type[Event], Callable[[Any], Sequence[Heard]]] = {
    SprintPlanned: _of_sprint(Happened.SPRINT_PLANNED),
    SprintStarted: _started,
    SprintExtended: _extended,
    SprintScopeChanged: _scoped,
    SprintReviewed: _of_sprint(Happened.SPRINT_IN_REVIEW),
    SprintInRetrospective: _of_sprint(Happened.SPRINT_IN_RETROSPECTIVE),
    SprintClosed: _of_sprint(Happened.SPRINT_COMPLETED),
    SprintCancelled: _of_sprint(Happened.SPRINT_CANCELLED),
    ItemCompleted: _anywhere(Happened.TASK_COMPLETED),
    ItemReopened: _anywhere(Happened.TASK_REOPENED),
    ItemChanged: _changed,
    ItemBlocked: _of_item(Happened.TASK_BLOCKED),
    ItemUnblocked: _of_item(Happened.TASK_UNBLOCKED),
    OutsideEventSeen: _outside,
    CeremonyTriggered: _triggered,
    CeremonyHeld: _settled(Happened.CEREMONY_HELD),
    CeremonySkipped: _settled(Happened.CEREMONY_SKIPPED),
    ProjectSetUp: _policy,
    CeremoniesSet: _policy,
}
