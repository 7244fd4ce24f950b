"""Gives episodes their vectors: outside transactions, in batches, and in one process at a time for each model."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scrum.errors import Invalid, ScrumError, Unavailable
from scrum.memory.embedding import Embedding, Model
from scrum.memory.model import Episode
from scrum.memory.ports import Embedder
from scrum.memory.search import Where
from scrum_server.events.loops import sleep, unless
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import Store
from scrum_storage.vector_index import alone, index

log = logging.getLogger(__name__)

BATCH = 32
FLOOR = 30.0
_ALL = 1_000_000_000

Progress = Callable[[int], None]
"""Is told how many more have their vectors."""


@dataclass(frozen=True)
class Filling:
    """Of one model. `refused` are episodes that it makes no vector of: they are found by words and numbers.

    It looks without being woken every `floor` seconds.
    """

    store: Store[MemoryWork]
    embedder: Embedder
    floor: float = FLOOR
    refused: set[str] = field(default_factory=set[str])

    async def run(self, stop: asyncio.Event) -> None:
        """Woken by what memory tells of. Raises Unavailable."""
        async with self.store.outgoing.woken() as woken:
            while not stop.is_set():
                woken.clear()
                await unless(stop, self._filled())
                await unless(stop, sleep(self.floor, woken))

    async def _filled(self) -> None:
        try:
            await self.fill()
        except Invalid as error:
            log.error("%s", error)  # noqa: TRY400 - the text says what to do

    async def missing(self) -> int:
        """Episodes without a vector. Raises Unavailable."""
        model = await self.embedder.model()
        async with self.store.look() as work:
            return await work.episodes.missing(model, Where(), _ALL)

    async def fill(self, progress: Progress = lambda _: None) -> bool:
        """Until every episode has its vector, and there is an index of them; False where another process does it.

        What it has done stays done when it ends early.

        Raises:
            Unavailable; Invalid: the model cannot be kept.
        """
        model = await self.embedder.model()
        if not await self._lacks(model):
            return True
        async with alone(self.store.engine, model) as connection:
            if connection is None:
                return False
            await self._adopt(model)
            while some := await self._pending(model):
                progress(await self._embed(some))
            await index(connection, model)
            await self._complete(model)
        return True

    async def _lacks(self, model: Model) -> bool:
        async with self.store.look() as work:
            known = model in await work.episodes.searchable()
        return not known or bool(await self._pending(model))

    async def _pending(self, model: Model) -> Sequence[Episode]:
        async with self.store.look() as work:
            some = await work.episodes.pending(model, BATCH + len(self.refused))
        return [one for one in some if one.plan not in self.refused][:BATCH]

    async def _embed(self, some: Sequence[Episode]) -> int:
        """Together; where that fails each by itself, so that none holds up the others.

        What is away in the end was away before too, perhaps: then none is refused for it.
        """
        try:
            return await self._keep(some)
        except (Invalid, Unavailable) as error:
            if len(some) == 1 and isinstance(error, Unavailable):
                raise
        tried = [(one, await self._failure(one)) for one in some]
        if isinstance(last := tried[-1][1], Unavailable):
            raise last
        for one, failure in tried:
            if failure:
                log.warning("%s has no vector: %s", one.plan, failure)
                self.refused.add(one.plan)
        return sum(failure is None for _, failure in tried)

    async def _failure(self, one: Episode) -> ScrumError | None:
        try:
            await self._keep([one])
        except (Invalid, Unavailable) as error:
            return error
        return None

    async def _keep(self, some: Sequence[Episode]) -> int:
        vectors = await self.embedder.embed([one.context for one in some])
        embeddings: dict[str, Embedding] = {
            one.plan: vector for one, vector in zip(some, vectors, strict=True)
        }
        async with self.store.start() as work:
            await work.episodes.embed(embeddings)
            await work.commit()
        return len(some)

    async def _adopt(self, model: Model) -> None:
        async with self.store.start() as work:
            await work.episodes.adopt(model)
            await work.commit()

    async def _complete(self, model: Model) -> None:
        async with self.store.start() as work:
            await work.episodes.complete(model)
            await work.commit()
