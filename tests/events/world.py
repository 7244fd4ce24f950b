"""Relays and consumers that take their steps when they are told to, and crash between any two."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from scrum.deliveries import Delivery, Place, Subscription
from scrum.team.events import ProjectSetUp
from scrum_adapters.redis import Wire, connect
from scrum_adapters.redis_streams import Stream
from scrum_server.events.consumer import Consumer
from scrum_server.events.relay import Relay
from scrum_storage.outgoing import Added, Unsent
from scrum_storage.store import Store, open_store
from scrum_storage.work import PostgresWork
from tests.builders import MONDAY
from tests.events.counting import COUNTING, CountingWork, Poison
from tests.events.effects import rows

GROUPS, WORKERS = ("left", "right"), ("ana", "bo", "cy")
ALWAYS = 99
_STREAM = "scrum.core"
_SECOND = 2  # after the unit of work that counts the attempt
_EMPTY = "TRUNCATE core.outbox, counting.inbox, counting.effects, counting.sums"


class Crash(BaseException):
    """The process ended here: nothing of it hears or handles this."""


class FragileStream(Stream):
    """`meanwhile`: what happens before each of the next answers of `floor`."""

    crashes = False
    meanwhile: Sequence[Callable[[], Awaitable[None]]] = ()

    async def floor(self) -> tuple[str, Place]:
        if self.meanwhile:
            first, *self.meanwhile = self.meanwhile
            await first()
        return await super().floor()

    async def acknowledge(self, group: str, places: Sequence[Place]) -> None:
        if self.crashes:
            raise Crash
        await super().acknowledge(group, places)


@dataclass
class World:
    """`fails`: how often the event of this name fails yet, for each group."""

    core: Store[PostgresWork]
    counted: Store[CountingWork]
    wire: Wire
    streams: dict[str, FragileStream]
    database: str
    now: datetime = MONDAY
    published: dict[str, int] = field(default_factory=dict[str, int])
    fails: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    crashes: bool = False

    async def begin(self) -> None:
        """As if nothing had been."""
        await self.wire.ask("FLUSHALL")
        await rows(self.database, _EMPTY)
        self.published.clear()
        self.fails.clear()
        for stream in self.streams.values():
            await stream.prepare()

    async def publish(self, count: int, fails: int) -> None:
        names = [f"E-{len(self.published) + number}" for number in range(count)]
        async with self.core.start() as work:
            work.publish(*map(_event, names))
            await work.commit()
        self.published.update(dict.fromkeys(names, fails))
        self.fails.update({(group, name): fails for group in GROUPS for name in names})

    async def publish_nearly(self) -> None:
        """It ends before it commits."""
        async with self.core.start() as work:
            work.publish(_event("nobody's"))

    async def send(self, worker: str) -> None:
        await self._relay(worker).send()

    async def send_nearly(self, worker: str, *, added: bool) -> None:
        """It ends before or after it added them to the stream."""

        async def add(unsent: Sequence[Unsent]) -> Added:
            if added:
                await self.streams[worker].add([(one.id, one.envelope) for one in unsent])
            raise Crash

        with suppress(Crash):
            await self.core.outgoing.send(10, add)

    async def settle(self, worker: str) -> None:
        await self._relay(worker).settle()

    async def settle_too_late(self, worker: str) -> None:
        """Redis loses everything once it was asked what it has, and before it is asked what was heard."""
        self.streams[worker].meanwhile = (_nothing, self._lose_and_go_on)
        await self.settle(worker)

    async def _lose_and_go_on(self) -> None:
        await self.flush()
        await self.publish(1, 0)
        await self.send(WORKERS[0])
        for group in GROUPS:
            await self.deliver(group, WORKERS[0], 1000)

    async def read(self, group: str, worker: str, count: int) -> None:
        """And nothing else: it ends before it begins to handle them."""
        await self.streams[worker].read(group, worker, count, 0)

    async def deliver(self, group: str, worker: str, count: int) -> None:
        entries = await self.streams[worker].read(group, worker, count, 0)
        await self._consumer(group, worker).handle(entries)

    async def deliver_nearly(self, group: str, worker: str, count: int) -> None:
        """It ends in the middle of its transaction."""
        self.crashes = True
        with suppress(Crash):
            await self.deliver(group, worker, count)
        self.crashes = False

    async def deliver_unacknowledged(self, group: str, worker: str, count: int) -> None:
        """It ends between its commit and the acknowledgement."""
        self.streams[worker].crashes = True
        with suppress(Crash):
            await self.deliver(group, worker, count)
        self.streams[worker].crashes = False

    async def finish(self, group: str, worker: str) -> None:
        await self._consumer(group, worker).finish()

    async def take_over(self, group: str, worker: str) -> None:
        await self._consumer(group, worker).take_over()

    async def retry(self, group: str, worker: str) -> bool:
        return await self._consumer(group, worker).retry()

    async def retry_nearly(self, group: str, worker: str) -> None:
        """It ends in the middle of its transaction."""
        self.crashes = True
        with suppress(Crash):
            await self.retry(group, worker)
        self.crashes = False

    async def retry_too_late(self, group: str, worker: str) -> None:
        """Somebody else tries the same event before this one comes to it."""
        starts = count(1)

        @asynccontextmanager
        async def start() -> AsyncGenerator[CountingWork]:
            if next(starts) == _SECOND:
                await self.wait(600)
                await self.retry(group, WORKERS[0])
            async with self.counted.start() as work:
                yield work

        await replace(self._consumer(group, worker), start=start).retry()

    async def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    async def flush(self) -> None:
        await self.wire.ask("FLUSHALL")

    async def lose_the_stream(self) -> None:
        """As when Redis evicts it: the epoch is there still."""
        await self.wire.ask("DEL", _STREAM)

    async def doubt(self) -> None:
        """As after a restart of Redis with its data: it signs differently."""
        await self.wire.ask("SET", f"{{{_STREAM}}}.epoch", self.now.isoformat(), "XX")
        self.now += timedelta(seconds=1)

    async def shuffle(self, chance: random.Random) -> None:
        """Some of what the stream holds comes again, in another order."""
        entries = await self.wire.ask("XRANGE", _STREAM, "-", "+")
        for _, fields in chance.sample(entries, len(entries) // 2):
            await self.wire.ask("XADD", _STREAM, "NOMKSTREAM", "*", *fields)

    async def all_at_once(self) -> None:
        """Every worker sends and settles, and handles for every group."""
        pairs = [(group, worker) for group in GROUPS for worker in WORKERS]
        await asyncio.gather(
            *(self.send(worker) for worker in WORKERS),
            *(self.settle(worker) for worker in WORKERS),
            *(self.deliver(*pair, 5) for pair in pairs),
            *(self.take_over(*pair) for pair in pairs),
            *(self.retry(*pair) for pair in pairs),
        )

    async def come_to_rest(self) -> None:
        """Everybody works until there is nothing left to do."""
        for _ in range(30):
            await self.wait(600)
            await self.all_at_once()
            for group in GROUPS:
                await self.deliver(group, WORKERS[0], 1000)
                while await self.retry(group, WORKERS[0]):
                    pass
            if not await self.left():
                return
        raise AssertionError(f"it does not come to rest: {await self.left()}")

    async def left(self) -> list[Any]:
        retries = await rows(self.database, "SELECT * FROM counting.inbox WHERE state = 'retry'")
        unsettled = await rows(self.database, "SELECT * FROM core.outbox")
        _, standing = await self.streams[WORKERS[0]].standing()
        return [*retries, *unsettled, *(group for group in standing.values() if group.pending)]

    async def check(self) -> None:
        """One effect for each event and group; only poison was given up."""
        good = {(group, name) for group in GROUPS for name in self.published if self._is_good(name)}
        poison = {(group, name) for group in GROUPS for name in self.published if not self._is_good(name)}
        effects = await rows(self.database, "SELECT consumer, aggregate FROM counting.effects")
        dead = "SELECT consumer, envelope->>'aggregate', state, attempts FROM counting.inbox WHERE state <> 'done'"
        assert Counter(effects) == Counter(good)
        assert Counter(await rows(self.database, dead)) == Counter((*one, "dead", 5) for one in poison)

    def _is_good(self, name: str) -> bool:
        return self.published[name] < ALWAYS

    def _relay(self, worker: str) -> Relay:
        return Relay(self.core.outgoing, self.streams[worker])

    def _consumer(self, group: str, worker: str) -> Consumer[CountingWork]:
        subscription = Subscription(partial(self._count, group))
        return Consumer(
            group=group,
            name=worker,
            source="core",
            stream=self.streams[worker],
            start=self.counted.start,
            subscriptions=(subscription,),
            takeover=0.0,
            clock=lambda: self.now,
        )

    async def _count(self, group: str, work: CountingWork, deliveries: Sequence[Delivery]) -> None:
        await work.effects.add(group, deliveries)
        if self.crashes:
            raise Crash
        for one in deliveries:
            if self.fails[group, one.event.aggregate]:
                self.fails[group, one.event.aggregate] -= 1
                raise Poison(one.event.aggregate)


async def _nothing() -> None:
    """Nothing happens."""


@asynccontextmanager
async def a_world(database: str, redis: str) -> AsyncGenerator[World]:
    async with (
        open_store(database) as core,
        open_store(database, COUNTING) as counted,
        connect(redis) as client,
    ):
        streams = {worker: FragileStream(client, _STREAM, GROUPS) for worker in WORKERS}
        yield World(core, counted, Wire(client), streams, database)


def _event(name: str) -> ProjectSetUp:
    return ProjectSetUp(
        project="SHOP",
        aggregate=name,
        aggregate_version=1,
        occurred_at=MONDAY,
        actor="ana",
        name="",
        settings={},
    )
