"""A connection for one piece of work, with PostgreSQL's errors translated on the way out."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg
from sqlalchemy import CursorResult, ScalarResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from scrum_storage.errors import PATIENCE, Busy, Lost, translated, unreachable

_NO_CONNECTION = (OSError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Statements(Protocol):
    """What repositories need of a connection."""

    async def execute(self, statement: Any, parameters: Any = None, /) -> CursorResult[Any]: ...

    async def scalar(self, statement: Any, parameters: Any = None, /) -> Any: ...

    async def scalars(self, statement: Any, parameters: Any = None, /) -> ScalarResult[Any]: ...


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """What is not committed when it ends is rolled back.

    Raises:
        Unavailable, Conflict, Unstorable: see errors.py.
    """
    connection = await _opened(engine)
    try:
        yield connection
    except DBAPIError as error:
        explained = translated(error)
        if explained is None:
            raise
        raise explained from error
    except asyncpg.InternalClientError as error:  # the server ended it a moment ago
        raise Lost from error
    finally:
        await asyncio.shield(connection.close())


@asynccontextmanager
async def listening(
    engine: AsyncEngine, channel: str, *, heard: Callable[[], None], ended: Callable[[], None]
) -> AsyncGenerator[None]:
    """A connection of its own that calls `heard` at each notification, and `ended` when it ends.

    Raises:
        Unavailable: no connection.
    """
    connection = await _listener(engine, channel, heard)
    connection.add_termination_listener(lambda _: ended())
    try:
        yield
    finally:
        await connection.close(timeout=PATIENCE)


async def _listener(
    engine: AsyncEngine, channel: str, heard: Callable[[], None]
) -> "asyncpg.Connection[asyncpg.Record]":
    _, where = engine.dialect.create_connect_args(engine.url)
    settings = {"application_name": f"scrum-mcp listens to {channel}"}

    def notified(*_: object) -> None:
        heard()

    try:
        connection = await asyncpg.connect(**where, timeout=PATIENCE, server_settings=settings)
        await connection.add_listener(channel, notified)
    except _NO_CONNECTION as error:
        raise unreachable(engine.url, error) from error
    return connection


async def _opened(engine: AsyncEngine) -> AsyncConnection:
    try:
        return await engine.connect()
    except PoolTimeout as error:
        raise Busy(engine.url) from error
    except _NO_CONNECTION as error:
        raise unreachable(engine.url, error) from error
