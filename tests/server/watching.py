"""A client that watches resources, and what it is told."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from mcp import Client
from mcp.client.subscriptions import Subscription
from mcp_types import ResourceUpdatedNotification

from tests.builders import SHOP
from tests.tools.agent import LEGACY, PATIENCE

BACKLOG, VELOCITY = f"scrum://{SHOP}/backlog", f"scrum://{SHOP}/velocity"


class Heard:
    """What a client was told, in the order of it."""

    def __init__(self) -> None:
        self._told = asyncio.Queue[str]()

    async def next(self) -> str:
        async with asyncio.timeout(PATIENCE):
            return await self._told.get()

    def forget(self) -> None:
        while not self._told.empty():
            self._told.get_nowait()

    async def until(self, uri: str) -> list[str]:
        """All up to this one."""
        heard = [await self.next()]
        while heard[-1] != uri:
            heard.append(await self.next())
        return heard

    async def message(self, message: object) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            self._told.put_nowait(message.params.uri)

    async def follow(self, subscription: Subscription) -> None:
        async for event in subscription:
            self._told.put_nowait(getattr(event, "uri", ""))


@asynccontextmanager
async def watching(server: Any, mode: str, uris: Iterable[str]) -> AsyncGenerator[tuple[Client, Heard]]:
    """A client of either era, and what it is told."""
    heard = Heard()
    handler = heard.message if mode == LEGACY else None
    async with (
        Client(
            server, mode=mode, message_handler=handler, cache=None, read_timeout_seconds=PATIENCE
        ) as client,
        AsyncExitStack() as stack,
    ):
        if mode == LEGACY:
            for uri in uris:
                await client.subscribe_resource(uri)  # type: ignore[deprecated]  # pyright: ignore[reportDeprecated] - older clients call it
        else:
            listening = await stack.enter_async_context(client.listen(resource_subscriptions=list(uris)))
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            stack.callback(tasks.create_task(heard.follow(listening)).cancel)
        yield client, heard
