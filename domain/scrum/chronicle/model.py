"""The history of a project: who did what, when and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Self
from uuid import UUID

from scrum.chronicle.sentences import sentence
from scrum.deliveries import Delivery
from scrum.events import Event
from scrum.memory.events import DecisionTaken
from scrum.sprint.events import (
    SprintCancelled,
    SprintClosed,
    SprintExtended,
    SprintGoalChanged,
    SprintInRetrospective,
    SprintPlanned,
    SprintReviewed,
    SprintScopeChanged,
    SprintStarted,
)

_OF_SPRINTS = (
    SprintPlanned,
    SprintStarted,
    SprintScopeChanged,
    SprintExtended,
    SprintGoalChanged,
    SprintReviewed,
    SprintInRetrospective,
    SprintClosed,
    SprintCancelled,
)


UNTOLD = (DecisionTaken,)
"""Histories leave them out: what people did is told by another event of the same commit."""


class Moment(NamedTuple):
    """The place of a happening: histories are in the order of these."""

    at: datetime
    id: UUID


@dataclass(frozen=True)
class Happening:
    """An event as it is remembered; `sprint` is the one that it concerns, '' for none."""

    id: UUID
    sprint: str
    event: Event

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        return cls(delivery.id, sprint_of(delivery.event), delivery.event)

    @property
    def moment(self) -> Moment:
        return Moment(self.event.occurred_at, self.id)

    @property
    def what(self) -> str:
        """What `event.actor` did; texts of people are quoted."""
        return sentence(self.event)


def sprint_of(event: Event) -> str:
    """The sprint that an event concerns; '' for none."""
    return event.aggregate if isinstance(event, _OF_SPRINTS) else getattr(event, "sprint", "")


class Order(StrEnum):
    OLDEST_FIRST = "oldest first"
    NEWEST_FIRST = "newest first"


@dataclass(frozen=True)
class Span:
    """A part of a project's history, after a moment in its order.

    With a `sprint`, what concerns it; with `itself`, only what was done to the sprint and not to its items.
    """

    project: str
    sprint: str = ""
    itself: bool = False
    after: Moment | None = None
    limit: int = 50

    @property
    def order(self) -> Order:
        """A sprint is a story with a beginning; of a project, one wants the news."""
        return Order.OLDEST_FIRST if self.sprint else Order.NEWEST_FIRST


@dataclass(frozen=True)
class Subject:
    """What a history is asked of, and events of the project that may be on their way to it."""

    project: str
    sprint: str
    published: frozenset[UUID]


@dataclass(frozen=True)
class History:
    """A page of happenings. `more` of them follow; `pending` events of the project are not known here yet."""

    order: Order
    happenings: tuple[Happening, ...]
    more: bool
    pending: int

    @property
    def completeness(self) -> str:
        """Of the project's history, for whoever reads it."""
        if not self.pending:
            return "The history is complete."
        one = self.pending == 1
        return (
            f"At least {self.pending} {'event is' if one else 'events are'} not in the history yet: ask again in a "
            "moment, or get_status for what they wait for."
        )
