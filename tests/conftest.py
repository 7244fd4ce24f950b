"""Real servers, started once for all workers, and a fresh database for each test."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import settings

from scrum_storage.embedded.servers import Servers, embedded
from scrum_storage.migrate import HEADS, migrate
from scrum_storage.store import Store, open_store

TEMPLATE = "template_stores"
_ANOTHER = [f"UPDATE {store}.identity SET id = DEFAULT" for store in HEADS]  # noqa: S608 - the names are ours
"""A copy has the identities of the template: as it is, Redis would take two tests for one."""

settings.register_profile("house", deadline=None)  # what is slow is measured in bench/, not by luck
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="the long form of the fault tests")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Servers]:
    """All workers of a run share them: the last one to leave stops them."""
    folder = tmp_path_factory.getbasetemp()
    with embedded((folder if worker_id == "master" else folder.parent) / "home") as started:
        yield started


@pytest.fixture(scope="session")
def template(servers: Servers) -> str:
    """The URL of the server, once its template database is migrated."""
    asyncio.run(_make_template(servers.postgres))
    return servers.postgres


@pytest.fixture
async def database(template: str) -> AsyncGenerator[str]:
    """The URL of a database of this test alone, migrated and empty."""
    name = f"test_{uuid4().hex}"
    await administer(template, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY wal_log")
    await administer(in_database(template, name), *_ANOTHER)
    yield in_database(template, name)
    await administer(template, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def empty_database(servers: Servers) -> AsyncGenerator[str]:
    """The URL of a database of this test alone, without tables."""
    name = f"test_{uuid4().hex}"
    await administer(servers.postgres, f"CREATE DATABASE {name} STRATEGY wal_log")
    yield in_database(servers.postgres, name)
    await administer(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def core(database: str) -> AsyncGenerator[Store]:
    async with open_store(database) as store:
        yield store


def in_database(server: str, name: str) -> str:
    address, _, options = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}?{options}"


def name_of(database: str) -> str:
    """Of a database with this URL; its streams in Redis are called so too, because all databases share it."""
    return database.partition("?")[0].rpartition("/")[2]


async def administer(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _make_template(server: str) -> None:
    """Whoever comes first makes it; the others wait for the lock."""
    connection = await asyncpg.connect(server.replace("+asyncpg", ""))
    try:
        await connection.execute("SELECT pg_advisory_lock(1)")
        known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE)
        if not known:
            await connection.execute(f"CREATE DATABASE {TEMPLATE} STRATEGY wal_log")
        await migrate(in_database(server, TEMPLATE))
    finally:
        await connection.close()
