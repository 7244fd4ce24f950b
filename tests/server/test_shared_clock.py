"""All processes of a deployment tell the database's time, however wrong the clocks of their machines are."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from scrum.clock import system
from scrum.team.usecases import setup_project
from scrum_server.ceremonies.scheduler import Scheduler
from scrum_server.events.standing import standing
from scrum_server.events.worker import Worker
from scrum_server.settings import Settings
from scrum_server.shared_clock import STEP, SharedClock, kept_right
from scrum_server.stores import Stores
from scrum_storage.embedded.servers import Servers
from scrum_storage.ids import uuid7
from scrum_storage.store import Store, open_store
from tests.builders import by
from tests.requirements import requirement
from tests.server.aside import until
from tests.tools.database import rows

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
NOWHERE = "postgresql+asyncpg://127.0.0.1:1/nothing"


@dataclass
class Machine:
    """Its own clock, and how many seconds have passed."""

    shows: datetime = NOON
    seconds: float = 0

    def clock(self) -> SharedClock:
        return SharedClock(lambda: self.shows, lambda: self.seconds)


def telling(at: datetime) -> Callable[[], Awaitable[datetime]]:
    async def ask() -> datetime:
        return at

    return ask


async def test_until_the_database_was_asked_it_is_the_time_of_the_machine() -> None:
    machine = Machine()

    async with open_store(NOWHERE) as store, kept_right(clock := machine.clock(), store.now):
        assert clock() == NOON


async def test_what_was_read_goes_on_whatever_the_clock_of_the_machine_does() -> None:
    machine = Machine()
    clock = machine.clock()

    await clock.read(telling(NOON + HOUR))
    assert clock() == NOON + HOUR
    machine.seconds, machine.shows = 60, NOON - HOUR

    assert clock() == NOON + HOUR + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("shows", "is_told"),
    [(NOON - HOUR, NOON), (NOON + SECOND, NOON + SECOND), (NOON + HOUR, NOON + 2 * SECOND)],
)
async def test_a_machine_is_corrected_no_further_than_the_answer_is_exact(
    shows: datetime, is_told: datetime
) -> None:
    machine = Machine(shows)
    clock = machine.clock()

    async def slow() -> datetime:
        machine.seconds += 2
        return NOON

    await clock.read(slow)

    assert clock() == is_told


async def test_where_it_was_a_little_ahead_it_stands_still_and_does_not_go_back() -> None:
    machine = Machine(NOON + STEP)
    clock = machine.clock()
    ahead = clock()

    await clock.read(telling(NOON))
    assert clock() == ahead
    machine.seconds = STEP.total_seconds() + 1

    assert clock() == ahead + SECOND


async def test_where_it_was_far_ahead_it_is_set_back() -> None:
    clock = Machine(NOON + HOUR).clock()
    clock()

    await clock.read(telling(NOON))

    assert clock() == NOON


@pytest.mark.parametrize("off", [-HOUR, HOUR])
async def test_a_machine_whose_clock_is_wrong_tells_the_time_of_its_store(
    core: Store, off: timedelta
) -> None:
    clock = SharedClock(lambda: system() + off)

    async with kept_right(clock, core.now):
        least = await core.now()
        told = clock()
        most = await core.now()

    assert least - SECOND < told < most + SECOND


@requirement("clocks.goes-on")
async def test_an_answer_that_is_wrong_in_some_way_is_logged_and_it_is_read_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, again = Machine().clock(), asyncio.Event()
    answers = iter([ValueError("no time at all"), ValueError("nor now")])

    async def ask() -> datetime:
        if error := next(answers, None):
            raise error
        again.set()
        return NOON + HOUR

    async with asyncio.timeout(30), kept_right(clock, ask, every=0.01):
        await again.wait()

    assert clock() == NOON + HOUR
    assert "no time at all" in caplog.text
    assert "nor now" in caplog.text


async def test_the_stores_of_a_process_tell_the_time_of_core(servers: Servers, database: str) -> None:
    async with aclosing(Stores(settings_of(servers, database))) as stores:
        stores.clock = Machine(NOON - HOUR).clock()
        assert stores.clock() == NOON - HOUR

        await stores.core()

        assert stores.clock() > NOON


async def test_ceremonies_are_evaluated_and_delivered_by_it(servers: Servers, database: str) -> None:
    settings = settings_of(servers, database)
    async with aclosing(Stores(settings)) as stores:
        scheduler = Scheduler(stores, settings)
        async with scheduler.delivering() as delivering:
            assert delivering.clock is stores.clock
        assert (await scheduler.evaluating()).clock is stores.clock


async def test_how_long_events_wait_is_told_by_it(core: Store, servers: Servers, database: str) -> None:
    await setup_project(core.start, "SHOP", {}, by=by())
    settings = settings_of(servers, database)
    async with aclosing(Stores(settings)) as stores:
        await stores.core()
        stores.clock = Machine(system() + HOUR).clock()

        told = await standing(stores, settings.redis_prefix)

    waited = told.stores[0].oldest_unsent_seconds
    assert waited is not None
    assert waited > HOUR.total_seconds()


@requirement("clocks.forgets")
async def test_what_was_handled_is_forgotten_by_it(core: Store, servers: Servers, database: str) -> None:
    settings, stop = settings_of(servers, database), asyncio.Event()
    async with core.start() as work:
        await work.inbox.take("a group", "core", [uuid7()])
        await work.commit()

    async def forgotten() -> bool:
        return not await rows(database, "SELECT event FROM core.inbox")

    async with aclosing(Stores(settings)) as stores, asyncio.TaskGroup() as tasks:
        await stores.core()
        stores.clock = Machine(system() + 240 * HOUR).clock()
        tasks.create_task(Worker(stores, settings).run(stop))
        await until(forgotten)
        stop.set()


def settings_of(servers: Servers, database: str) -> Settings:
    return Settings.model_validate({"database_url": database, "redis_url": servers.redis})
