"""What happened, as events that are never changed."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Select, Table, Uuid, bindparam, column, func, select, tuple_, union
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert

from scrum.catalog import EVENTS
from scrum.chronicle.model import UNTOLD, Happening, Order, Span
from scrum.chronicle.sentences import Unfamiliar
from scrum.events import Event
from scrum_storage.connection import Statements
from scrum_storage.inbox import State
from scrum_storage.tables import happenings

CONSUMER = "chronicle"
"""The name under which the inbox knows who adds happenings."""

_MOMENT = (happenings.c.at, happenings.c.event)


class PostgresHappenings:
    def __init__(self, connection: Statements, inbox: Table) -> None:
        self._connection = connection
        self._inbox = inbox

    async def add(self, happened: Sequence[Happening]) -> None:
        """In the order of the ids: two who add some of the same wait for each other in one direction."""
        rows = [_columns(one) for one in sorted(happened, key=lambda one: one.id)]
        await self._connection.execute(_add(), {"happenings": rows})

    async def of(self, span: Span) -> list[Happening]:
        rows = (await self._connection.execute(_span(span))).all()
        return [_happening(row) for row in rows]

    async def pending(self, project: str, published: Collection[UUID]) -> int:
        values = {"project": project, "published": list(published)}
        return await self._connection.scalar(_pending(self._inbox), values) or 0


@cache
def _add() -> Insert:
    """One statement, whatever their number."""
    columns = [column(one.name, one.type) for one in happenings.c]
    given = func.jsonb_to_recordset(bindparam("happenings", type_=JSONB)).table_valued(*columns)
    rows = select(*given.render_derived(name="given", with_types=True).c)
    return insert(happenings).from_select([one.name for one in columns], rows).on_conflict_do_nothing()


@cache
def _pending(inbox: Table) -> Select[Any]:
    """What the inbox has set aside is not on its way any more, but not here either."""
    given = func.unnest(bindparam("published", type_=ARRAY(Uuid))).column_valued("given")
    set_aside = select(inbox.c.event).where(
        inbox.c.consumer == CONSUMER,
        inbox.c.state != State.DONE.value,
        inbox.c.envelope["project"].astext == bindparam("project"),
    )
    waiting = union(select(given.label("event")), set_aside).subquery("waiting")
    known = select(happenings.c.event).where(happenings.c.event == waiting.c.event).exists()
    return select(func.count()).select_from(waiting).where(~known)


def _span(span: Span) -> Select[Any]:
    oldest_first = span.order is Order.OLDEST_FIRST
    told = happenings.c.type.not_in([kind.__name__ for kind in UNTOLD])
    wanted = select(happenings).where(happenings.c.project == span.project, told)
    if span.sprint:
        wanted = wanted.where(happenings.c.sprint == span.sprint)
    if span.itself:
        wanted = wanted.where(happenings.c.aggregate == span.sprint)
    if span.after:
        moment, after = tuple_(*_MOMENT), tuple_(*span.after)
        wanted = wanted.where(moment > after if oldest_first else moment < after)
    order = [one if oldest_first else one.desc() for one in _MOMENT]
    return wanted.order_by(*order).limit(span.limit + 1)


def _columns(happening: Happening) -> dict[str, Any]:
    event = happening.event
    return {
        "event": str(happening.id),
        "project": event.project,
        "at": event.occurred_at,
        "actor": event.actor,
        "type": event.type,
        "version": event.version,
        "aggregate": event.aggregate,
        "aggregate_version": event.aggregate_version,
        "sprint": happening.sprint,
        "reason": event.reason,
        "data": event.data(),
    }


def _happening(row: Row[Any]) -> Happening:
    return Happening(row.event, row.sprint, _event(row))


def _event(row: Row[Any]) -> Event:
    """As it was; what only a newer version knows is kept under its name."""
    shared = {
        "project": row.project,
        "aggregate": row.aggregate,
        "aggregate_version": row.aggregate_version,
        "occurred_at": row.at,
        "actor": row.actor,
        "reason": row.reason,
    }
    kind = EVENTS.get(row.type)
    if kind is None or row.version > kind.version:
        return Unfamiliar(kind=row.type, **shared)
    return kind(**shared, **row.data)
