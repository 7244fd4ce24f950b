"""A chronicle on a PostgreSQL of its own, which may be stopped while all else goes on."""

from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from scrum_storage.embedded import locks
from scrum_storage.embedded.home import Folder
from scrum_storage.embedded.servers import Servers, embedded
from scrum_storage.migrate import migrate
from tests.events.conftest import Stage, Stages
from tests.events.waiting import until


@dataclass(frozen=True)
class Chronicle:
    """Its servers as they were at first, and what keeps them running."""

    home: Path
    first: Servers
    running: ExitStack

    async def stop(self) -> None:
        self.running.close()
        await until(self._is_stopped)

    def start(self) -> Servers:
        return self.running.enter_context(embedded(self.home))

    async def _is_stopped(self) -> bool:
        return not locks.is_taken(Folder(self.home).lock("postgres"))


@asynccontextmanager
async def apart(
    stages: Stages, servers: Servers, database: str, home: Path
) -> AsyncGenerator[tuple[Stage, Chronicle]]:
    """A stage whose crew has started, and its chronicle in that folder."""
    with ExitStack() as running:
        own = running.enter_context(embedded(home))
        await migrate(own.postgres, ["chronicle"])
        others = {"SCRUM_CHRONICLE_DATABASE_URL": own.postgres}
        async with stages.on(database, servers.redis, **others) as stage:
            await stage.crew.start()
            yield stage, Chronicle(home, own, running)
