"""Ceremonies of many sprints: what it costs that nothing is due, and how late they are when they are.

    python bench/scheduler.py [sprints]

The sprints are copies of a few that the product planned, started and evaluated, of as many policies; each is of a
project of its own. They lie in databases of the embedded PostgreSQL, all on this machine, with the benchmark.

tick: a worker looks for what to evaluate and for what to deliver, and when to look again; nothing is due. Databases
with 100, 1,000 and 10,000 sprints take turns. The cost must not grow with the number of sprints.
evaluation: all sprints are woken, and evaluated by one worker; nothing is due either.
delay: items are completed, each the first of its sprint and making a ceremony due, at stated rates that wait for nobody;
from just before the call until another connection hears that its ceremony was delivered. One worker process does all
that workers do.
backlog: as many again are completed while no worker runs; from when one begins until the last is delivered.

Targets: a tick at 10,000 sprints costs at most 1.5 times what it costs at 100; a p99 of the delay below 1 s
at 5 and at 20 per second; 40 per second is told without one.
"""

import sys
from pathlib import Path

# Not this folder, where `http` would be a benchmark instead of the standard library's
sys.path[0] = str(Path(__file__).parent.parent)

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import median, quantiles
from typing import Any

import asyncpg

from bench.event_workers import plain_address, worker
from bench.sprints import POLICIES, Connection, copy, make_originals
from bench.targets import at_most, conclude
from scrum.backlog.model import Change, Status
from scrum.ceremonies.delivering import Means
from scrum.events import By
from scrum.sprint.progress import update_items
from scrum_server.ceremonies.delivering import Delivering
from scrum_server.ceremonies.evaluating import Evaluating
from scrum_server.settings import Settings
from scrum_server.simulate.home import temporary_home
from scrum_server.stores import servers
from scrum_storage.migrate import migrate
from scrum_storage.store import CHRONICLE, Store, open_store

SPRINTS = 10_000
TICKS = 300
DUES, WARM_UP = 200, 20
RATES = (5, 20, 40)
"""Ceremonies that become due in a second."""
AIMED = 20
"""The highest rate that has a target."""
MOST_RATIO, MOST_SECONDS = 1.5, 1.0
_LONGEST = 300
_AT_ONCE = 1_000_000
_CALLS = 8
"""Of completions, beside each other."""
_TRIGGER = """
CREATE SCHEMA bare;
CREATE FUNCTION bare.tell() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('delivered', NEW.sprint); RETURN NULL; END $$;
CREATE TRIGGER tell AFTER UPDATE ON core.occurrences FOR EACH ROW WHEN (NEW.status = 'delivered')
EXECUTE FUNCTION bare.tell();
"""
_QUIET = (
    "UPDATE core.schedules SET wake_at = now() + interval '1 day' * (1 + random()) WHERE wake_at IS NOT NULL"
)


@dataclass(frozen=True)
class Scheduler:
    """What a worker does for ceremonies, in this process."""

    evaluating: Evaluating
    delivering: Delivering

    async def tick(self) -> float:
        """The seconds that it took. Raises RuntimeError: something was due."""
        begun = time.perf_counter()
        done = [await self.evaluating.evaluate(), await self.delivering.deliver()]
        await self.evaluating.pause()
        await self.delivering.pause()
        if any(done):
            raise RuntimeError(f"something was due: {done}")
        return time.perf_counter() - begun


async def fill(database: str, sprints: int) -> None:
    """With so many that sleep."""
    each = sprints // len(POLICIES)
    connection: Connection = await asyncpg.connect(plain_address(database))
    async with open_store(database) as core:
        await make_originals(core, datetime.now(UTC))
    await copy(connection, 1, each - 1)
    await connection.execute(_QUIET)
    await connection.execute("UPDATE core.occurrences SET status = 'delivered'")
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def databases(main: str, sizes: Sequence[int]) -> Mapping[int, str]:
    """The last is the main one."""
    connection: Connection = await asyncpg.connect(plain_address(main))
    address, _, options = main.partition("?")
    found = {sizes[-1]: main}
    for size in sizes[:-1]:
        await connection.execute(f"CREATE DATABASE bench_{size}")
        found[size] = f"{address.rpartition('/')[0]}/bench_{size}?{options}"
    await connection.close()
    for size in sizes:
        await migrate(found[size])
        await fill(found[size], size)
    return found


@asynccontextmanager
async def scheduler(database: str) -> AsyncGenerator[Scheduler]:
    async with open_store(database) as core, open_store(database, CHRONICLE) as chronicle:
        means = Means(core.start, chronicle.start, look=core.look)
        yield Scheduler(Evaluating(core), Delivering(core, means, timedelta(seconds=15)))


async def ticks(where: Mapping[int, str]) -> dict[int, list[float]]:
    """The seconds of each, by how many sprints there are; they take turns."""
    seen: dict[int, list[float]] = {size: [] for size in where}
    async with AsyncExitStack() as stack:
        own = {size: await stack.enter_async_context(scheduler(url)) for size, url in where.items()}
        for number in range(TICKS + 10):
            for size in list(own)[:: 1 if number % 2 else -1]:
                seen[size].append(await own[size].tick())
    return {size: times[10:] for size, times in seen.items()}


