"""What ceremonies need to be evaluated and delivered by a process, from its settings."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from scrum.ceremonies.delivering import Means
from scrum.planning.ports import Aids
from scrum_adapters.ollama import Ollama
from scrum_server.ceremonies.delivering import Delivered, Delivering
from scrum_server.ceremonies.evaluating import Evaluating
from scrum_server.embedders import Embedders
from scrum_server.settings import Settings
from scrum_server.stores import Stores
from scrum_storage.store import CHRONICLE, CORE, MEMORY

Told = Callable[[Delivered], None]


def nobody(_: Delivered) -> None:
    """Is told of deliveries."""


@dataclass(frozen=True)
class Scheduler:
    """Its parts raise Unavailable when a store cannot be opened."""

    stores: Stores
    settings: Settings
    told: Told = nobody

    async def evaluating(self) -> Evaluating:
        core = await self.stores.of(CORE)
        return Evaluating(core, self.stores.clock, self.settings.virtual_time)

    @asynccontextmanager
    async def delivering(self) -> AsyncGenerator[Delivering]:
        core = await self.stores.of(CORE)
        async with self._aids() as aids:
            yield Delivering(
                core,
                Means(core.start, self.stores.guarded(CHRONICLE).start, aids, core.look),
                timedelta(seconds=self.settings.takeover_seconds),
                self.stores.clock,
                self.settings.virtual_time,
                told=self.told,
            )

    @asynccontextmanager
    async def _aids(self) -> AsyncGenerator[Aids]:
        memory = self.stores.guarded(MEMORY).start
        async with aclosing(Embedders(self.settings)) as embedders:
            if self.settings.ollama is None:
                yield Aids(None, memory, embedders.chosen)
                return
            model = Ollama(self.settings.ollama, self.settings.ollama_model, self.settings.ollama_seconds)
            async with aclosing(model):
                yield Aids(model, memory, embedders.chosen)
