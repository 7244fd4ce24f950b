"""A worker that is told to stop while it delivers: what was begun is finished, or given back."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scrum.ceremonies.occurrence import MOST_ATTEMPTS, Occurrence, Status
from scrum.team.project import Cadence
from scrum_storage.embedded.servers import Servers
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.events.conftest import Stages
from tests.events.gated import Gated
from tests.events.held import Scheduler, a_running_sprint, a_scheduler, add_examples, occurrences
from tests.events.test_ceremonies import REPORTS, a_sprint, held_up, is_delivered, was_begun
from tests.events.waiting import until
from tests.requirements import requirement

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
A_MOMENT = timedelta(seconds=0.1)
A_MINUTE = timedelta(minutes=1)


@asynccontextmanager
async def one_is_being_delivered(core: Store, database: str) -> AsyncGenerator[tuple[Scheduler, Gated]]:
    await a_running_sprint(core, MONDAY, 2, {}, cadence=Cadence.STARTUP)
    await add_examples(core, MONDAY, 1)
    async with open_store(database, CHRONICLE) as store:
        gated = Gated(store)
        async with a_scheduler(database, MONDAY, gated.start) as scheduler:
            yield scheduler, gated


async def noticed() -> None:
    """Whoever waits for an event of this loop has gone on by then."""
    for _ in range(10):
        await asyncio.sleep(0)


async def the_first(core: Store) -> Occurrence:
    return next(one for one in await occurrences(core) if one.number == 101)


@requirement("ceremonies.stopped")
async def test_what_was_begun_is_finished_when_its_worker_is_told_to_stop_and_nothing_else_begins(
    core: Store, database: str
) -> None:
    stop = asyncio.Event()
    async with one_is_being_delivered(core, database) as (scheduler, gated), asyncio.TaskGroup() as tasks:
        tasks.create_task(scheduler.delivering.run(stop))
        await gated.is_waited_for()
        stop.set()
        await noticed()
        await add_examples(core, MONDAY, 1, first=201)
        gated.opened.set()

    first, second = await occurrences(core)
    assert (first.status, first.attempts) == (Status.DELIVERED, 1)
    assert (second.status, second.attempts) == (Status.DUE, 0)


@requirement("ceremonies.stopped")
async def test_what_cannot_be_finished_in_time_is_given_back_however_often_and_may_begin_at_once(
    core: Store, database: str
) -> None:
    async with one_is_being_delivered(core, database) as (scheduler, gated):
        delivering = replace(scheduler.delivering, lease=A_MOMENT, last=A_MINUTE)
        for _ in range(MOST_ATTEMPTS + 1):
            gated.held, stop = 1, asyncio.Event()
            gated.waits.clear()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(delivering.run(stop))
                await gated.is_waited_for()
                stop.set()
            one = await the_first(core)
            assert (one.status, one.attempts, one.again_at) == (Status.DUE, 0, MONDAY)

        await delivering.deliver()

    assert (await the_first(core)).status is Status.DELIVERED


@requirement("ceremonies.stopped")
async def test_a_worker_process_that_is_terminated_in_a_delivery_ends_after_it(
    stages: Stages, servers: Servers, database: str, core: Store
) -> None:
    async with stages.on(database, servers.redis, SCRUM_TAKEOVER_SECONDS="60") as stage:
        worker = await stage.crew.start()
        async with held_up(database, REPORTS):
            await a_sprint(core, 4)
            await until(lambda: was_begun(core))
            os.kill(worker, signal.SIGTERM)
        assert await stage.crew.ended(worker) == 0

    assert await is_delivered(core)
    assert [one.attempts for one in await occurrences(core)] == [1]


async def test_an_attempt_that_takes_long_keeps_its_time_while_its_worker_lives(
    core: Store, database: str
) -> None:
    async with one_is_being_delivered(core, database) as (scheduler, gated), asyncio.TaskGroup() as tasks:
        clock = scheduler.clock
        delivering = replace(scheduler.delivering, lease=A_MOMENT)
        attempt = tasks.create_task(delivering.deliver())
        await gated.is_waited_for()

        async def is_prolonged() -> bool:
            return (await the_first(core)).again_at == clock.at + A_MOMENT

        clock.at += 5 * A_MOMENT
        await until(is_prolonged)
        assert await scheduler.delivering.deliver() == []
        gated.opened.set()
        await attempt

    one = await the_first(core)
    assert (one.status, one.attempts) == (Status.DELIVERED, 1)
