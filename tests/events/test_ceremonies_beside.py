"""What one ceremony or project waits for keeps no other waiting, and nobody asks again and again meanwhile."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import event, text

from scrum.ceremonies.occurrence import Status
from scrum.ceremonies.usecases import trigger_ceremony
from scrum.events import By
from scrum.team.project import Cadence
from scrum_server.ceremonies.delivering import MOMENT
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import SHOP
from tests.events.gated import Gated
from tests.events.held import a_running_sprint, a_scheduler, add_examples, occurrences
from tests.events.test_ceremonies import OCCURRENCES, held_up
from tests.events.waiting import until
from tests.requirements import requirement
from tests.tools.database import rows

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA = By("ana", MONDAY)
SLOW = f"{SHOP}-S1-C101"
MANY = 200
OTHER = "ZWEI"


async def one_due(core: Store) -> None:
    await a_running_sprint(core, MONDAY, 2, {}, cadence=Cadence.STARTUP)
    await add_examples(core, MONDAY, 1)


@requirement("ceremonies.beside")
async def test_what_becomes_due_while_a_delivery_is_slow_is_delivered_before_it_ends(
    core: Store, database: str
) -> None:
    await one_due(core)
    async with open_store(database, CHRONICLE) as store:
        gated = Gated(store)
        async with a_scheduler(database, MONDAY, gated.start) as scheduler, asyncio.TaskGroup() as tasks:
            stop = asyncio.Event()
            tasks.create_task(scheduler.delivering.run(stop))
            await gated.is_waited_for()
            asked = await trigger_ceremony(core.start, SHOP, "backlog_refinement", by=ANA)

            async def is_delivered() -> bool:
                async with core.look() as work:
                    return (await work.occurrences.get(asked.id)).status is Status.DELIVERED

            await until(is_delivered)
            slow = next(one for one in await occurrences(core) if one.id == SLOW)
            stop.set()
            gated.opened.set()

    assert (slow.status, slow.attempts) == (Status.DUE, 1)


@requirement("ceremonies.beside")
async def test_what_somebody_else_has_locked_is_left_for_a_moment(core: Store, database: str) -> None:
    await one_due(core)
    async with a_scheduler(database, MONDAY) as scheduler, held_up(database, OCCURRENCES):
        assert await scheduler.delivering.deliver() == []
        assert await scheduler.delivering.pause(MONDAY) == MOMENT


@requirement("ceremonies.beside")
async def test_a_loop_does_not_ask_again_and_again_for_what_is_locked(core: Store, database: str) -> None:
    """Others ask so often meanwhile."""
    await one_due(core)
    asked: list[object] = []
    async with a_scheduler(database, MONDAY) as scheduler, asyncio.TaskGroup() as tasks:
        engine, stop = scheduler.core.engine.sync_engine, asyncio.Event()
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given))
        async with held_up(database, OCCURRENCES):
            tasks.create_task(scheduler.delivering.run(stop))

            async def has_asked() -> bool:
                return bool(asked)

            await until(has_asked)
            for _ in range(MANY):
                await rows(database, "SELECT 1")
            assert len(asked) < MANY / 4
            stop.set()


@requirement("ceremonies.beside")
async def test_a_project_that_somebody_has_locked_keeps_no_other_from_being_evaluated(
    core: Store, database: str
) -> None:
    """Its evaluation has begun, and waits."""
    await a_running_sprint(core, MONDAY, 2, {}, cadence=Cadence.STARTUP)
    async with a_scheduler(database, MONDAY) as scheduler, asyncio.TaskGroup() as tasks:
        stop = asyncio.Event()
        async with held_up(database, "SELECT FROM core.projects FOR UPDATE"):
            tasks.create_task(scheduler.evaluating.run(stop))
            await until(lambda: is_waited_for(core))
            await a_running_sprint(core, MONDAY, 2, {}, project=OTHER, cadence=Cadence.STARTUP)

            async def is_evaluated() -> bool:
                return bool(await occurrences(core, f"{OTHER}-S1"))

            await until(is_evaluated)
            assert await is_waited_for(core)
            assert await occurrences(core) == []
            stop.set()


@requirement("ceremonies.beside")
async def test_a_loop_does_not_ask_again_and_again_for_a_project_that_is_locked(
    core: Store, database: str
) -> None:
    """As above, and its evaluation waits."""
    await a_running_sprint(core, MONDAY, 2, {}, cadence=Cadence.STARTUP)
    asked: list[object] = []
    async with a_scheduler(database, MONDAY) as scheduler, asyncio.TaskGroup() as tasks:
        engine, stop = scheduler.core.engine.sync_engine, asyncio.Event()
        async with held_up(database, "SELECT FROM core.projects FOR UPDATE"):
            tasks.create_task(scheduler.evaluating.run(stop))
            await until(lambda: is_waited_for(core))
            event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given))
            for _ in range(MANY):
                await rows(database, "SELECT 1")
            assert len(asked) < MANY / 4
            stop.set()


async def is_waited_for(core: Store) -> bool:
    async with core.engine.connect() as look:
        return bool(await look.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