async def evaluations(database: str) -> float:
    """Sprints per second."""
    connection: Connection = await asyncpg.connect(plain_address(database))
    count = await connection.fetchval("SELECT count(*) FROM core.schedules")
    await connection.execute("UPDATE core.schedules SET wake_at = 'epoch'")
    async with scheduler(database) as own:
        begun = time.perf_counter()
        await own.evaluating.evaluate()
        took = time.perf_counter() - begun
    left = await connection.fetchval("SELECT count(*) FROM core.schedules WHERE wake_at = 'epoch'")
    await connection.close()
    if left:
        raise RuntimeError(f"{left} were not evaluated")
    rate: float = count / took
    return rate


@dataclass(frozen=True)
class Late:
    """Seconds of each due ceremony, by the rate; how many of a backlog are delivered in a second."""

    seconds: Mapping[int, Sequence[float]]
    rate: float


async def delays(database: str, home: Path, dues: int) -> Late:
    heard: dict[str, float] = {}

    def hear(*told: Any) -> None:
        heard.setdefault(told[3], time.perf_counter())

    listener: Connection = await asyncpg.connect(plain_address(database))
    await listener.execute(_TRIGGER)
    await listener.add_listener("delivered", hear)
    async with open_store(database) as core:
        with worker("product", home) as own:
            own.send("begin")
            numbers = iter(range(WARM_UP + (len(RATES) + 1) * dues))
            await until_heard(await complete(core, islice(numbers, WARM_UP), RATES[0]), heard)
            seconds: dict[int, list[float]] = {}
            for rate in RATES:
                begun = await complete(core, islice(numbers, dues), rate)
                await until_heard(begun, heard)
                seconds[rate] = [heard[sprint] - at for sprint, at in begun.items()]
            own.send("end")
            await asyncio.to_thread(own.recv)
            waiting = await complete(core, numbers, _AT_ONCE)
            at = time.perf_counter()
            own.send("begin")
            await until_heard(waiting, heard)
            own.send("end")
            await asyncio.to_thread(own.recv)
    await listener.close()
    return Late(seconds, dues / (max(heard[sprint] for sprint in waiting) - at))


async def until_heard(begun: Mapping[str, float], heard: Mapping[str, float]) -> None:
    async with asyncio.timeout(_LONGEST):
        while not begun.keys() <= heard.keys():  # noqa: ASYNC110 - the listener fills it
            await asyncio.sleep(0.01)


async def complete(core: Store, numbers: Iterable[int], per_second: float) -> dict[str, float]:
    """An item each of so many sprints, without waiting for slow ones; when it was begun, by the sprint."""
    begun: dict[str, float] = {}
    start, calls = time.perf_counter(), asyncio.Semaphore(_CALLS)

    async def one(key: str) -> None:
        async with calls:
            done = [Change(f"{key}-1", status=Status.DONE)]
            await update_items(core.start, key, done, by=By("ana", datetime.now(UTC)))

    async with asyncio.TaskGroup() as tasks:
        for place, number in enumerate(numbers):
            await asyncio.sleep(max(0.0, start + place / per_second - time.perf_counter()))
            key = f"{('TASKS', 'EVENTS')[number % 2]}{number // 2 + 1}"
            begun[f"{key}-S1"] = time.perf_counter()
            tasks.create_task(one(key))
    return begun


def p99(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=100)[98]


async def main(sprints: int) -> None:
    sizes = (sprints // 100, sprints // 10, sprints)
    with temporary_home() as home:
        async with servers(Settings(home=home)) as addresses:
            where = await databases(addresses.database, sizes)
            costs = await ticks(where)
            rate = await evaluations(addresses.database)
            dues = min(DUES, (2 * (sprints // len(POLICIES) - 1) - WARM_UP) // (len(RATES) + 1))
            late = await delays(addresses.database, home, dues)
    for size, times in costs.items():
        print(
            f"tick at {size:>6} sprints: p50 {1000 * median(times):.2f} ms, "
            f"p99 {1000 * p99(times):.2f} ms of {len(times)}"
        )
    print(f"evaluation: {rate:.0f} sprints per second, of {sprints} where nothing is due")
    for per_second, seconds in late.seconds.items():
        print(
            f"delay at {per_second:>2} per second: p50 {1000 * median(seconds):.0f} ms, "
            f"p99 {1000 * p99(seconds):.0f} ms, worst {1000 * max(seconds):.0f} ms of {len(seconds)}"
        )
    print(f"backlog: {late.rate:.0f} ceremonies delivered per second, of {dues}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
    ratio = median(costs[sizes[-1]]) / median(costs[sizes[0]])
    conclude(
        [
            at_most(f"tick, {sizes[-1]} sprints against {sizes[0]}", ratio, MOST_RATIO),
            *(
                at_most(f"delay at {per_second} per second, p99 in seconds", p99(seconds), MOST_SECONDS)
                for per_second, seconds in late.seconds.items()
                if per_second <= AIMED
            ),
        ]
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else SPRINTS))
