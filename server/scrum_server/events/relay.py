"""The relay: from a store's outbox to its stream. Any number of relays may serve the same store."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from scrum_adapters.redis_streams import Stream
from scrum_server.events.loops import sleep, unless
from scrum_storage.outgoing import Added, Outgoing, Unsent

BATCH = 500
FLOOR = 1.0
"""Seconds after which it looks without being woken, and between two settlings."""
_KEPT = timedelta(minutes=1)
"""How long the stream keeps what is settled, for those who only follow it."""


@dataclass(frozen=True)
class Relay:
    outgoing: Outgoing
    stream: Stream

    async def run(self, stop: asyncio.Event) -> None:
        """Raises Unavailable."""
        await self.stream.prepare()
        async with self.outgoing.woken() as woken:
            while not stop.is_set():
                woken.clear()
                while await self.send() == BATCH and not stop.is_set():
                    pass
                await unless(stop, sleep(FLOOR, woken))

    async def run_settling(self, stop: asyncio.Event) -> None:
        """Beside `run`: no event waits until others are forgotten. Raises Unavailable."""
        await self.stream.prepare()
        while not stop.is_set():
            await self.settle()
            await sleep(FLOOR, stop)

    async def send(self) -> int:
        """One batch: how many were unsent. Ended between adding and commit, it sends the batch twice.

        Raises:
            Unavailable: nothing is marked as sent.
        """
        return await self.outgoing.send(BATCH, self._add)

    async def settle(self) -> int:
        """Forget what every group has acknowledged, and send again what a lost Redis took along.

        Raises:
            Unavailable.
        """
        await self._find_strays()
        server, floor = await self.stream.floor()
        settled = await self.outgoing.settle(server, floor)
        await self.stream.trim(floor, _KEPT)
        return settled

    async def _add(self, unsent: Sequence[Unsent]) -> Added:
        server, places = await self.stream.add([(one.id, one.envelope) for one in unsent])
        return Added(server, places)

    async def _find_strays(self) -> None:
        """Events that another Redis took, or this one before it restarted: are they in the stream?"""
        server, _ = await self.stream.floor()
        while strays := await self.outgoing.strays(server, BATCH):
            asked, missing = await self.stream.missing([(one.id, one.place) for one in strays])
            if asked != server:
                return  # it restarted in between: the next time will tell
            await self.outgoing.unsend(missing)
            await self.outgoing.relabel([one.id for one in strays if one.id not in missing], server)
