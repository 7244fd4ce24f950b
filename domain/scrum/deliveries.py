"""Events on their way to those who react to them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

from scrum.errors import Invalid
from scrum.events import Event

W = TypeVar("W")


class Place(NamedTuple):
    """Where an event is in its stream: milliseconds since 1970, and a number among those of one millisecond."""

    ms: int
    seq: int

    def __str__(self) -> str:
        return f"{self.ms}-{self.seq}"


@dataclass(frozen=True)
class Delivery:
    """An event that the store `store` published, once or more often: `id` tells.

    `correlation` is shared by all that came of one call, `cause` is the event whose handling published this one.
    """

    id: UUID
    store: str
    event: Event
    correlation: UUID
    cause: UUID | None


Handle: TypeAlias = Callable[[W, Sequence[Delivery]], Awaitable[None]]
"""Reacts to some events, in the unit of work that remembers that they were handled; it does not commit.

Deliveries come in any order, and each exactly once: what depends on the order compares aggregate versions.
"""


@dataclass(frozen=True)
class Subscription(Generic[W]):
    """What a consumer does with events of these types; with all of them when none is named."""

    handle: Handle[W]
    types: frozenset[type[Event]] = frozenset()

    def wants(self, event: Event) -> bool:
        return not self.types or type(event) in self.types


class NotUnderstood(Invalid):
    """The event is of a type, or of a version of it, that this code does not know; a newer one may."""

    def __init__(self, kind: str, version: int) -> None:
        super().__init__(
            f"{kind} version {version} is unknown here. Update scrum-mcp: it is kept until then."
        )


def delivery(store: str, envelope: Mapping[str, Any], known: Mapping[str, type[Event]]) -> Delivery:
    """From the JSON object that travels.

    Raises:
        NotUnderstood: its type is not `known`, or its version is newer.
    """
    kind, version = envelope["type"], envelope["version"]
    made = known.get(kind)
    if made is None or version > made.version:
        raise NotUnderstood(kind, version)
    event = made(
        project=envelope["project"],
        aggregate=envelope["aggregate"],
        aggregate_version=envelope["aggregate_version"],
        occurred_at=datetime.fromisoformat(envelope["occurred_at"]),
        actor=envelope["actor"],
        reason=envelope["reason"],
        **envelope["data"],
    )
    cause = envelope["causation_id"]
    return Delivery(
        id=UUID(envelope["id"]),
        store=store,
        event=event,
        correlation=UUID(envelope["correlation_id"]),
        cause=UUID(cause) if cause else None,
    )
