"""The least that could keep the promise of events: bare asyncpg and redis-py, on the servers that the product has.

One process with two loops. One reads what is not sent from an outbox and marks it in one transaction, with a pipeline
of XADD in between. The other reads with XREADGROUP, inserts an inbox row and a history row for each in one transaction,
and acknowledges. Batches are as large as the product's, each step is one statement or one pipeline per batch, rows
travel as arrays, and the envelope is text that only PostgreSQL parses.

It leaves out what makes the promise hold for ever: typed events, retries and dead letters, takeover from a worker that
ended, a Redis that lost what it had, and an outbox that does not grow.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from redis.asyncio import Redis

from scrum.events import Event
from scrum_server.events.consumer import BATCH as HANDLED
from scrum_server.events.relay import BATCH as RELAYED
from scrum_storage.ids import uuid7
from scrum_storage.jsonb import plain

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

_STREAM, _GROUP = "bare", "history"
_TABLES = """
CREATE SCHEMA bare;
CREATE TABLE bare.outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id uuid NOT NULL, envelope text NOT NULL,
    sent boolean NOT NULL DEFAULT false
);
CREATE INDEX ON bare.outbox (seq) WHERE NOT sent;
CREATE TABLE bare.inbox (event uuid PRIMARY KEY);
CREATE TABLE bare.history (LIKE chronicle.history INCLUDING ALL);
"""
_PUBLISH = "INSERT INTO bare.outbox (id, envelope) SELECT * FROM unnest($1::uuid[], $2::text[])"
_NOTIFY = "SELECT pg_notify('bare', '')"
_UNSENT = (
    "SELECT seq, id, envelope FROM bare.outbox WHERE NOT sent ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED"
)
_SENT = "UPDATE bare.outbox SET sent = true WHERE seq = ANY($1::bigint[])"
_TAKE = "INSERT INTO bare.inbox SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event"
_RECORD = """
INSERT INTO bare.history
SELECT id, project, occurred_at, actor, type, version, aggregate, aggregate_version,
    coalesce(data->>'sprint', ''), reason, data
FROM jsonb_to_recordset($1::text::jsonb) AS one (
    id uuid, project text, occurred_at timestamptz, actor text, type text, version int, aggregate text,
    aggregate_version int, reason text, data jsonb
)
WHERE id = ANY($2::uuid[])
"""


@dataclass(frozen=True)
class Bare:
    pool: Pool
    redis: Redis

    async def prepare(self) -> None:
        await self.pool.execute(_TABLES)
        await self.redis.xgroup_create(_STREAM, _GROUP, id="0", mkstream=True)

    async def commit(self, events: Sequence[Event]) -> None:
        """Store them, and wake whoever relays."""
        ids = [uuid7() for _ in events]
        envelopes = [_envelope(*pair) for pair in zip(ids, events, strict=True)]
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(_PUBLISH, ids, envelopes)
            await connection.execute(_NOTIFY)

    async def run(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            loops = [tasks.create_task(one) for one in (self._relay(), self._consume())]
            await stop.wait()
            for loop in loops:
                loop.cancel()

    async def _relay(self) -> None:
        woken = asyncio.Event()

        def wake(*_: object) -> None:
            woken.set()

        async with self.pool.acquire() as connection:
            await connection.add_listener("bare", wake)
            try:
                while True:
                    woken.clear()
                    while await self._send() == RELAYED:
                        pass
                    await woken.wait()
            finally:
                await connection.remove_listener("bare", wake)

    async def _send(self) -> int:
        async with self.pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_UNSENT, RELAYED)
            if rows:
                await self._add(rows)
                await connection.execute(_SENT, [row["seq"] for row in rows])
        return len(rows)

    async def _add(self, rows: Sequence[asyncpg.Record]) -> None:
        async with self.redis.pipeline(transaction=False) as pipeline:
            for row in rows:
                pipeline.xadd(_STREAM, {"id": row["id"].bytes, "event": row["envelope"]})
            await pipeline.execute()

    async def _consume(self) -> None:
        while True:
            read: Any = await self.redis.xreadgroup(_GROUP, "one", {_STREAM: ">"}, HANDLED, block=1000)
            if read:
                entries = read[0][1]
                await self._handle([fields for _, fields in entries])
                await self.redis.xack(_STREAM, _GROUP, *(place for place, _ in entries))

    async def _handle(self, entries: Sequence[dict[bytes, bytes]]) -> None:
        ids = [UUID(bytes=fields[b"id"]) for fields in entries]
        envelopes = b",".join(fields[b"event"] for fields in entries).decode()
        async with self.pool.acquire() as connection, connection.transaction():
            fresh = await connection.fetch(_TAKE, ids)
            await connection.execute(_RECORD, f"[{envelopes}]", [row["event"] for row in fresh])


@asynccontextmanager
async def opened(database: str, redis: str) -> AsyncGenerator[Bare]:
    client: Redis = Redis.from_url(redis)  # pyright: ignore[reportUnknownMemberType] # its options are untyped
    async with asyncpg.create_pool(database, min_size=3, max_size=3) as pool, client:
        yield Bare(pool, client)


def _envelope(made: UUID, event: Event) -> str:
    """As it travels in the product too."""
    values: dict[str, Any] = {
        "id": str(made),
        "type": event.type,
        "version": event.version,
        "project": event.project,
        "aggregate": event.aggregate,
        "aggregate_version": event.aggregate_version,
        "occurred_at": event.occurred_at,
        "actor": event.actor,
        "reason": event.reason,
        "correlation_id": str(made),
        "causation_id": None,
        "data": event.data(),
    }
    return json.dumps(values, default=plain)
