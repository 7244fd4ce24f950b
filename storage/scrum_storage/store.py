"""The store `core`: an engine, and the units of work that it opens."""

import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import asyncpg
from sqlalchemy import event, func, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from scrum_storage.bare import Look, Pool, bare_pool
from scrum_storage.connection import connected
from scrum_storage.jsonb import plain
from scrum_storage.tables import outbox
from scrum_storage.work import PostgresWork

_SETTINGS = {
    "application_name": "scrum-mcp",
    "timezone": "UTC",
    "jit": "off",  # compiling takes longer than any query here
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",  # a process that hangs blocks nobody for longer
}

_UNSENT = select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None))


@dataclass(frozen=True)
class Store:
    """`reading` shares the connections of `engine` and opens no transactions; `pool` has some of its own."""

    name: str
    engine: AsyncEngine
    reading: AsyncEngine
    pool: Pool

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[PostgresWork]:
        """A unit of work; leaving it without a commit rolls back.

        Raises:
            Unavailable: no connection, or it was lost.
            Conflict: somebody else changed the same at the same moment.
        """
        async with connected(self.engine) as connection:
            yield PostgresWork(connection, connection.commit)

    @asynccontextmanager
    async def look(self) -> AsyncGenerator[PostgresWork]:
        """For reading only, without a transaction: each statement sees what is committed when it runs.

        Raises:
            Unavailable: no connection, or it was lost.
        """
        async with AsyncExitStack() as stack:
            yield PostgresWork(Look(self.pool, self.reading, stack), _nothing)

    async def ping(self) -> None:
        """Raises Unavailable."""
        async with connected(self.engine) as connection:
            await connection.execute(text("SELECT 1"))

    async def unsent(self) -> int:
        """Events that no relay has sent yet.

        Raises:
            Unavailable.
        """
        async with connected(self.engine) as connection:
            return await connection.scalar(_UNSENT) or 0


@asynccontextmanager
async def open_store(url: str) -> AsyncGenerator[Store]:
    """Connects when it is first used; waits up to ten seconds for one of its connections.

    At most ten for work, and five for the busiest reads.
    """
    engine = create_async_engine(
        url,
        pool_size=5,
        max_overflow=5,
        pool_timeout=10,
        connect_args={"timeout": 10, "server_settings": _SETTINGS},
        json_serializer=partial(json.dumps, default=plain),
    )
    event.listen(engine.sync_engine, "checkout", _still_open)
    try:
        async with bare_pool(engine, _SETTINGS) as pool:
            yield Store("core", engine, engine.execution_options(isolation_level="AUTOCOMMIT"), pool)
    finally:
        await engine.dispose()


async def _nothing() -> None:
    """A look has nothing to commit."""


def _still_open(connection: DBAPIConnection, _: object, __: object) -> None:
    """The event loop has seen the end of a connection whose server went away: no need to ask each time."""
    driver: asyncpg.Connection[asyncpg.Record] = connection.driver_connection
    if driver.is_closed():
        raise DisconnectionError
