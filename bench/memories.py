"""A memory store of its own for a benchmark, on embedded servers that are gone afterwards."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from scrum.memory.built_in import embedded
from scrum.memory.model import Context, Decision, Episode
from scrum_server.settings import Settings
from scrum_server.simulate.home import temporary_home
from scrum_server.stores import servers
from scrum_storage.memory_work import MemoryWork
from scrum_storage.migrate import migrate
from scrum_storage.store import MEMORY, Store, open_store

_AT_ONCE = 500


@asynccontextmanager
async def memory() -> AsyncGenerator[tuple[Store[MemoryWork], str]]:
    """The store, and the URL of its database."""
    with temporary_home() as home:
        async with servers(Settings(home=home)) as addresses:
            await migrate(addresses.database)
            async with open_store(addresses.database, MEMORY) as store:
                yield store, addresses.database


def episode(plan: str, context: Context, project: str = "SHOP") -> Episode:
    return Episode(
        plan, project, f"{project}-S1", datetime(2026, 3, 2, tzinfo=UTC), context, Decision(20, 20, 20)
    )


async def remember(store: Store[MemoryWork], episodes: Sequence[Episode]) -> None:
    """With their vectors."""
    for first in range(0, len(episodes), _AT_ONCE):
        some = episodes[first : first + _AT_ONCE]
        async with store.start() as work:
            await work.episodes.put(some)
            await work.episodes.embed({one.plan: embedded(one.context) for one in some})
            await work.commit()
