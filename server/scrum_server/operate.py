"""What commands do with the stores, outside of a server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from scrum_server.runtime import servers
from scrum_server.settings import Settings
from scrum_storage.migrate import migrate
from scrum_storage.store import Store, open_store


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Store]:
    """The store, migrated. Raises Unavailable."""
    async with servers(settings) as addresses:
        await migrate(addresses.database)
        async with open_store(addresses.database) as store:
            yield store


def migrate_now(settings: Settings) -> list[str]:
    """The revisions that were applied. Raises Unavailable."""

    async def run() -> list[str]:
        async with servers(settings) as addresses:
            return await migrate(addresses.database)

    return asyncio.run(run())
