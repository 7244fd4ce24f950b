"""Ceremonies by worker processes: killed between any two steps, several at once, and with a chronicle that is away."""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from scrum.ceremonies.occurrence import Status
from scrum.team.project import Cadence
from scrum_storage.embedded.servers import Servers, embedded
from scrum_storage.migrate import migrate
from scrum_storage.store import Store
from tests.events.conftest import Stage, Stages
from tests.events.held import a_running_sprint, complete, now, occurrences, the_state
from tests.events.waiting import until
from tests.requirements import requirement
from tests.tools.database import rows

EVERY: Mapping[str, Any] = {"sprint": {"every_n_completions": 2, "gap_seconds": 0}}
REPORTS = "LOCK TABLE chronicle.reports IN ACCESS EXCLUSIVE MODE"
OCCURRENCES = "SELECT FROM core.occurrences FOR NO KEY UPDATE"
_TOLD = "SELECT type FROM chronicle.history WHERE type LIKE 'Ceremony%'"


async def a_sprint(core: Store, items: int) -> list[str]:
    """Of a team that holds a daily scrum after every other item, and waits for no ceremony."""
    return await a_running_sprint(core, now(), items, EVERY, cadence=Cadence.STARTUP)


async def reports(database: str) -> list[str]:
    return [row["id"] for row in await rows(database, "SELECT id FROM chronicle.reports ORDER BY id")]


async def was_begun(core: Store) -> bool:
    return any(one.attempts for one in await occurrences(core))


async def is_delivered(core: Store) -> bool:
    found = await occurrences(core)
    return bool(found) and all(one.status is Status.DELIVERED for one in found)


async def is_over(core: Store) -> bool:
    return await the_state(core) == "completed" and await is_delivered(core)


async def each_once(core: Store, stage: Stage) -> None:
    """What became due has one report, and was told to be due and delivered once."""
    await stage.effects.settle()
    ids = sorted(one.id for one in await occurrences(core))
    assert await reports(stage.effects.chronicle) == ids
    told = Counter(row["type"] for row in await rows(stage.effects.chronicle, _TOLD))
    assert (told["CeremonyDue"], told["CeremonyDelivered"]) == (len(ids), len(ids))


@asynccontextmanager
async def held_up(database: str, statement: str) -> AsyncGenerator[None]:
    """By the locks that it takes."""
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            await connection.execute(statement)
            yield
    finally:
        await connection.close()


@requirement("ceremonies.restart")
async def test_what_is_due_when_its_worker_is_killed_is_delivered_by_the_next(
    stage: Stage, core: Store, database: str
) -> None:
    """Between the evaluation and the report."""
    first = await stage.crew.start()
    async with held_up(database, REPORTS):
        await a_sprint(core, 4)
        await until(lambda: was_begun(core))
        await stage.crew.end(first)
        assert not await is_delivered(core)

    await stage.crew.start()

    await until(lambda: is_delivered(core))
    assert [one.ceremony for one in await occurrences(core)] == ["sprint_planning"]
    await each_once(core, stage)


@requirement("ceremonies.restart")
async def test_a_report_that_was_kept_when_its_worker_was_killed_is_not_made_again(
    stage: Stage, core: Store, database: str
) -> None:
    """Between the report and its delivery."""

    async def is_kept() -> bool:
        return bool(await reports(database))

    first = await stage.crew.start()
    async with AsyncExitStack() as later:
        async with held_up(database, REPORTS):
            await a_sprint(core, 4)
            await until(lambda: was_begun(core))
            await later.enter_async_context(held_up(database, OCCURRENCES))
        await until(is_kept)
        await stage.crew.end(first)
    kept = await rows(database, "SELECT * FROM chronicle.reports")
    assert not await is_delivered(core)

    await stage.crew.start()

    await until(lambda: is_delivered(core))
    assert await rows(database, "SELECT * FROM chronicle.reports") == kept
    await each_once(core, stage)


@requirement("ceremonies.once")
async def test_several_workers_make_due_and_deliver_each_ceremony_once(stage: Stage, core: Store) -> None:
    for _ in range(3):
        await stage.crew.start()

    for key in await a_sprint(core, 20):
        await complete(core, [key], now())

    await until(lambda: is_over(core))
    await each_once(core, stage)
    found = await occurrences(core)
    covered = Counter(key for one in found if one.ceremony == "daily_scrum" for key in one.covers)
    assert covered == Counter({f"completions:{number}": 1 for number in range(2, 21, 2)})
    assert Counter(one.ceremony for one in found if one.ceremony != "daily_scrum") == Counter(
        ["sprint_planning", "backlog_refinement", "sprint_review", "retrospective"]
    )


@requirement("ceremonies.once")
async def test_workers_that_are_killed_while_they_work_lose_and_double_no_ceremony(
    stage: Stage, core: Store
) -> None:
    await stage.crew.start()

    for number, key in enumerate(await a_sprint(core, 20)):
        await complete(core, [key], now())
        if number % 4 == 3:
            await stage.crew.end(stage.crew.alive[0])
            await stage.crew.start()

    await until(lambda: is_over(core))
    await each_once(core, stage)


@requirement("ceremonies.away")
async def test_ceremonies_wait_for_a_chronicle_that_is_away(
    stages: Stages, servers: Servers, database: str, core: Store, tmp_path: Path
) -> None:
    """It counts as no attempt."""

    async def is_put_off() -> bool:
        return any(one.again_at and not one.attempts for one in await occurrences(core))

    with ExitStack() as running:
        own = running.enter_context(embedded(tmp_path / "chronicle"))
        await migrate(own.postgres, ["chronicle"])
        async with stages.on(database, servers.redis, SCRUM_CHRONICLE_DATABASE_URL=own.postgres) as stage:
            await stage.crew.start()
            running.close()
            await a_sprint(core, 4)
            await until(is_put_off)

            assert running.enter_context(embedded(tmp_path / "chronicle")) == own

            await until(lambda: is_delivered(core))
            await each_once(core, stage)
