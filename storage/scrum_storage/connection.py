"""A connection for one piece of work, with PostgreSQL's errors translated on the way out."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg
from sqlalchemy import CursorResult, ScalarResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from scrum_storage.errors import Busy, Lost, translated, unreachable


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


async def _opened(engine: AsyncEngine) -> AsyncConnection:
    try:
        return await engine.connect()
    except PoolTimeout as error:
        raise Busy(engine.url) from error
    except (OSError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise unreachable(engine.url, error) from error
