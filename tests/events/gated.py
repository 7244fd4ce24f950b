"""A chronicle that lets nobody begin before it is opened."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.store import Store
from tests.events.waiting import PATIENCE


@dataclass
class Gated:
    """Only its first `held` uses wait."""

    store: Store[ChronicleWork]
    held: int = 1
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    waits: asyncio.Event = field(default_factory=asyncio.Event)

    async def is_waited_for(self) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            await self.waits.wait()

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[Any]:
        if self.held:
            self.held -= 1
            self.waits.set()
            await self.opened.wait()
        async with self.store.start() as work:
            yield work
