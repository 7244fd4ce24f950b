"""What was one transaction, and a piece of work that is cut off in the middle of one."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import asyncpg
import pytest

from scrum.errors import Unavailable
from tests.tools.database import rows

_WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = to_regclass($1)"


async def cut_off(database: str, table: str, work: Coroutine[Any, Any, Any]) -> None:
    """End the connection of `work` when it has come as far as writing to a table."""
    name = f"core.{table}"
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    try:
        async with asyncio.timeout(30), connection.transaction(), asyncio.TaskGroup() as tasks:
            await connection.execute(f"LOCK TABLE {name} IN SHARE MODE")
            task = tasks.create_task(_lost(work))
            while (waiting := await connection.fetchval(_WAITING, name)) is None:
                assert not task.done()
            await connection.execute("SELECT pg_terminate_backend($1, 5000)", waiting)
    finally:
        await connection.close()


async def _lost(work: Coroutine[Any, Any, Any]) -> None:
    with pytest.raises(Unavailable):
        await work


async def told(database: str) -> list[str]:
    """The types of the events, oldest first."""
    return [row["type"] for row in await rows(database, "SELECT type FROM core.outbox ORDER BY seq")]


async def transactions(database: str, *tables: str) -> int:
    """How many wrote what is in the tables."""
    written = " UNION ".join(f"SELECT xmin::text FROM core.{table}" for table in tables)  # noqa: S608 - names of our tables
    return len(await rows(database, written))
