"""The stores: an engine each, and the units of work that it opens."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeAlias, overload

import asyncpg
from sqlalchemy import event, func, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from typing_extensions import TypeVar

from scrum_storage import memory_tables, tables
from scrum_storage.bare import Look, Readers, readers
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.connection import Statements, connected
from scrum_storage.errors import ANSWER, PATIENCE, Silent
from scrum_storage.jsonb import plain
from scrum_storage.memory_work import INDEX, MemoryWork
from scrum_storage.messages import Messages
from scrum_storage.outgoing import Outgoing
from scrum_storage.work import Commit, PostgresWork

_RELAYING = 2
"""Connections that stay open for a relay: one sends, and one settles."""
_SETTINGS = {
    "application_name": "scrum-mcp",
    "timezone": "UTC",
    "jit": "off",  # compiling takes longer than any query here
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",  # a process that hangs blocks nobody for longer
}
_BY_INDEX = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_sort": "off",
}
"""For relays: an outbox is empty now and has a million rows soon, and statistics know of neither in time."""

W = TypeVar("W", default=PostgresWork)

MakeWork: TypeAlias = Callable[[Statements, Commit, Messages], W]


@dataclass(frozen=True)
class Kind(Generic[W]):
    """One of our stores: its schema's name, and what its units of work offer.

    So many `connections` stay open for them, and as many again come when it is busy. They have `settings` beside those
    of every store. A statement without an answer is given up after so many seconds.
    """

    name: str
    tables: Messages
    work: MakeWork[W]
    connections: int
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    answer: float = ANSWER


CORE = Kind("core", tables.core_messages, PostgresWork, 5)
MEMORY = Kind("memory", memory_tables.memory_messages, MemoryWork, 2, INDEX)
CHRONICLE = Kind("chronicle", tables.chronicle_messages, ChronicleWork, 4)
KINDS: tuple[Kind[Any], ...] = (CORE, MEMORY, CHRONICLE)


@dataclass(frozen=True)
class Store(Generic[W]):
    """`reading` shares the connections of `engine` and opens no transactions; the others have some of their own."""

    kind: Kind[W]
    engine: AsyncEngine
    reading: AsyncEngine
    readers: Readers
    outgoing: Outgoing
    _identity: list[str] = field(default_factory=list[str], compare=False)

    @property
    def name(self) -> str:
        return self.kind.name

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[W]:
        """A unit of work; leaving it without a commit rolls back.

        Raises:
            Unavailable: no connection, or it was lost, or is silent.
            Conflict: somebody else changed the same at the same moment.
        """
        async with connected(self.engine) as connection:
            yield self.kind.work(connection, connection.commit, self.kind.tables)

    @asynccontextmanager
    async def look(self) -> AsyncGenerator[W]:
        """For reading only, without a transaction: each statement sees what is committed when it runs.

        Raises:
            Unavailable: no connection, or it was lost, or is silent.
        """
        async with AsyncExitStack() as stack:
            yield self.kind.work(Look(self.readers, self.reading, stack), _nothing, self.kind.tables)

    async def ping(self) -> None:
        """Raises Unavailable."""
        async with connected(self.engine) as connection:
            await connection.execute(text("SELECT 1"))

    async def now(self) -> datetime:
        """By the server's clock. Raises Unavailable."""
        async with connected(self.reading) as connection:
            told: datetime = (await connection.scalars(select(func.clock_timestamp()))).one()
        return told

    async def identity(self) -> str:
        """A UUID, made with the store's tables: a copy of the database has the same. Asked once.

        Raises:
            Unavailable.
        """
        if not self._identity:
            async with connected(self.engine) as connection:
                found = await connection.scalars(select(self.kind.tables.identity.c.id))
                self._identity.append(str(found.one()))
        return self._identity[0]

    async def unsent(self) -> int:
        """Events that no relay has sent yet.

        Raises:
            Unavailable.
        """
        return (await self.outgoing.waiting()).unsent


@overload
def open_store(url: str) -> AbstractAsyncContextManager[Store]: ...
@overload
def open_store(url: str, kind: Kind[W]) -> AbstractAsyncContextManager[Store[W]]: ...
@asynccontextmanager
async def open_store(url: str, kind: Kind[Any] = CORE) -> AsyncGenerator[Store[Any]]:
    """Connects when it is first used; waits up to ten seconds for one of its connections."""
    settings = {**_SETTINGS, **kind.settings}
    async with (
        _connecting(url, kind.connections, settings, kind.answer) as engine,
        _connecting(url, _RELAYING, _SETTINGS | _BY_INDEX, kind.answer) as relaying,
        aclosing(readers(engine, settings, kind.answer)) as bare,
    ):
        reading = engine.execution_options(isolation_level="AUTOCOMMIT")
        yield Store(kind, engine, reading, bare, Outgoing(relaying, kind.tables.outbox))


@asynccontextmanager
async def _connecting(
    url: str, size: int, settings: Mapping[str, str], answer: float
) -> AsyncGenerator[AsyncEngine]:
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=size,
        pool_timeout=PATIENCE,
        connect_args={"timeout": PATIENCE, "command_timeout": answer, "server_settings": settings},
        json_serializer=partial(json.dumps, default=plain),
    )
    event.listen(engine.sync_engine, "checkout", _still_open)
    event.listen(engine.sync_engine, "handle_error", partial(_given_up, answer))
    try:
        yield engine
    finally:
        await engine.dispose()


async def _nothing() -> None:
    """A look has nothing to commit."""


def _still_open(connection: DBAPIConnection, _: object, __: object) -> None:
    """The event loop has seen the end of a connection whose server went away: no need to ask each time."""
    driver: asyncpg.Connection[asyncpg.Record] = connection.driver_connection
    if driver.is_closed():
        raise DisconnectionError


def _given_up(answer: float, context: ExceptionContext) -> None:
    """Only of a statement: what fails while it connects is explained elsewhere."""
    if context.connection is None or not isinstance(context.original_exception, TimeoutError):
        return
    context.is_disconnect = True
    if driver := context.connection.connection.driver_connection:
        driver.terminate()  # or the pool says goodbye, and waits for an answer again
    raise Silent(answer)
