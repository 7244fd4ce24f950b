"""Events from commit to handled, by one worker process, beside the least that could keep the same promise.

    python bench/events.py [rounds]

Handled is what stands in the inbox and in the history of its project. The least is `bare.py`, which says what it does:
it gets the same events in commits of the same size, on the same embedded servers, in turn with the product, so that a
busy machine slows both. Each worker is a process of its own, and has handled some events before.

backlog: from the moment when a worker begins on 20,000 committed events until the last one is handled.
steady: from the first commit until the last event is handled, of 20,000 that another process commits meanwhile.
trickle: 20 commits a second of one event each; from just before a commit until another connection hears of the row in
the history. The product alone.

Targets: of a backlog at least half the rate of the least; in a trickle a p99 of at most 50 ms on an idle machine.
"""

import sys
from pathlib import Path

# Not this folder, where `http` would be a benchmark instead of the standard library's
sys.path[0] = str(Path(__file__).parent.parent)

import asyncio
import os
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Any, TypeAlias

import asyncpg

from bench.bare import opened
from bench.event_workers import Orders, plain_address, worker
from bench.targets import Target, at_least, at_most, conclude
from scrum.backlog.events import ItemAdded, ItemBlocked, ItemChanged, ItemCompleted
from scrum.events import Event
from scrum_server.settings import Settings
from scrum_server.simulate.home import temporary_home
from scrum_server.stores import servers
from scrum_storage.migrate import migrate
from scrum_storage.store import Store, open_store

COUNT, COMMIT = 20_000, 20
WARM_UP = 1_000
TRICKLE, PER_SECOND = 300, 20
LEAST_SHARE, MOST_MILLISECONDS = 0.5, 50.0
_LONGEST = 300
_TRIGGER = """
CREATE FUNCTION bare.tell() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('handled', NEW.aggregate); RETURN NULL; END $$;
CREATE TRIGGER tell AFTER INSERT ON chronicle.history FOR EACH ROW EXECUTE FUNCTION bare.tell();
"""

