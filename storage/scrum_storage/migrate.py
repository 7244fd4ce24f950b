"""Migrations: bring a store's tables to the version that this code needs.

Alembic costs over half a second to import, so it is imported only when there is something to do.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from scrum_storage.connection import connected
from scrum_storage.errors import MayNotCreate, NewerDatabase, NoVector, state_of

if TYPE_CHECKING:
    from alembic.config import Config

STORE = "core"
HEAD = "core_0001"
VERSION_TABLE = "revision"

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('scrum-mcp migrations', 0))")
_CURRENT = text(f"SELECT version_num FROM {STORE}.{VERSION_TABLE}")  # noqa: S608 - two constants
_ANY_SCHEMA = text("SELECT to_regnamespace(:name) IS NOT NULL")
_NO_TABLE = ("42P01", "3F000")
_NO_EXTENSION = ("0A000", "58P01", "42501")


async def migrate(url: str) -> list[str]:
    """Apply what is missing, all or nothing; returns the revisions applied. Of two at once, one waits.

    Raises:
        Unreachable, NewerDatabase, NoVector, MayNotCreate.
    """
    async with _connection(url) as connection:
        if await _current(connection) == HEAD:
            return []
        await connection.execute(_LOCK)
        revisions = await _missing(connection)
        if revisions:
            await _prepare(connection)
            await connection.run_sync(_upgrade)
            await connection.commit()
    return revisions


async def pending(url: str) -> list[str]:
    """The revisions that `migrate` would apply, oldest first.

    Raises:
        Unreachable, NewerDatabase.
    """
    async with _connection(url) as connection:
        return await _missing(connection)


@asynccontextmanager
async def _connection(url: str) -> AsyncGenerator[AsyncConnection]:
    engine = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": 10})
    try:
        async with connected(engine) as connection:
            yield connection
    finally:
        await engine.dispose()


async def _current(connection: AsyncConnection) -> str | None:
    """None before the first migration."""
    try:
        async with connection.begin_nested():
            return (await connection.execute(_CURRENT)).scalar_one_or_none()
    except DBAPIError as error:
        if state_of(error) in _NO_TABLE:
            return None
        raise


async def _missing(connection: AsyncConnection) -> list[str]:
    current = await _current(connection)
    if current == HEAD:
        return []
    known = _known()
    if current is not None and current not in known:
        raise NewerDatabase(STORE, current)
    return known[known.index(current) + 1 :] if current else known


async def _prepare(connection: AsyncConnection) -> None:
    """The schema, which holds the version table too, and the extension."""
    try:
        if not await connection.scalar(_ANY_SCHEMA, {"name": STORE}):
            await connection.execute(text(f"CREATE SCHEMA {STORE}"))
    except DBAPIError as error:
        raise MayNotCreate(str(error.driver_exception)) from error
    try:
        await connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    except DBAPIError as error:
        if state_of(error) not in _NO_EXTENSION:
            raise
        raise NoVector(str(error.driver_exception)) from error


def alembic_config(connection: Connection | None = None) -> "Config":
    """What Alembic's commands need, for the store in `connection`."""
    from alembic.config import Config  # noqa: PLC0415 - expensive, see above

    config = Config(attributes={"connection": connection, "store": STORE, "version_table": VERSION_TABLE})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _known() -> list[str]:
    """The revisions of this code, oldest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - expensive, see above

    scripts = ScriptDirectory.from_config(alembic_config())
    return [step.revision for step in scripts.walk_revisions("base", f"{STORE}@head")][::-1]


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - expensive, see above

    command.upgrade(alembic_config(connection), f"{STORE}@head")
