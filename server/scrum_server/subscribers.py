"""The clients that watch resources.

Clients of 2026-07-28 hold a stream open (`subscriptions/listen`), on any transport. Older ones subscribe in their
session: over stdio, because over HTTP we keep no sessions, and no client is told there that it could.
"""

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

from mcp.server import MCPServer
from mcp.server.connection import Connection
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated
from mcp.shared.exceptions import MCPError
from mcp_types import (
    METHOD_NOT_FOUND,
    EmptyResult,
    SubscribeRequestParams,
    SubscriptionsListenRequestParams,
    SubscriptionsListenResult,
    UnsubscribeRequestParams,
)

from scrum_tools.live import affected

_PATIENCE = 1.0
"""Seconds for older clients to read; what they did not read in time is sent again with the next call."""

_Asked = ServerRequestContext[Any, Any]


@dataclass
class _Session:
    """What an older client subscribed to, and what of it changed since it was told."""

    connection: Connection
    uris: set[str] = field(default_factory=set[str])
    pending: set[str] = field(default_factory=set[str])

    async def tell(self) -> None:
        while self.pending:
            await self.connection.send_resource_updated(uri := min(self.pending))
            self.pending.discard(uri)


class Subscribers:
    """Whoever watches a resource through this process, in either way."""

    def __init__(self) -> None:
        self.bus = InMemorySubscriptionBus()
        self._listening = ListenHandler(self.bus)
        self._streams: Counter[str] = Counter()
        self._sessions: dict[Connection, _Session] = {}

    @property
    def uris(self) -> frozenset[str]:
        """As the clients wrote them."""
        return frozenset(self._streams).union(*(session.uris for session in self._sessions.values()))

    def serve(self, server: MCPServer[Any]) -> None:
        inner = server._lowlevel_server  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it alone takes handlers
        inner.add_request_handler("subscriptions/listen", SubscriptionsListenRequestParams, self._listen)
        inner.add_request_handler("resources/subscribe", SubscribeRequestParams, self._subscribe)
        inner.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, self._unsubscribe)
        server.middleware.append(_advertise)

    async def announce(self, changes: frozenset[str]) -> None:
        """Tell those who watch what these changes are about, each resource once."""
        await self._tell(affected(self.uris, changes))

    async def announce_all(self) -> None:
        """Anything may have changed."""
        await self._tell(sorted(self.uris))

    def close(self) -> None:
        """End the open streams; each client is told that this was meant."""
        self._listening.close()

    async def _tell(self, uris: list[str]) -> None:
        for uri in uris:
            await self.bus.publish(ResourceUpdated(uri))
        for session in self._sessions.values():
            session.pending |= session.uris.intersection(uris)
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE), asyncio.TaskGroup() as tasks:
                for session in self._sessions.values():
                    tasks.create_task(session.tell())

    async def _listen(
        self, ctx: _Asked, params: SubscriptionsListenRequestParams
    ) -> SubscriptionsListenResult:
        with self._watching(set(params.notifications.resource_subscriptions or ())):
            return await self._listening(ctx, params)

    @contextmanager
    def _watching(self, uris: set[str]) -> Generator[None]:
        self._streams.update(uris)
        try:
            yield
        finally:
            self._streams -= Counter(uris)

    async def _subscribe(self, ctx: _Asked, params: SubscribeRequestParams) -> EmptyResult:
        self._session(ctx).uris.add(params.uri)
        return EmptyResult()

    async def _unsubscribe(self, ctx: _Asked, params: UnsubscribeRequestParams) -> EmptyResult:
        session = self._session(ctx)
        session.uris.discard(params.uri)
        session.pending.discard(params.uri)
        return EmptyResult()

    def _session(self, ctx: _Asked) -> _Session:
        """Of the client that asks; it ends with its connection."""
        if not _can_push(ctx):
            raise MCPError(METHOD_NOT_FOUND, "Over HTTP, only clients of 2026-07-28 can watch resources.")
        connection = ctx.session._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it alone outlives the request
        if connection not in self._sessions:
            self._sessions[connection] = _Session(connection)
            connection.exit_stack.callback(self._sessions.pop, connection)
        return self._sessions[connection]


def _can_push(ctx: _Asked) -> bool:
    """To a client of an older protocol, in its session."""
    return ctx.request is None


async def _advertise(ctx: _Asked, call_next: CallNext) -> HandlerResult:
    """Over HTTP, an older client is not told that it could subscribe."""
    result = await call_next(ctx)
    if ctx.method == "initialize" and not _can_push(ctx):
        cast("dict[str, Any]", result)["capabilities"]["resources"]["subscribe"] = False
    return result
