"""Events, stored in the commit of the state that they tell of."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from scrum.events import Event
from scrum_storage.connection import Statements
from scrum_storage.ids import uuid7
from scrum_storage.tables import outbox

CHANNEL = "core_outbox"

_INSERT = insert(outbox)
_NOTIFY = select(func.pg_notify(CHANNEL, ""))


class Outbox:
    """The events of one unit of work share a correlation id."""

    def __init__(self, connection: Statements) -> None:
        self._connection = connection
        self._correlation = uuid7()
        self._events: list[Event] = []

    def add(self, *events: Event) -> None:
        self._events.extend(events)

    async def write(self) -> None:
        """Once per commit; the notification is sent when the commit succeeds."""
        if not self._events:
            return
        rows = [_columns(event, self._correlation) for event in self._events]
        self._events.clear()
        await self._connection.execute(_INSERT, rows)
        await self._connection.execute(_NOTIFY)


def _columns(event: Event, correlation: UUID) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "type": event.type,
        "version": event.version,
        "project": event.project,
        "aggregate": event.aggregate,
        "aggregate_version": event.aggregate_version,
        "occurred_at": event.occurred_at,
        "actor": event.actor,
        "reason": event.reason,
        "correlation_id": correlation,
        "data": event.data(),
    }
