"""The busiest reads on the bare driver: each is one statement whose only value is JSON.

The statements are SQLAlchemy's, compiled once; without its connection they take half the time. Everything else
that a look reads goes the usual way, and so does a read that the driver cannot do: there its error is explained.
"""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy import CursorResult, Executable, ScalarResult
from sqlalchemy.engine import Compiled
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from scrum_storage.connection import connected
from scrum_storage.errors import PATIENCE

BARE = {"bare": True}
"""Execution options of a statement that answers with one JSON value."""

_CONNECTIONS = 5
_ONE_PLAN = {"plan_cache_mode": "force_generic_plan"}
"""These statements have one good plan, whatever their parameters: planning them each time takes a third."""
_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"


@asynccontextmanager
async def bare_pool(engine: AsyncEngine, settings: Mapping[str, str]) -> AsyncGenerator[Pool]:
    """Connects when it is first used."""
    _, where = engine.dialect.create_connect_args(engine.url)
    async with asyncpg.create_pool(
        min_size=0,
        max_size=_CONNECTIONS,
        timeout=PATIENCE,
        reset=_keep,
        server_settings={**settings, **_ONE_PLAN},
        **where,
    ) as pool:
        yield pool


async def _keep(_: object) -> None:
    """Reads leave nothing behind on a connection that would have to be reset."""


class Look:
    """What repositories need of a connection, for reading only."""

    def __init__(self, pool: Pool, engine: AsyncEngine, stack: AsyncExitStack) -> None:
        self._pool = pool
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
        compiled = _compiled(statement, self._engine)
        fixed: dict[str, Any] = dict(compiled.params or {})
        order: list[str] = getattr(compiled, "positiontup", None) or []
        values = [parameters.get(name, fixed[name]) for name in order]
        async with self._pool.acquire() as connection:
            found = await connection.fetchval(str(compiled), *values)
        return None if found is None else json.loads(found)

    async def _connection(self) -> AsyncConnection:
        if self._opened is None:
            self._opened = await self._stack.enter_async_context(connected(self._engine))
        return self._opened


@cache
def _compiled(statement: Any, engine: AsyncEngine) -> Compiled:
    made: Compiled = statement.compile(dialect=engine.dialect)
    return made