Commit: TypeAlias = Callable[[Sequence[Event]], Awaitable[None]]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class Seen:
    """Events per second, and the seconds of processor time that the worker took for each 1,000."""

    rate: float
    seconds: float


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: `history` is where its events end, `worker` leads to its process."""

    history: str
    commit: Commit
    worker: Orders
    watching: Connection

    def begin(self) -> None:
        self.worker.send("begin")

    async def end(self) -> float:
        """The processor time that it took."""
        self.worker.send("end")
        seconds: float = await asyncio.to_thread(self.worker.recv)
        return seconds

    async def until_handled(self, project: str) -> None:
        """The last commit of a run is the only one of its project."""
        there = f"SELECT EXISTS (SELECT FROM {self.history} WHERE project = $1)"  # noqa: S608 - ours
        async with asyncio.timeout(_LONGEST):
            while not await self.watching.fetchval(there, project):  # noqa: ASYNC110 - nobody is told
                await asyncio.sleep(0.01)

    async def check(self, count: int) -> None:
        found = await self.watching.fetchval(f"SELECT count(*) FROM {self.history}")  # noqa: S608 - ours
        if found != count:
            raise RuntimeError(f"{found} of {count} events are in {self.history}")


def commits(count: int, last: str) -> list[list[Event]]:
    """What a sprint makes of items; the last event is of the project `last`."""
    chance = random.Random(count)
    events = [an_event(chance, n, "SHOP" if n < count - 1 else last) for n in range(count)]
    return [events[n : n + COMMIT] for n in range(0, count, COMMIT)]


def an_event(chance: random.Random, number: int, project: str) -> Event:
    shared: dict[str, Any] = {
        "project": project,
        "aggregate": f"{project}-{number}",
        "aggregate_version": chance.randint(1, 9),
        "occurred_at": datetime.now(UTC),
        "actor": chance.choice(["ana", "bo"]),
        "reason": chance.choice(["", "Agreed in the refinement"]),
    }
    made: list[Event] = [
        ItemAdded(title=f"Pay order {number} with a stored card", points=5, priority="high", **shared),
        ItemChanged(sprint="SHOP-S3", fields={"status": "in_progress", "assignee": "Ana"}, **shared),
        ItemChanged(sprint="", fields={"points": 8, "labels": ["checkout", "mobile"]}, **shared),
        ItemCompleted(sprint="SHOP-S3", points=3, **shared),
        ItemBlocked(sprint="SHOP-S3", why="Waits for the certificate of the bank", **shared),
    ]
    return chance.choice(made)


async def backlog(side: Side, name: str) -> Seen:
    for events in commits(COUNT, name):
        await side.commit(events)
    begun = time.perf_counter()
    side.begin()
    return await _seen(side, name, begun)


async def steady(side: Side, name: str) -> Seen:
    made = commits(COUNT, name)
    side.begin()
    begun = time.perf_counter()
    for events in made:
        await side.commit(events)
    return await _seen(side, name, begun)


async def _seen(side: Side, name: str, begun: float) -> Seen:
    await side.until_handled(name)
    took = time.perf_counter() - begun
    return Seen(COUNT / took, await side.end() / COUNT * 1000)


async def trickle(side: Side, database: str) -> list[float]:
    """Milliseconds from commit to handled."""
    handled: dict[str, float] = {}

    def hear(*told: Any) -> None:
        handled[told[3]] = time.perf_counter()

    await side.watching.execute(_TRIGGER)
    listener = await asyncpg.connect(database)
    await listener.add_listener("handled", hear)
    side.begin()
    begun = await _every_so_often(side.commit)
    await side.until_handled("LAST")
    await side.end()
    await listener.close()
    return [1000 * (handled[name] - at) for name, at in begun.items()]


async def _every_so_often(commit: Commit) -> dict[str, float]:
    """When each was committed, by its aggregate."""
    begun: dict[str, float] = {}
    start = time.perf_counter()
    for number, (event,) in enumerate([one] for events in commits(TRICKLE, "LAST") for one in events):
        await asyncio.sleep(max(0.0, start + number / PER_SECOND - time.perf_counter()))
        begun[event.aggregate] = time.perf_counter()
        await commit([event])
    return begun


def committing(core: Store) -> Commit:
    async def commit(events: Sequence[Event]) -> None:
        async with core.start() as work:
            work.publish(*events)
            await work.commit()

    return commit


@asynccontextmanager
async def sides(home: Path, database: str, redis: str) -> AsyncGenerator[dict[str, Side]]:
    """Both with a worker that has handled some events before."""
    async with opened(plain_address(database), redis) as bare, open_store(database) as core:
        await bare.prepare()
        watching = await asyncpg.connect(plain_address(database))
        with worker("product", home) as ours, worker("least", home) as theirs:
            both = {
                "product": Side("chronicle.history", committing(core), ours, watching),
                "least": Side("bare.history", bare.commit, theirs, watching),
            }
            for side in both.values():
                await warm_up(side)
            yield both
        await watching.close()


async def warm_up(side: Side) -> None:
    side.begin()
    for events in commits(WARM_UP, "WARM"):
        await side.commit(events)
    await side.until_handled("WARM")
    await side.end()


async def one_round(both: dict[str, Side], number: int) -> dict[str, dict[str, Seen]]:
    """Who comes first changes from round to round."""
    order = list(both)[:: 1 if number % 2 else -1]
    return {
        kind.__name__: {name: await kind(both[name], f"{kind.__name__}-{number}") for name in order}
        for kind in (backlog, steady)
    }


def report(rounds: Sequence[dict[str, dict[str, Seen]]]) -> list[Target]:
    print(f"{'':<10}{'product/s':>11}{'least/s':>11}{'share':>8}{'of each round':>20}{'cpu ms/event':>22}")
    shares: dict[str, float] = {}
    for kind in rounds[0]:
        seen = [(one[kind]["product"], one[kind]["least"]) for one in rounds]
        each = [ours.rate / theirs.rate for ours, theirs in seen]
        shares[kind] = median(each)
        rates = [median(one.rate for one in column) for column in zip(*seen, strict=True)]
        spent = [median(one.seconds for one in column) for column in zip(*seen, strict=True)]
        spread = f"{min(each):.2f} to {max(each):.2f}"
        print(
            f"{kind:<10}{rates[0]:>11.0f}{rates[1]:>11.0f}{shares[kind]:>8.2f}{spread:>20}{spent[0]:>11.3f} and {spent[1]:.3f}"
        )
    print(f"medians of {len(rounds)} rounds with {COUNT} events each, in commits of {COMMIT}")
    return [at_least("backlog, share of the least", shares["backlog"], LEAST_SHARE)]


async def main(rounds: int) -> None:
    with temporary_home() as home:
        async with servers(Settings(home=home)) as addresses:
            await migrate(addresses.database)
            async with sides(home, addresses.database, addresses.redis) as both:
                made = [await one_round(both, number) for number in range(rounds)]
                for side in both.values():
                    await side.check(WARM_UP + 2 * COUNT * rounds)
                times = await trickle(both["product"], plain_address(addresses.database))
    targets = report(made)
    p50, p99 = median(times), quantiles(times, n=100)[98]
    print(f"trickle: p50 {p50:.1f} ms, p99 {p99:.1f} ms, worst {max(times):.1f} ms of {len(times)}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
    conclude([*targets, at_most("trickle, p99 in ms", p99, MOST_MILLISECONDS)])


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
