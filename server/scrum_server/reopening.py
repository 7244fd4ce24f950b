"""The store on embedded servers, which may go away with their keeper: then the next call opens it again."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from scrum.errors import Unavailable
from scrum.planning.ports import PlanningWork
from scrum.work import Start
from scrum_storage.errors import Lost, Unreachable
from scrum_storage.store import Store


class WentAway(Unavailable):
    def __init__(self) -> None:
        super().__init__("The embedded PostgreSQL went away. The next call starts it again: repeat this one.")


@dataclass(frozen=True)
class Reopening:
    store: Store
    forget: Callable[[Store], Awaitable[None]]

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[PlanningWork]:
        """As Store.start. Raises WentAway where that would be unreachable."""
        async with self._watched(self.store.start) as work:
            yield work

    @asynccontextmanager
    async def look(self) -> AsyncGenerator[PlanningWork]:
        """As Store.look. Raises WentAway where that would be unreachable."""
        async with self._watched(self.store.look) as work:
            yield work

    @asynccontextmanager
    async def _watched(self, begin: Start[PlanningWork]) -> AsyncGenerator[PlanningWork]:
        try:
            async with begin() as work:
                yield work
        except Unreachable as error:
            await self.forget(self.store)
            raise WentAway from error
        except Lost:
            await self.forget(self.store)
            raise
