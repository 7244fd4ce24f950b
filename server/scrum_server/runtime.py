"""What the server builds once: the stores, what every call needs of them, and the work behind the calls."""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from scrum.chronicle.ports import ChronicleWork
from scrum.clock import Clock
from scrum.errors import ScrumError
from scrum.memory.ports import Embedder
from scrum.planning.ports import Words
from scrum.strategies.ports import StrategyWork
from scrum.work import Start
from scrum_server.embedders import Embedders
from scrum_server.live import LiveResources
from scrum_server.settings import Settings
from scrum_server.stores import Stores
from scrum_tools.events import EventsStanding
from scrum_tools.run import Core, Health
from scrum_tools.toolsets import names, toolsets

if TYPE_CHECKING:
    from scrum_adapters.ollama import Ollama
    from scrum_server.ceremonies.scheduler import Told
    from scrum_server.events.groups import Group
    from scrum_server.meters import Meters
    from scrum_server.metrics import CeremoniesStanding

log = logging.getLogger(__name__)


class ServerRuntime:
    """Opens the stores in the background, so that a client sees the tools before they are up.

    Each call waits for them, or gets the reason why they are not there.
    """

    def __init__(self, settings: Settings, meters: "Meters | None" = None) -> None:
        """Raises UnknownToolset."""
        self._settings = settings
        self._meters = meters
        self._stores = Stores(settings)
        self._ollama = _ollama(settings)
        self._embedders = Embedders(settings)
        self.live = LiveResources()
        self.offered = names(toolsets(settings.toolsets), read_only=settings.read_only)

    @property
    def clock(self) -> Clock:
        return self._stores.clock

    @property
    def virtual_time(self) -> bool:
        return self._settings.virtual_time

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["ServerRuntime"]:
        stop = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._work(stop))
                try:
                    yield self
                finally:
                    stop.set()
        finally:
            await self._stores.aclose()
            await self._embedders.aclose()
            if self._ollama:
                await self._ollama.aclose()

    @property
    def words(self) -> Words | None:
        return self._ollama

    async def core(self) -> Core:
        return await self._stores.core()

    async def chronicle(self) -> Start[ChronicleWork]:
        from scrum_storage.store import CHRONICLE  # noqa: PLC0415 - SQLAlchemy may load after tools are listed

        return self._stores.guarded(CHRONICLE).start

    async def memory(self) -> Start[StrategyWork]:
        from scrum_storage.store import MEMORY  # noqa: PLC0415 - the same

        return self._stores.guarded(MEMORY).start

    @property
    def embedders(self) -> Sequence[Embedder]:
        return self._embedders.chosen

    async def health(self) -> list[Health]:
        from scrum_server.health import health  # noqa: PLC0415 - SQLAlchemy may load after tools are listed

        return await health(self._stores, self._ollama, self._embedders)

    async def needed(self) -> list[Health]:
        """Of the parts those without which no call is answered."""
        from scrum_server.health import needed  # noqa: PLC0415 - the same

        return await needed(self._stores)

    async def events(self) -> EventsStanding:
        from scrum_server.events.standing import standing  # noqa: PLC0415 - the same

        return await standing(self._stores, self._settings.redis_prefix)

    async def ceremonies(self) -> "CeremoniesStanding":
        from scrum_server.ceremonies.standing import ceremonies  # noqa: PLC0415 - the same

        return await ceremonies(self._stores)

    async def _work(self, stop: asyncio.Event) -> None:
        """Follow the events; relay and handle them too, where no worker of its own does."""
        try:
            await self._stores.core()
        except ScrumError as error:
            log.error("%s", error)  # noqa: TRY400 - the text says what to do; each call gets it too
        from scrum_server.events.turns import in_turn  # noqa: PLC0415 - the same
        from scrum_server.events.worker import Worker  # noqa: PLC0415 - the same
        from scrum_storage.store import CORE, MEMORY  # noqa: PLC0415 - the same

        worker = Worker(self._stores, self._settings, self._groups(), self._told())
        gc.freeze()  # what is there now stays; looking through it for garbage took a twentieth of each call
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.live.run(worker.streams(CORE, MEMORY), stop))
            if self._settings.worker and self._settings.database:
                tasks.create_task(worker.run(stop))
            elif self._settings.worker:
                tasks.create_task(in_turn(self._settings.home, worker.run, stop))

    def _groups(self) -> "tuple[Group[Any], ...]":
        """Measured, where somebody can ask for the figures."""
        from scrum_server.events.groups import GROUPS  # noqa: PLC0415 - as in _work

        return self._meters.watching(GROUPS) if self._meters else GROUPS

    def _told(self) -> "Told":
        """Counts deliveries, where somebody can ask for the figures."""
        from scrum_server.ceremonies.scheduler import nobody  # noqa: PLC0415 - as in _work

        return self._meters.delivered if self._meters else nobody


def _ollama(settings: Settings) -> "Ollama | None":
    if settings.ollama is None:
        return None
    from scrum_adapters.ollama import Ollama  # noqa: PLC0415 - only where it is configured

    return Ollama(settings.ollama, settings.ollama_model, settings.ollama_seconds)
