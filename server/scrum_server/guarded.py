"""Stores that may go away."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from circuitbreaker import CircuitBreaker  # type: ignore[import-untyped] # it says so in no file

from scrum.errors import Unavailable
from scrum.work import Start, Work
from scrum_storage.errors import Busy, Lost, NewerDatabase, NotMigrated, Silent, Unreachable, Unwilling
from scrum_storage.store import Store

_FAILURES, _PAUSE = 3, 5
"""After so many failures in a row a store is not asked for so many seconds."""

_PATIENCE = 3
"""Seconds for a store to open."""

W = TypeVar("W", bound=Work)


class WentAway(Unavailable):
    def __init__(self) -> None:
        super().__init__("The embedded PostgreSQL went away. The next call starts it again: repeat this one.")


class Hung(Unavailable):
    def __init__(self, store: str) -> None:
        super().__init__(f"The store {store} gave no answer within {_PATIENCE} seconds: is its server well?")


_AWAY = (Hung, Unreachable, Busy, Lost, Silent, Unwilling, NotMigrated, NewerDatabase, WentAway)


class Away(Unavailable):
    def __init__(self, store: str, last: str) -> None:
        super().__init__(f"The store {store} is away, and is not asked again for some seconds: {last}")


@dataclass(frozen=True)
class Reopening(Generic[W]):
    """A store on embedded servers, which may go away with their keeper: then the next call opens it again."""

    store: Store[W]
    forget: Callable[[Store[Any]], Awaitable[None]]

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[W]:
        """As Store.start. Raises WentAway where that would be unreachable."""
        async with self._watched(self.store.start) as work:
            yield work

    @asynccontextmanager
    async def look(self) -> AsyncGenerator[W]:
        """As Store.look. Raises WentAway where that would be unreachable."""
        async with self._watched(self.store.look) as work:
            yield work

    @asynccontextmanager
    async def _watched(self, begin: Start[W]) -> AsyncGenerator[W]:
        try:
            async with begin() as work:
                yield work
        except Unreachable as error:
            await self.forget(self.store)
            raise WentAway from error
        except Lost:
            await self.forget(self.store)
            raise


class Guarded(Generic[W]):
    """A store that others can do without: while it is away, whoever asks is told at once."""

    def __init__(self, name: str, open_it: Callable[[], Awaitable[Store[W] | Reopening[W]]]) -> None:
        self._name = name
        self._open = open_it
        self._breaker = CircuitBreaker(_FAILURES, _PAUSE, expected_exception=_AWAY, name=name)

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[W]:
        """As Store.start. Raises Away while nobody asks it."""
        if self._breaker.opened:
            raise Away(self._name, str(self._breaker.last_failure))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] # as above
        with self._breaker:
            async with AsyncExitStack() as stack:
                yield await self._begun(stack)

    async def _begun(self, stack: AsyncExitStack) -> W:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await stack.enter_async_context((await self._open()).start())
        except TimeoutError as error:
            raise Hung(self._name) from error
