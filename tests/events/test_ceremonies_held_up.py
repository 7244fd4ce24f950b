"""What holds ceremonies up for long: a store that is away, and conflicts that no waiting ends."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from scrum.ceremonies.occurrence import Occurrence, Status
from scrum.errors import Unavailable
from scrum.team.project import Cadence
from scrum_server.ceremonies.delivering import LANES
from scrum_server.ceremonies.evaluating import LASTING
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import SHOP
from tests.conftest import administer
from tests.events.held import a_running_sprint, a_scheduler, add_examples, occurrences
from tests.events.waiting import until
from tests.requirements import requirement

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
S1 = f"{SHOP}-S1"
MANY = 3 * LANES


@dataclass
class Chronicle:
    """Which may be away."""

    store: Store[ChronicleWork]
    is_away: bool = True
    asked: int = 0

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[Any]:
        self.asked += 1
        if self.is_away:
            raise Unavailable("The chronicle is away.")
        async with self.store.start() as work:
            yield work


async def many_due(core: Store) -> None:
    await a_running_sprint(core, MONDAY, 5, {}, cadence=Cadence.STARTUP)
    await add_examples(core, MONDAY, MANY)


@requirement("ceremonies.away")
async def test_a_chronicle_that_is_away_is_asked_by_few_and_everything_is_delivered_when_it_is_back(
    core: Store, database: str
) -> None:
    async with open_store(database, CHRONICLE) as store:
        chronicle = Chronicle(store)
        await many_due(core)
        async with a_scheduler(database, MONDAY, chronicle.start) as scheduler:
            delivering, clock = scheduler.delivering, scheduler.clock
            await delivering.deliver()
            assert chronicle.asked <= LANES
            asked = chronicle.asked
            assert await delivering.deliver() == []
            assert await delivering.pause() > timedelta()
            clock.at += timedelta(seconds=6)
            assert len(await delivering.deliver()) == 1
            assert chronicle.asked == asked + 1

            chronicle.is_away = False
            clock.at += timedelta(minutes=2)
            await delivering.deliver()

    assert {one.status for one in await occurrences(core)} == {Status.DELIVERED}
    assert {one.attempts for one in await occurrences(core)} == {1}


@pytest.mark.parametrize("error", [Unavailable("The chronicle is away."), ValueError("poison")])
async def test_what_somebody_changes_while_its_attempt_ends_holds_up_nothing(
    core: Store, database: str, error: Exception
) -> None:
    await a_running_sprint(core, MONDAY, 5, {}, cadence=Cadence.STARTUP)
    async with AsyncExitStack() as ending, asyncio.TaskGroup() as tasks:

        @asynccontextmanager
        async def chronicle() -> AsyncGenerator[Any]:
            connection = await ending.enter_async_context(changing(database))
            tasks.create_task(commit_when_waited_for(connection, core))
            _end_with(error)
            yield

        async with a_scheduler(database, MONDAY, chronicle) as scheduler:
            await scheduler.evaluating.evaluate()
            (tried,) = await scheduler.delivering.deliver()

    assert str(error) in tried.why


def _end_with(error: Exception) -> None:
    raise error


@asynccontextmanager
async def changing(database: str) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    await connection.execute("BEGIN")
    await connection.execute("UPDATE core.occurrences SET version = version + 5")
    yield connection
    await connection.close()


async def commit_when_waited_for(connection: asyncpg.Connection, core: Store) -> None:
    async def is_waited_for() -> bool:
        async with core.engine.connect() as look:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
            return bool(await look.scalar(text(waiting)))

    await until(is_waited_for)
    await connection.execute("COMMIT")


async def test_a_conflict_that_lasts_is_told_and_tried_again_later(
    core: Store, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Its next number is taken."""
    await a_running_sprint(core, MONDAY, 5, {}, cadence=Cadence.STARTUP)
    taken = Occurrence(S1, "daily_scrum", "example", MONDAY, "An example.", number=1, status=Status.HELD)
    async with core.start() as work:
        await work.occurrences.add([taken])
        await work.commit()

    async with a_scheduler(database, MONDAY) as scheduler:
        with caplog.at_level(logging.WARNING):
            assert await scheduler.evaluating.evaluate() == []
        assert scheduler.evaluating.failed.names == [S1]
        assert await scheduler.evaluating.pause() > timedelta()
        await administer(database, "UPDATE core.schedules SET occurrences = 1")
        scheduler.clock.at += timedelta(minutes=1)
        (found,) = await scheduler.evaluating.evaluate()

    assert [one.id for one in found.occurrences] == [f"{S1}-C2"]
    assert f"conflict with something, {LASTING} times by now" in caplog.text
    assert scheduler.evaluating.failed.names == []
