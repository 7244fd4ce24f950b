"""Migrations: bring the tables of stores to the version that this code needs.

Alembic costs over half a second to import, so it is imported only when there is something to do.
"""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Text, column, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema

from scrum_storage.connection import connected
from scrum_storage.errors import PATIENCE, MayNotCreate, NewerDatabase, NoVector, state_of

if TYPE_CHECKING:
    from alembic.config import Config

HEADS = {"core": "core_0013", "memory": "memory_0005", "chronicle": "chronicle_0002"}
VERSION_TABLE = "revision"

_STORES = tuple(HEADS)
_EXTENSIONS = {"memory": "vector"}
_FOLDER = Path(__file__).parent / "migrations"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('scrum-mcp migrations', 0))")
_BEGUN = text("SELECT schemaname FROM pg_tables WHERE tablename = :table AND schemaname = ANY (:stores)")
_ANY_SCHEMA = text("SELECT to_regnamespace(:name) IS NOT NULL")
_NO_EXTENSION = ("0A000", "58P01", "42501")


async def migrate(url: str, stores: Collection[str] = _STORES) -> list[str]:
    """Apply what these stores miss, all or nothing; returns the revisions applied. Of two at once, one waits.

    Raises:
        Unreachable, NewerDatabase, NoVector, MayNotCreate.
    """
    async with _connection(url) as connection:
        if not await _behind(connection, stores):
            return []
        await connection.execute(_LOCK)
        behind = await _behind(connection, stores)
        for store in behind:
            await _prepare(connection, store)
            await connection.run_sync(_upgrade, store)
        await connection.commit()
    return [revision for revisions in behind.values() for revision in revisions]


async def pending(url: str, stores: Collection[str] = _STORES) -> list[str]:
    """The revisions that `migrate` would apply, oldest first.

    Raises:
        Unreachable, NewerDatabase.
    """
    async with _connection(url) as connection:
        behind = await _behind(connection, stores)
    return [revision for revisions in behind.values() for revision in revisions]


@asynccontextmanager
async def _connection(url: str) -> AsyncGenerator[AsyncConnection]:
    engine = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": PATIENCE})
    try:
        async with connected(engine) as connection:
            yield connection
    finally:
        await engine.dispose()


async def _behind(connection: AsyncConnection, stores: Collection[str]) -> dict[str, list[str]]:
    """The revisions that each store misses; only of those that miss any."""
    begun = await connection.scalars(_BEGUN, {"table": VERSION_TABLE, "stores": list(stores)})
    current = {store: await _current(connection, store) for store in begun.all()}
    return {
        store: _missing(store, current.get(store)) for store in stores if current.get(store) != HEADS[store]
    }


async def _current(connection: AsyncConnection, store: str) -> str | None:
    """None when every migration was taken back."""
    version = column("version_num", Text)
    found = await connection.execute(select(version).select_from(table(VERSION_TABLE, schema=store)))
    return found.scalar_one_or_none()


def _missing(store: str, current: str | None) -> list[str]:
    known = _known(store)
    if current is not None and current not in known:
        raise NewerDatabase(store, current)
    return known[known.index(current) + 1 :] if current else known


async def _prepare(connection: AsyncConnection, store: str) -> None:
    """The schema, which holds the version table too, and the extension."""
    try:
        if not await connection.scalar(_ANY_SCHEMA, {"name": store}):
            await connection.execute(CreateSchema(store))
    except DBAPIError as error:
        raise MayNotCreate(str(error.driver_exception)) from error
    if store in _EXTENSIONS:
        await _extend(connection, _EXTENSIONS[store])


async def _extend(connection: AsyncConnection, extension: str) -> None:
    try:
        await connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
    except DBAPIError as error:
        if state_of(error) not in _NO_EXTENSION:
            raise
        raise NoVector(str(error.driver_exception)) from error


def alembic_config(store: str, connection: Connection | None = None) -> "Config":
    """What Alembic's commands need, for the store in `connection`."""
    from alembic.config import Config  # noqa: PLC0415 - expensive, see above

    config = Config(attributes={"connection": connection, "store": store, "version_table": VERSION_TABLE})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _known(store: str) -> list[str]:
    """The revisions of this code, oldest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - expensive, see above

    scripts = ScriptDirectory.from_config(alembic_config(store))
    return [step.revision for step in scripts.walk_revisions("base", f"{store}@head")][::-1]


def _upgrade(connection: Connection, store: str) -> None:
    from alembic import command  # noqa: PLC0415 - expensive, see above

    command.upgrade(alembic_config(store, connection), f"{store}@head")
