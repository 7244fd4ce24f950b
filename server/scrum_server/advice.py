"""Asks a language model about sprints that failed: outside transactions, and each once."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

from scrum.clock import Clock, system
from scrum.strategies.advice import advise, failed
from scrum.strategies.ports import Adviser
from scrum_adapters.ollama import Ollama
from scrum_server.events.loops import sleep, unless
from scrum_server.settings import Settings
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import Store

FLOOR = 60.0
_MOST = 3
"""Times that it asks about a sprint: a model may be away, or talk nonsense."""


@dataclass(frozen=True)
class Advice:
    """`asked` counts how often this process asked about a plan. Two that ask at once get the same candidates."""

    store: Store[MemoryWork]
    adviser: Adviser
    clock: Clock = system
    floor: float = FLOOR
    asked: Counter[str] = field(default_factory=Counter[str])

    async def run(self, stop: asyncio.Event) -> None:
        """Woken by what memory tells of. Raises Unavailable: it is tried again."""
        async with self.store.outgoing.woken() as woken:
            while not stop.is_set():
                woken.clear()
                await unless(stop, self.ask())
                await unless(stop, sleep(self.floor, woken))

    async def ask(self) -> None:
        """About every sprint that failed lately. Raises Unavailable."""
        for one in await failed(self.store.start, self.clock()):
            if self.asked[one.episode.plan] < _MOST:
                self.asked[one.episode.plan] += 1
                await advise(self.store.start, self.adviser, one, now=self.clock())
                self.asked[one.episode.plan] = _MOST


@asynccontextmanager
async def advising(settings: Settings, store: Store[MemoryWork], clock: Clock) -> AsyncGenerator[Advice]:
    """By the model that the settings choose."""
    model = Ollama(settings.ollama or "", settings.ollama_model, settings.ollama_seconds)
    async with aclosing(model):
        yield Advice(store, model, clock)
