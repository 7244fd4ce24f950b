"""The loops that every worker runs, and a server too where it works for itself."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import timedelta
from functools import partial
from typing import Any

from scrum_adapters.redis_streams import Stream
from scrum_server.advice import advising
from scrum_server.ceremonies.scheduler import Scheduler, Told, nobody
from scrum_server.embedders import Embedders
from scrum_server.embedding import Filling
from scrum_server.events.consumer import Consumer
from scrum_server.events.groups import GROUPS, Group
from scrum_server.events.loops import kept_up, sleep, unless
from scrum_server.events.relay import Relay
from scrum_server.events.standing import stream
from scrum_server.settings import Settings
from scrum_server.stores import Stores
from scrum_storage.ids import before, moment, uuid7
from scrum_storage.store import CORE, KINDS, MEMORY, Kind

_HOUSEKEEPING = 600.0
_MARGIN = timedelta(hours=1)
"""Longer than any transaction: an id is older than the commit that makes it known."""
_REMEMBERED = timedelta(days=7)
"""How old a Redis may be that comes back: what was handled since is not handled again."""


class Worker:
    """Relays every store, consumes for every group, and makes due and delivers the ceremonies of every project."""

    def __init__(
        self,
        stores: Stores,
        settings: Settings,
        groups: Sequence[Group[Any]] = GROUPS,
        told: Told = nobody,
    ) -> None:
        self._stores = stores
        self._settings = settings
        self._scheduler = Scheduler(stores, settings, told)
        self._takeover = settings.takeover_seconds
        self._prefix = settings.redis_prefix
        self._groups = groups
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid7().hex[-8:]}"

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what was begun is finished."""
        async with asyncio.TaskGroup() as tasks:

            def keep_up(name: str, run: Any) -> None:
                tasks.create_task(kept_up(name, partial(run, stop), stop), name=name)

            for kind in KINDS:
                keep_up(f"relay of {kind.name}", partial(self._relay, kind))
                keep_up(f"settling of {kind.name}", partial(self._settle, kind))
            for group in self._groups:
                for source in group.sources:
                    keep_up(f"{group.name} on {source.name}", partial(self._consume, group, source))
                keep_up(f"retries of {group.name}", partial(self._retry, group))
            keep_up("evaluating ceremonies", self._evaluate)
            keep_up("delivering ceremonies", self._deliver)
            keep_up("embedding", self._embed)
            if self._settings.ollama:
                keep_up("advice", self._advise)
            keep_up("housekeeping", self._clean)

    def streams(self, *kinds: Kind[Any]) -> dict[str, Callable[[], Awaitable[Stream]]]:
        """How each is found, by the name of its store. Finding raises Unavailable."""
        return {kind.name: partial(self._stream, kind) for kind in kinds}

    async def _relay(self, kind: Kind[Any], stop: asyncio.Event) -> None:
        if relay := await unless(stop, self._relay_of(kind)):
            await relay.run(stop)

    async def _settle(self, kind: Kind[Any], stop: asyncio.Event) -> None:
        if relay := await unless(stop, self._relay_of(kind)):
            await relay.run_settling(stop)

    async def _relay_of(self, kind: Kind[Any]) -> Relay:
        return Relay((await self._stores.of(kind)).outgoing, await self._stream(kind))

    async def _consume(self, group: Group[Any], source: Kind[Any], stop: asyncio.Event) -> None:
        if consumer := await unless(stop, self._consumer(group, source)):
            await consumer.run(stop)

    async def _retry(self, group: Group[Any], stop: asyncio.Event) -> None:
        if consumer := await unless(stop, self._consumer(group, group.sources[0])):
            await consumer.run_retries(stop)

    async def _consumer(self, group: Group[Any], source: Kind[Any]) -> Consumer[Any]:
        return Consumer(
            group=group.name,
            name=self._name,
            source=source.name,
            stream=await self._stream(source),
            start=self._stores.guarded(group.store).start,
            subscriptions=group.subscriptions,
            takeover=self._takeover,
            clock=self._stores.clock,
        )

    async def _stream(self, kind: Kind[Any]) -> Stream:
        owner = await (await self._stores.of(kind)).identity()
        return stream(await self._stores.redis(), self._prefix, kind.name, self._groups, owner=owner)

    async def _evaluate(self, stop: asyncio.Event) -> None:
        if evaluating := await unless(stop, self._scheduler.evaluating()):
            await evaluating.run(stop)

    async def _deliver(self, stop: asyncio.Event) -> None:
        async with self._scheduler.delivering() as delivering:
            await delivering.run(stop)

    async def _embed(self, stop: asyncio.Event) -> None:
        store = await unless(stop, self._stores.of(MEMORY))
        if store is None:
            return
        async with aclosing(Embedders(self._settings)) as embedders, asyncio.TaskGroup() as tasks:
            for one in embedders.chosen:
                filling = Filling(store, one)
                tasks.create_task(
                    kept_up(f"embedding by {type(one).__name__}", partial(filling.run, stop), stop)
                )

    async def _advise(self, stop: asyncio.Event) -> None:
        if store := await unless(stop, self._stores.of(MEMORY)):
            async with advising(self._settings, store, self._stores.clock) as advice:
                await advice.run(stop)

    async def _clean(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await unless(stop, self._purge())
            await sleep(_HOUSEKEEPING, stop)

    async def _purge(self) -> None:
        """Forget what was handled some time ago, once no store can send it again, and what sprints that are over heard of."""
        now = self._stores.clock()
        stores = [await self._stores.of(kind) for kind in KINDS]
        waiting = [oldest for store in stores if (oldest := await store.outgoing.oldest())]
        first = min([moment(one) for one in waiting], default=now)
        for store in stores:
            async with store.start() as work:
                await work.inbox.purge(before(first - _MARGIN), now - _REMEMBERED)
                await work.commit()
        async with (await self._stores.of(CORE)).start() as work:
            await work.schedules.forget()
            await work.commit()
