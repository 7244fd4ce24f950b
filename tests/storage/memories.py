"""What tests of the memory store begin with."""

from collections.abc import Mapping

from scrum.memory.built_in import embedded
from scrum.memory.embedding import Embedding
from scrum.memory.model import Episode
from scrum.memory.search import Found, Query
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import Store


async def remember(memory: Store[MemoryWork], *episodes: Episode) -> None:
    async with memory.start() as work:
        await work.episodes.put(episodes)
        await work.commit()


async def embed(memory: Store[MemoryWork], embeddings: Mapping[str, Embedding]) -> None:
    async with memory.start() as work:
        await work.episodes.embed(embeddings)
        await work.commit()


async def remember_well(memory: Store[MemoryWork], *episodes: Episode) -> None:
    """With vectors of the built-in model."""
    await remember(memory, *episodes)
    await embed(memory, {one.plan: embedded(one.context) for one in episodes})


async def search(memory: Store[MemoryWork], query: Query) -> Found:
    async with memory.look() as work:
        return await work.episodes.search(query)


async def found(memory: Store[MemoryWork], query: Query) -> list[str]:
    return [hit.episode.plan for hit in (await search(memory, query)).hits]
