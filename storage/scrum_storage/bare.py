"""The busiest reads on the bare driver: each is one statement whose only value is JSON.

The statements are SQLAlchemy's, compiled once; without its connection they take half the time. Everything else
that a look reads goes the usual way, and so does a read that the driver cannot do: there its error is explained.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from functools import cache
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy import CursorResult, Executable, ScalarResult
from sqlalchemy.engine import Compiled
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from scrum_storage.connection import connected
from scrum_storage.errors import PATIENCE, Silent

BARE = {"bare": True}
"""Execution options of a statement that answers with one JSON value."""

_CONNECTIONS = 5
_ONE_PLAN = {"plan_cache_mode": "force_generic_plan"}
"""These statements have one good plan, whatever their parameters: planning them each time takes a third."""
_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Readers:
    """Connections for single statements: made when they are needed, the last used first.

    asyncpg's own pool takes each back in a task of its own, which costs as much as a short statement.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]], answer: float) -> None:
        self._connect = connect
        self._answer = answer
        self._permits = asyncio.Semaphore(_CONNECTIONS)
        self._idle: list[Connection] = []
        self._closed = False

    async def value(self, query: str, values: Sequence[Any]) -> Any:
        """Raises Silent, or what the driver raises, which is InterfaceError when these are closed."""
        if self._closed:
            raise asyncpg.InterfaceError("closed")
        await self._turn()
        try:
            return await self._asked(query, values)
        finally:
            self._permits.release()

    async def aclose(self) -> None:
        """Those that still read are waited for."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for _ in range(_CONNECTIONS):
                    await self._permits.acquire()
        for connection in self._idle:
            connection.terminate()

    async def _turn(self) -> None:
        """Raises TimeoutError when others keep all connections, as they do while the server hangs."""
        if self._permits.locked():
            async with asyncio.timeout(PATIENCE):
                await self._permits.acquire()
        else:
            await self._permits.acquire()

    async def _asked(self, query: str, values: Sequence[Any]) -> Any:
        connection = await self._next()
        try:
            found = await connection.fetchval(query, *values)
        except BaseException as error:
            connection.terminate()
            if isinstance(error, TimeoutError):
                raise Silent(self._answer) from error
            raise
        self._idle.append(connection)
        return found

    async def _next(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await self._connect()


def readers(engine: AsyncEngine, settings: Mapping[str, str], answer: float) -> Readers:
    """To the engine's database; they connect when they are first used, and wait so many seconds for an answer."""
    _, where = engine.dialect.create_connect_args(engine.url)
    settings = {**settings, **_ONE_PLAN}

    async def connect() -> Connection:
        return await asyncpg.connect(
            timeout=PATIENCE, command_timeout=answer, server_settings=settings, **where
        )

    return Readers(connect, answer)


class Look:
    """What repositories need of a connection, for reading only."""

    def __init__(self, readers: Readers, engine: AsyncEngine, stack: AsyncExitStack) -> None:
        self._readers = readers
        self._engine = engine
        self._stack = stack
        self._opened: AsyncConnection | None = None

    async def execute(self, statement: Any, parameters: Any = None) -> CursorResult[Any]:
        result: CursorResult[Any] = await (await self._connection()).execute(statement, parameters)
        return result

    async def scalars(self, statement: Any, parameters: Any = None) -> ScalarResult[Any]:
        return await (await self._connection()).scalars(statement, parameters)

    async def scalar(self, statement: Any, parameters: Any = None) -> Any:
        if statement.get_execution_options().get("bare"):
            try:
                return await self._bare(statement, parameters)
            except _ERRORS:
                pass  # asked again below, where the error is explained, or the server is back
        return await (await self._connection()).scalar(statement, parameters)

    async def _bare(self, statement: Executable, parameters: Mapping[str, Any]) -> Any:
        query, fixed = _compiled(statement, self._engine)
        values = [parameters.get(name, value) for name, value in fixed]
        found = await self._readers.value(query, values)
        return None if found is None else json.loads(found)

    async def _connection(self) -> AsyncConnection:
        if self._opened is None:
            self._opened = await self._stack.enter_async_context(connected(self._engine))
        return self._opened


@cache
def _compiled(statement: Any, engine: AsyncEngine) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """Its text, and its parameters in order: each one's name, and its value where it is not given."""
    made: Compiled = statement.compile(dialect=engine.dialect)
    fixed: dict[str, Any] = dict(made.params or {})
    order: list[str] = getattr(made, "positiontup", None) or []
    return str(made), tuple((name, fixed[name]) for name in order)
