"""The stores: opened when they are first needed, and again after a failure.

`core` is what every call needs. `memory` and `chronicle` may be away, on servers of their own too: a breaker then
answers at once for them, and nothing else waits.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from scrum.work import Work
from scrum_server.once import Once
from scrum_server.settings import Settings
from scrum_server.shared_clock import SharedClock, kept_right
from scrum_tools.run import Core

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from scrum_server.guarded import Guarded, Reopening
    from scrum_storage.store import Kind, Store

W = TypeVar("W", bound=Work)


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
    addresses: Addresses
    core: "Store[Any]"
    redis: "Redis"
    stack: AsyncExitStack
    others: "dict[str, Once[Store[Any]]]"


class Stores:
    """Each raises Unavailable when it cannot be opened, and tries again when it is next asked for.

    `clock` is that of core once this is open.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened = Once(self._open_all)
        self._guarded: dict[str, Guarded[Any]] = {}
        self.clock = SharedClock()

    async def core(self) -> Core:
        return self._reopening((await self._opened.get()).core)

    async def of(self, kind: "Kind[W]") -> "Store[W]":
        """The store itself, for those who wait for it anyway."""
        opened = await self._opened.get()
        if kind.name == opened.core.name:
            return opened.core
        if kind.name not in opened.others:
            opened.others[kind.name] = Once(partial(self._open_other, opened, kind))
        return await opened.others[kind.name].get()

    def guarded(self, kind: "Kind[W]") -> "Guarded[W]":
        """The store behind a breaker, for those who can do without it."""
        from scrum_server.guarded import Guarded  # noqa: PLC0415 - as in _open_all

        async def opened() -> "Store[W] | Reopening[W]":
            return self._reopening(await self.of(kind))

        if kind.name not in self._guarded:
            self._guarded[kind.name] = Guarded(kind.name, opened)
        return self._guarded[kind.name]

    async def redis(self) -> "Redis":
        return (await self._opened.get()).redis

    async def aclose(self) -> None:
        if opened := self._opened.leave():
            await opened.stack.aclose()

    async def _open_all(self) -> _Opened:
        from scrum_adapters.redis import connect  # noqa: PLC0415 - it may load after tools are listed
        from scrum_storage.migrate import migrate  # noqa: PLC0415 - the same
        from scrum_storage.store import open_store  # noqa: PLC0415 - the same

        async with AsyncExitStack() as opening:
            addresses = await opening.enter_async_context(servers(self._settings))
            await migrate(addresses.database, self._settings.at_home)
            core = await opening.enter_async_context(open_store(addresses.database))
            redis = await opening.enter_async_context(connect(addresses.redis))
            await opening.enter_async_context(kept_right(self.clock, core.now))
            return _Opened(addresses, core, redis, opening.pop_all(), {})

    async def _open_other(self, opened: _Opened, kind: "Kind[W]") -> "Store[W]":
        from scrum_storage.migrate import migrate  # noqa: PLC0415 - as in _open
        from scrum_storage.store import open_store  # noqa: PLC0415 - the same

        url = self._settings.database_of(kind.name) or opened.addresses.database
        if kind.name not in self._settings.at_home:
            await migrate(url, [kind.name])
        return await opened.stack.enter_async_context(open_store(url, kind))

    def _reopening(self, store: "Store[W]") -> "Store[W] | Reopening[W]":
        from scrum_server.guarded import Reopening  # noqa: PLC0415 - as in _open_all

        return store if self._settings.database_of(store.name) else Reopening(store, self._forget)

    async def _forget(self, store: "Store[Any]") -> None:
        """The embedded server went away: the next call starts it again."""
        opened = self._opened.value
        if opened is None:
            return
        others = [one.value for one in opened.others.values()]
        if any(one is store for one in (opened.core, *others)):
            await self.aclose()
