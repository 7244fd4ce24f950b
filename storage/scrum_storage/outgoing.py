"""The relay's side of an outbox: what nobody has sent, what is on its way, and what every group has heard."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Executable,
    Table,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    delete,
    func,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from scrum.deliveries import Place
from scrum_storage.connection import connected, listening
from scrum_storage.errors import Lost
from scrum_storage.ids import moment
from scrum_storage.messages import ENVELOPE, channel

MOST_SETTLED = 100_000
"""Rows that one settling deletes: more would take longer than a statement may."""


class Unsent(NamedTuple):
    """`envelope` is the JSON text that travels."""

    id: UUID
    envelope: str


class Sent(NamedTuple):
    id: UUID
    place: Place


@dataclass(frozen=True)
class Added:
    """The Redis that took the events, and where each of them stands there, in their order."""

    server: str
    places: Sequence[Place]


@dataclass(frozen=True)
class Waiting:
    """`oldest` is when the oldest unsent event was stored; `unsettled` counts every event that is not settled."""

    unsent: int
    oldest: datetime | None
    unsettled: int


class Bell(asyncio.Event):
    """Rings at each commit with events. When its connection ends, it rings, and cannot be cleared any more."""

    def __init__(self) -> None:
        super().__init__()
        self._ended = False

    def clear(self) -> None:
        """Raises Lost."""
        if self._ended:
            raise Lost
        super().clear()

    def end(self) -> None:
        self._ended = True
        self.set()


class Outgoing:
    """Each method is a transaction of its own. All raise Unavailable."""

    def __init__(self, engine: AsyncEngine, table: Table) -> None:
        self._engine = engine
        self._table = table

    async def send(self, limit: int, add: Callable[[Sequence[Unsent]], Awaitable[Added]]) -> int:
        """Have the oldest that nobody else is sending added, and mark them as sent; how many.

        When `add` raises, or nobody lives to commit, they are as unsent as before.
        """
        async with connected(self._engine) as connection:
            rows = (await connection.execute(_unsent(self._table), {"limit": limit})).all()
            if rows:
                unsent = [Unsent(*row) for row in rows]
                values = _places(unsent, await add(unsent))
                await connection.execute(_mark(self._table), values)
                await connection.commit()
        return len(rows)

    async def strays(self, server: str, limit: int) -> list[Sent]:
        """What another Redis than this one took, or this one before it restarted or lost its data."""
        async with connected(self._engine) as connection:
            values = {"server": server, "limit": limit}
            rows = (await connection.execute(_strays(self._table), values)).all()
        return [Sent(row.id, Place(row.stream_ms, row.stream_seq)) for row in rows]

    async def relabel(self, ids: Collection[UUID], server: str) -> None:
        """They are in the stream of this server, where they were."""
        await self._change(ids, server=server)

    async def unsend(self, ids: Collection[UUID]) -> None:
        """They are nowhere, and have to be sent again."""
        await self._change(ids, sent_at=None, server=None, stream_ms=None, stream_seq=None)

    async def settle(self, server: str, floor: Place) -> int:
        """Forget what stands up to here in this server's stream, at most MOST_SETTLED; how many.

        What a relay has added and not committed yet comes with a later call, though the floor may be the same.
        """
        async with connected(self._engine) as connection:
            values = {"server": server, "ms": floor.ms, "seq": floor.seq}
            deleted = await connection.execute(_settle(self._table), values)
            await connection.commit()
        return deleted.rowcount

    async def waiting(self) -> Waiting:
        async with connected(self._engine) as connection:
            row = (await connection.execute(_waiting(self._table))).one()
        return Waiting(row.unsent, moment(row.oldest) if row.oldest else None, row.unsettled)

    async def behind(self, after: Place) -> int:
        """Events that somebody who has come to this place has not heard: sent ones after it, and unsent ones."""
        outbox = self._table
        later = tuple_(outbox.c.stream_ms, outbox.c.stream_seq) > tuple_(*after)
        count = select(func.count()).select_from(outbox).where(or_(outbox.c.sent_at.is_(None), later))
        async with connected(self._engine) as connection:
            return await connection.scalar(count) or 0

    async def oldest(self) -> UUID | None:
        """The least id of all that are not settled."""
        outbox = self._table
        async with connected(self._engine) as connection:
            found: UUID | None = await connection.scalar(select(outbox.c.id).order_by(outbox.c.id).limit(1))
        return found

    @asynccontextmanager
    async def woken(self) -> AsyncGenerator[Bell]:
        """Rings when there is something to send, on a connection of its own."""
        bell = Bell()
        async with listening(self._engine, channel(self._table), heard=bell.set, ended=bell.end):
            yield bell

    async def _change(self, ids: Collection[UUID], **values: Any) -> None:
        """Only of sent ones; in the order of the ids, so that two relays wait for each other in one direction."""
        outbox = self._table
        which = select(outbox.c.id).where(outbox.c.id.in_(ids), outbox.c.sent_at.is_not(None))
        locked = which.order_by(outbox.c.id).with_for_update()
        async with connected(self._engine) as connection:
            await connection.execute(update(outbox).where(outbox.c.id.in_(locked)).values(values))
            await connection.commit()


@cache
def _unsent(outbox: Table) -> Executable:
    """Locked first: an envelope is made only of those that are sent now."""
    locked = (
        select(outbox)
        .where(outbox.c.sent_at.is_(None))
        .order_by(outbox.c.seq)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .subquery("unsent")
    )
    pairs = [part for name in ENVELOPE for part in (name, locked.c[name])]
    return select(locked.c.id, cast(func.json_build_object(*pairs), Text).label("envelope"))


@cache
def _mark(outbox: Table) -> Executable:
    places = (
        func.unnest(
            bindparam("ids", type_=ARRAY(Uuid)),
            bindparam("ms", type_=ARRAY(BigInteger)),
            bindparam("seqs", type_=ARRAY(BigInteger)),
        )
        .table_valued(column("id", Uuid), column("ms", BigInteger), column("seq", BigInteger))
        .render_derived(name="place")
    )
    return (
        update(outbox)
        .where(outbox.c.id == places.c.id)
        .values(
            sent_at=func.now(),
            server=bindparam("taken_by"),
            stream_ms=places.c.ms,
            stream_seq=places.c.seq,
        )
    )


def _places(unsent: Sequence[Unsent], added: Added) -> dict[str, Any]:
    pairs = list(zip(unsent, added.places, strict=True))
    return {
        "ids": [one.id for one, _ in pairs],
        "ms": [place.ms for _, place in pairs],
        "seqs": [place.seq for _, place in pairs],
        "taken_by": added.server,
    }


@cache
def _strays(outbox: Table) -> Executable:
    """In two halves, which the index answers however many are where they should be."""
    server = bindparam("server", type_=Text)
    sent = select(outbox.c.id, outbox.c.stream_ms, outbox.c.stream_seq).where(_sent(outbox))
    halves = union_all(sent.where(outbox.c.server < server), sent.where(outbox.c.server > server))
    return halves.limit(bindparam("limit"))


@cache
def _settle(outbox: Table) -> Executable:
    """Two relays that settle at once leave each other's rows alone."""
    floor = tuple_(bindparam("ms", type_=BigInteger), bindparam("seq", type_=BigInteger))
    heard = select(outbox.c.id).where(
        _sent(outbox),
        outbox.c.server == bindparam("server"),
        tuple_(outbox.c.stream_ms, outbox.c.stream_seq) <= floor,
    )
    return delete(outbox).where(outbox.c.id.in_(heard.limit(MOST_SETTLED).with_for_update(skip_locked=True)))


@cache
def _waiting(outbox: Table) -> Executable:
    unsent = select(func.count()).where(outbox.c.sent_at.is_(None))
    first = select(outbox.c.id).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.seq).limit(1)
    return select(
        unsent.scalar_subquery().label("unsent"),
        first.scalar_subquery().label("oldest"),
        select(func.count()).select_from(outbox).scalar_subquery().label("unsettled"),
    )


def _sent(outbox: Table) -> ColumnElement[bool]:
    """As the index has it."""
    return outbox.c.sent_at.is_not(None)
