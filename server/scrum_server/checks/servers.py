"""PostgreSQL and Redis, wherever they are."""

from sqlalchemy import text

from scrum.errors import ScrumError
from scrum_adapters.redis import ping
from scrum_server.checks.check import Check, Mark, ok_when
from scrum_storage.connection import connected
from scrum_storage.migrate import HEADS, pending
from scrum_storage.store import open_store

OLDEST_POSTGRES = 15
OLDEST_REDIS = (6, 2)  # XAUTOCLAIM

_FACTS = text(
    "SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,"
    " (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS installed,"
    " (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS available"
)


async def postgres(url: str) -> list[Check]:
    try:
        async with open_store(url) as store, connected(store.engine) as connection:
            facts = (await connection.execute(_FACTS)).one()
        return [
            _database(facts.version, facts.number),
            _vector(facts.installed, facts.available),
            await _schema(url),
        ]
    except ScrumError as error:
        return [Check(Mark.BROKEN, "PostgreSQL", str(error))]


def _database(named: str, number: int) -> Check:
    enough = number // 10_000 >= OLDEST_POSTGRES
    needed = "" if enough else f"; scrum-mcp needs {OLDEST_POSTGRES} or newer: upgrade the server"
    return Check(ok_when(enough), "PostgreSQL", f"version {named}{needed}")


def _vector(installed: str | None, available: str | None) -> Check:
    if installed:
        return Check(Mark.OK, "pgvector", f"version {installed}")
    if available:
        return Check(Mark.NOTE, "pgvector", f"{available} is available; the first migration installs it")
    return Check(Mark.BROKEN, "pgvector", "not there: install pgvector on the database server")


async def _schema(url: str) -> Check:
    try:
        missing = await pending(url)
    except ScrumError as error:
        return Check(Mark.BROKEN, "schema", str(error))
    if not missing:
        return Check(Mark.OK, "schema", f"up to date at {', '.join(HEADS.values())}")
    return Check(
        Mark.NOTE, "schema", f"pending: {', '.join(missing)}; the next start applies it, or scrum-mcp migrate"
    )


async def redis(url: str) -> Check:
    try:
        found = await ping(url)
    except ScrumError as error:
        return Check(Mark.BROKEN, "Redis", str(error))
    enough = tuple(int(part) for part in found.split(".")[:2]) >= OLDEST_REDIS
    needed = (
        ""
        if enough
        else f"; scrum-mcp needs {OLDEST_REDIS[0]}.{OLDEST_REDIS[1]} or newer: upgrade the server"
    )
    return Check(ok_when(enough), "Redis", f"version {found}{needed}")
