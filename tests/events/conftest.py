"""A server process that only publishes, workers beside it, and what their events did."""

import random
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from scrum_storage.embedded.servers import Servers, embedded
from scrum_storage.migrate import migrate
from tests.conftest import administer
from tests.events.calls import Calls
from tests.events.counting import TABLES
from tests.events.crew import Crew, Nursery, Server, nursery
from tests.events.effects import Effects
from tests.events.planned import Plan

TAKEOVER = "0.3"


@dataclass(frozen=True)
class Scale:
    """How much a test does: less in the short form, more with --soak."""

    events: int
    times: int


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The seed is in the name of the test, so a failure tells it."""
    if "seed" in metafunc.fixturenames:
        seeds = range(1, 11) if metafunc.config.getoption("soak") else [7]
        metafunc.parametrize("seed", seeds, ids=lambda seed: f"seed-{seed}")


@pytest.fixture
def chance(seed: int) -> random.Random:
    return random.Random(seed)


@pytest.fixture(scope="session")
def scale(pytestconfig: pytest.Config) -> Scale:
    return Scale(5_000, 20) if pytestconfig.getoption("soak") else Scale(1_000, 5)


@pytest.fixture(scope="session")
async def born() -> AsyncGenerator[Nursery]:
    async with nursery() as started:
        yield started


@dataclass(frozen=True)
class Stage:
    """All of it: a server that publishes for `calls`, a `crew` without workers yet, and the effects."""

    server: Server
    calls: Calls
    crew: Crew
    effects: Effects


class Stages:
    """Builds stages on the servers that a test has."""

    def __init__(self, born: Nursery, folder: Path, chance: random.Random) -> None:
        self._born = born
        self._folder = folder
        self._chance = chance

    @asynccontextmanager
    async def on(self, database: str, redis: str, **others: str) -> AsyncGenerator[Stage]:
        """The database is migrated, and nothing is in it."""
        await administer(database, *TABLES)
        prefix = database.partition("?")[0].rpartition("/")[2]
        settings = {
            "SCRUM_DATABASE_URL": database,
            "SCRUM_REDIS_URL": redis,
            "SCRUM_REDIS_PREFIX": prefix,
            "SCRUM_TAKEOVER_SECONDS": TAKEOVER,
            **others,
        }
        crew = Crew(self._born, Plan(settings, str(self._folder / "workers.log")))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(crew.end_all)
            server = await crew.serve(self._folder / "server.log")
            calls = Calls(server.url, self._chance)
            yield Stage(server, calls, crew, _effects(database, settings))


def _effects(database: str, settings: Mapping[str, str]) -> Effects:
    chronicle = settings.get("SCRUM_CHRONICLE_DATABASE_URL", database)
    stream = f"{settings['SCRUM_REDIS_PREFIX']}.core"
    return Effects(database, settings["SCRUM_REDIS_URL"], stream, chronicle)


@pytest.fixture
def stages(born: Nursery, tmp_path: Path, chance: random.Random) -> Stages:
    return Stages(born, tmp_path, chance)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def own_servers(home: Path) -> Iterator[Servers]:
    """Of this test alone; their keeper starts again what died."""
    with embedded(home) as started:
        yield started


@pytest.fixture
async def own_stage(stages: Stages, own_servers: Servers) -> AsyncGenerator[Stage]:
    """On servers of its own, which may be killed, or asked for many connections."""
    await migrate(own_servers.postgres)
    async with stages.on(own_servers.postgres, own_servers.redis) as built:
        yield built


@pytest.fixture
async def stage(stages: Stages, servers: Servers, database: str) -> AsyncGenerator[Stage]:
    """On the servers that all tests share, which nobody kills."""
    async with stages.on(database, servers.redis) as built:
        yield built
