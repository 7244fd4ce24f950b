"""Events, stored in the commit of the state that they tell of."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table, bindparam, column, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from scrum.deliveries import Delivery
from scrum.events import Event
from scrum_storage.connection import Statements
from scrum_storage.ids import uuid7
from scrum_storage.messages import ENVELOPE, channel


@dataclass(frozen=True)
class _Published:
    event: Event
    cause: Delivery | None


class Outbox:
    """The events of a project in one unit of work share a correlation id; those with a cause share its."""

    def __init__(self, connection: Statements, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._published: list[_Published] = []
        self._known = 0

    def add(self, *events: Event, cause: Delivery | None) -> None:
        self._published.extend(_Published(event, cause) for event in events)

    def fresh(self) -> list[Event]:
        """Those that were published since it was asked last."""
        new = [one.event for one in self._published[self._known :]]
        self._known = len(self._published)
        return new

    async def write(self) -> None:
        """Once per commit; whoever listens is notified when the commit succeeds."""
        if not self._published:
            return
        correlations = defaultdict[str, str](lambda: str(uuid7()))
        rows = [_columns(one, correlations[one.event.project]) for one in self._published]
        self._published.clear()
        self._known = 0
        await self._connection.execute(_write(self._table), {"events": rows})


@cache
def _write(outbox: Table) -> Executable:
    """One statement, whatever the number of events; they keep their order."""
    columns = [column(name, outbox.c[name].type) for name in ENVELOPE]
    events = func.jsonb_to_recordset(bindparam("events", type_=JSONB)).table_valued(*columns)
    rows = select(*events.render_derived(name="event", with_types=True).c)
    stored = insert(outbox).from_select(ENVELOPE, rows).cte("stored")
    return select(func.pg_notify(channel(outbox), "")).add_cte(stored)


def _columns(published: _Published, correlation: str) -> dict[str, Any]:
    event, cause = published.event, published.cause
    return {
        "id": str(uuid7()),
        "type": event.type,
        "version": event.version,
        "project": event.project,
        "aggregate": event.aggregate,
        "aggregate_version": event.aggregate_version,
        "occurred_at": event.occurred_at,
        "actor": event.actor,
        "reason": event.reason,
        "correlation_id": str(cause.correlation) if cause else correlation,
        "causation_id": str(cause.id) if cause else None,
        "data": event.data(),
    }
