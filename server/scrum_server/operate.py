"""What commands do with the stores, outside of a server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

from scrum_server.settings import STORES, Settings
from scrum_server.stores import Stores, servers
from scrum_storage.migrate import migrate
from scrum_tools.run import Core


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Core]:
    """The store `core`, migrated. Raises Unavailable."""
    async with aclosing(Stores(settings)) as stores:
        yield await stores.core()


def migrate_now(settings: Settings) -> list[str]:
    """The revisions that were applied. Raises Unavailable."""

    async def run() -> list[str]:
        async with servers(settings) as addresses:
            return [
                revision
                for store in STORES
                for revision in await migrate(settings.database_of(store) or addresses.database, [store])
            ]

    return asyncio.run(run())
