"""The index of a model's vectors: made beside everything that goes on, and mended where that was interrupted."""

import zlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from scrum.memory.embedding import BUILT_IN, Model
from scrum_storage.errors import PATIENCE, Lost, unreachable

Alone: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_SETTINGS = {
    "application_name": "scrum-mcp embeds",
    "maintenance_work_mem": "512MB",
    "max_parallel_maintenance_workers": "0",  # they share memory, of which containers have little
}
_TRY = "SELECT pg_try_advisory_lock(hashtextextended('scrum-mcp embeds ' || $1, 0))"
_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"
_GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


@asynccontextmanager
async def alone(engine: AsyncEngine, model: Model) -> "AsyncGenerator[Alone | None]":
    """A connection of its own, for the one process that embeds with a model now; None for all others.

    It outlives any transaction, and ends with its process.

    Raises:
        Unavailable.
    """
    _, where = engine.dialect.create_connect_args(engine.url)
    try:
        connection: Alone = await asyncpg.connect(**where, timeout=PATIENCE, server_settings=_SETTINGS)
    except _GONE as error:
        raise unreachable(engine.url, error) from error
    try:
        yield connection if await connection.fetchval(_TRY, model.name) else None
    except asyncpg.ConnectionDoesNotExistError as error:
        raise Lost from error
    finally:
        await connection.close(timeout=PATIENCE)


async def index(connection: Alone, model: Model) -> None:
    """Outside a transaction: writers go on. One that was not finished is useless, and made anew."""
    name = f"memory.{_name(model)}"
    if await connection.fetchval(_VALID, name) is False:
        await connection.execute(f"DROP INDEX CONCURRENTLY {name}")
    await connection.execute(_statement(model))


def _name(model: Model) -> str:
    own = f"{zlib.crc32(model.name.encode()):08x}"
    return f"vectors_{'built_in' if model == BUILT_IN else own}"


def _statement(model: Model) -> str:
    """Its values have to be in the statement; a model's name has no quotes."""
    return (
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {_name(model)} ON memory.vectors"
        f" USING hnsw ((vector::halfvec({model.dimensions})) halfvec_cosine_ops)"
        f" WHERE model = '{model.name}' AND dimensions = {model.dimensions}"
    )
