"""A connection for one piece of work, with PostgreSQL's errors translated on the way out."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from scrum_storage.errors import Busy, translated, unreachable


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
    finally:
        await asyncio.shield(connection.close())


async def _opened(engine: AsyncEngine) -> AsyncConnection:
    try:
        return await engine.connect()
    except PoolTimeout as error:
        raise Busy(engine.url) from error
    except (OSError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise unreachable(engine.url, error) from error
