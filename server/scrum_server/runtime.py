"""What the server builds once: the stores, and what every call needs of them."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrum import clock
from scrum.clock import Clock
from scrum.errors import ScrumError, Unavailable
from scrum_server.settings import Settings
from scrum_tools.run import Core, Health

if TYPE_CHECKING:
    from scrum_storage.store import Store

log = logging.getLogger(__name__)

_UNSEEN = Health("redis", ok=False, detail="unknown: it is asked once PostgreSQL is there")


@dataclass(frozen=True)
class Addresses:
    database: str
    redis: str


@asynccontextmanager
async def servers(settings: Settings) -> AsyncGenerator[Addresses]:
    """The servers that the settings name; embedded ones for those that they do not.

    Raises:
        Unavailable: an embedded server cannot be started.
    """
    if settings.database and settings.redis:
        yield Addresses(settings.database, settings.redis)
        return
    from scrum_storage.embedded.servers import embedded  # noqa: PLC0415 - not needed with two URLs

    with ExitStack() as stack:
        own = await asyncio.to_thread(stack.enter_context, embedded(settings.home))
        try:
            yield Addresses(settings.database or own.postgres, settings.redis or own.redis)
        finally:
            await asyncio.to_thread(stack.close)


@dataclass(frozen=True)
class _Opened:
    core: Core
    store: "Store"
    addresses: Addresses
    stack: AsyncExitStack


class ServerRuntime:
    """Opens the stores when they are first needed, and again after a failure.

    That begins in the background, so that a client sees the tools before the stores are up; each call waits for
    them, or gets the reason why they are not there.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._opened: _Opened | None = None

    @property
    def clock(self) -> Clock:
        return clock.system

    @property
    def virtual_time(self) -> bool:
        return self._settings.virtual_time

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["ServerRuntime"]:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._prepare())
                yield self
        finally:
            await self._close()

    async def core(self) -> Core:
        return (await self._stores()).core

    async def health(self) -> list[Health]:
        try:
            opened = await self._stores()
        except Unavailable as error:
            return [Health("postgresql", ok=False, detail=str(error)), _UNSEEN]
        return [await _postgres(opened.store), await _redis(opened.addresses.redis)]

    async def _prepare(self) -> None:
        try:
            await self._stores()
        except ScrumError as error:
            log.error("%s", error)  # noqa: TRY400 - the text says what to do; each call gets it too

    async def _stores(self) -> _Opened:
        async with self._lock:
            if self._opened is None:
                self._opened = await self._open()
            return self._opened

    async def _open(self) -> _Opened:
        from scrum_server.reopening import Reopening  # noqa: PLC0415 - SQLAlchemy may load after tools are listed
        from scrum_storage.migrate import migrate  # noqa: PLC0415 - the same
        from scrum_storage.store import open_store  # noqa: PLC0415 - the same

        async with AsyncExitStack() as opening:
            addresses = await opening.enter_async_context(servers(self._settings))
            await migrate(addresses.database)
            store = await opening.enter_async_context(open_store(addresses.database))
            core = store if self._settings.database else Reopening(store, self._forget)
            return _Opened(core, store, addresses, opening.pop_all())

    async def _forget(self, store: "Store") -> None:
        async with self._lock:
            if self._opened and self._opened.store is store:
                await self._close()

    async def _close(self) -> None:
        if self._opened:
            opened, self._opened = self._opened, None
            await opened.stack.aclose()


async def _postgres(store: "Store") -> Health:
    try:
        waiting = await store.unsent()
    except Unavailable as error:
        return Health("postgresql", ok=False, detail=str(error))
    return Health("postgresql", ok=True, detail=f"{waiting} events stored")


async def _redis(url: str) -> Health:
    from scrum_adapters.redis import ping  # noqa: PLC0415 - redis is slow to import

    try:
        version = await ping(url)
    except Unavailable as error:
        return Health("redis", ok=False, detail=str(error))
    return Health("redis", ok=True, detail=f"version {version}")
