"""Memory as it hears events: by the real relay and consumer, which take their steps when they are told to."""

import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from scrum.events import Event
from scrum.memory.model import Episode
from scrum_adapters.redis import Wire, connect
from scrum_adapters.redis_streams import Stream
from scrum_server.events.consumer import Consumer
from scrum_server.events.groups import GROUPS
from scrum_server.events.relay import Relay
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import MEMORY, Store, open_store
from tests.conftest import name_of
from tests.tools.database import rows

(_GROUP,) = (group for group in GROUPS if group.name == "memory")
_ALL = 1000


@dataclass(frozen=True)
class Recall:
    core: Store
    memory: Store[MemoryWork]
    stream: Stream
    wire: Wire
    name: str
    database: str

    async def publish(self, *events: Event) -> None:
        async with self.core.start() as work:
            work.publish(*events)
            await work.commit()

    async def send(self) -> None:
        await Relay(self.core.outgoing, self.stream).send()

    async def hear(self, worker: str = "ana", *, at_once: int = _ALL) -> None:
        """Everything that was published and nobody has heard."""
        await self.send()
        while entries := await self.stream.read("memory", worker, at_once, 0):
            await self.consumer(worker).handle(entries)

    async def again(self, chance: random.Random, *, forgotten: bool) -> None:
        """All comes again, in another order; `forgotten`: the inbox knows nothing of it any more."""
        if forgotten:
            await rows(self.database, "DELETE FROM memory.inbox")
        entries = await self.wire.ask("XRANGE", self.name, "-", "+")
        for _, fields in chance.sample(entries, len(entries)):
            await self.wire.ask("XADD", self.name, "*", *fields)
        await self.hear(at_once=1)

    def consumer(self, worker: str) -> Consumer[MemoryWork]:
        return Consumer(
            "memory", worker, "core", self.stream, self.memory.start, _GROUP.subscriptions, takeover=0.0
        )

    async def episode(self, plan: str) -> Episode:
        async with self.memory.look() as work:
            return await work.episodes.get(plan)

    async def told(self) -> list[tuple[str, str]]:
        """What memory published of episodes: the type, and of what."""
        of_episodes = "SELECT type, aggregate FROM memory.outbox WHERE type LIKE 'Episode%' ORDER BY seq"
        found = await rows(self.database, of_episodes)
        return [(row["type"], row["aggregate"]) for row in found]

    async def everything(self) -> list[list[dict[str, Any]]]:
        """The effects."""
        tables = ("episodes", "endings", "sharing", "terms", "strategies", "trials", "outbox")
        return [
            await rows(self.database, f"SELECT to_jsonb(t) AS row FROM memory.{table} t ORDER BY t")  # noqa: S608
            for table in tables
        ]

    async def letters(self) -> list[dict[str, Any]]:
        """What could not be handled."""
        return await rows(self.database, "SELECT * FROM memory.inbox WHERE state <> 'done'")


@asynccontextmanager
async def recalling(database: str, redis: str) -> AsyncGenerator[Recall]:
    name = f"{name_of(database)}.core"
    async with (
        open_store(database) as core,
        open_store(database, MEMORY) as memory,
        connect(redis) as client,
    ):
        stream = Stream(client, name, ["memory"])
        await stream.prepare()
        yield Recall(core, memory, stream, Wire(client), name, database)
