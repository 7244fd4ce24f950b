"""What fails holds up nothing else, and is tried again later each time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrum.ceremonies.occurrence import MOST_ATTEMPTS, Status
from scrum.ceremonies.recording import skip_ceremony
from scrum.events import By
from scrum.team.project import Cadence
from scrum_server.ceremonies.evaluating import BATCH
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import SHOP
from tests.conftest import administer
from tests.events.held import LEASE, Hands, a_running_sprint, a_scheduler, add_examples, occurrences
from tests.requirements import requirement
from tests.tools.database import rows

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
S1 = f"{SHOP}-S1"
BAD, FIRST, MANY = "example:101", f"{S1}-C101", 6
_NO_REPORT = "ALTER TABLE chronicle.reports ADD CONSTRAINT poison CHECK (ceremony <> 'sprint_planning')"
_NO_MARK = (
    f"ALTER TABLE core.occurrences ADD CONSTRAINT poison CHECK (key <> '{BAD}' OR status <> 'delivered')"
)
_TOLD = "SELECT aggregate FROM core.outbox WHERE type = 'CeremonyDelivered'"


async def some_due(core: Store, many: int = MANY) -> None:
    await a_running_sprint(core, MONDAY, 2, {}, cadence=Cadence.STARTUP)
    await add_examples(core, MONDAY, many)


@requirement("ceremonies.poison")
async def test_each_attempt_that_failed_is_followed_by_a_pause_which_is_longer_each_time(
    core: Store, database: str
) -> None:
    await a_running_sprint(core, MONDAY, 2, {}, cadence=Cadence.STARTUP)
    await administer(database, _NO_REPORT)
    pauses: list[timedelta] = []

    async with a_scheduler(database, MONDAY) as scheduler:
        await scheduler.evaluating.evaluate()
        for _ in range(MOST_ATTEMPTS - 1):
            assert len(await scheduler.delivering.deliver()) == 1
            pauses.append(await scheduler.delivering.pause())
            scheduler.clock.at += pauses[-1] - timedelta(milliseconds=1)
            assert await scheduler.delivering.deliver() == []
            scheduler.clock.at += timedelta(milliseconds=1)

    for number, pause in enumerate(pauses):
        most = timedelta(seconds=2**number)
        assert most / 2 <= pause <= most


@requirement("ceremonies.poison")
async def test_one_that_cannot_be_marked_fails_alone_and_the_others_are_delivered(
    core: Store, database: str
) -> None:
    await some_due(core)
    await administer(database, _NO_MARK)

    async with a_scheduler(database, MONDAY) as scheduler:
        tried = await scheduler.delivering.deliver()

    found = {one.key: one for one in await occurrences(core)}
    assert {key for key, one in found.items() if one.status is not Status.DELIVERED} == {BAD}
    assert (found[BAD].status, found[BAD].attempts) == (Status.DUE, 1)
    assert "CheckViolation" in found[BAD].told
    assert sorted(one.occurrence.key for one in tried) == sorted(found)
    assert [one.occurrence.key for one in tried if one.why] == [BAD]
    await each_told_once(core, database)


@dataclass
class Hasty:
    """A chronicle; while the first report is made, somebody skips a ceremony whose report is being made too."""

    store: Store[ChronicleWork]
    core: Store
    skips: list[str] = field(default_factory=lambda: [FIRST])

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[Any]:
        if self.skips:
            await skip_ceremony(self.core.start, self.skips.pop(), "not now", by=By("ana", MONDAY))
        async with self.store.start() as work:
            yield work


@requirement("ceremonies.once")
async def test_one_that_is_skipped_while_its_report_is_made_stays_skipped_and_the_others_are_delivered(
    core: Store, database: str
) -> None:
    await some_due(core)
    async with (
        open_store(database, CHRONICLE) as store,
        a_scheduler(database, MONDAY, Hasty(store, core).start) as scheduler,
    ):
        tried = await scheduler.delivering.deliver()

    found = {one.id: one.status for one in await occurrences(core)}
    assert {key for key, status in found.items() if status is not Status.DELIVERED} == {FIRST}
    assert found[FIRST] is Status.SKIPPED
    assert not [one.why for one in tried if one.why]
    await each_told_once(core, database)


@dataclass
class Slow:
    """A chronicle whose first use takes longer than an attempt has time for: until the third ends, and with that."""

    store: Store[ChronicleWork]
    clock: Hands
    uses: int = 0
    both: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(2))

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[Any]:
        self.uses += 1
        use = self.uses
        async with self.store.start() as work:
            yield work
        if use == 2:
            self.clock.at += 2 * LEASE
        else:
            await self.both.wait()


@requirement("ceremonies.once")
async def test_one_that_its_own_worker_began_again_is_told_once(core: Store, database: str) -> None:
    """Both attempts end at the same moment, and are delivered in one turn."""
    await some_due(core, 2)
    async with open_store(database, CHRONICLE) as store, a_scheduler(database, MONDAY) as scheduler:
        slow = Slow(store, scheduler.clock)
        means = replace(scheduler.delivering.means, chronicle=slow.start)
        tried = await replace(scheduler.delivering, means=means).deliver()

    assert (slow.uses, len(tried)) == (3, 3)
    assert [one.status for one in await occurrences(core)] == [Status.DELIVERED] * 2
    await each_told_once(core, database, 2)


async def each_told_once(core: Store, database: str, least: int = MANY - 1) -> None:
    done = [one.id for one in await occurrences(core) if one.status is Status.DELIVERED]
    assert len(done) >= least
    assert sorted(row["aggregate"] for row in await rows(database, _TOLD)) == sorted(done)


async def test_sprints_that_are_stuck_hide_no_other(
    core: Store, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """However many there are, and though they have waited for longer."""
    await a_running_sprint(core, MONDAY, 2, {}, cadence=Cadence.STARTUP)
    await administer(database, _STUCK)

    async with a_scheduler(database, MONDAY) as scheduler:
        (done,) = await scheduler.evaluating.evaluate()
        assert len(scheduler.evaluating.failed) == BATCH
        caplog.clear()
        assert await scheduler.evaluating.evaluate() == []

    assert done.sprint == S1
    assert caplog.records == []


_STUCK = f"""
INSERT INTO core.schedules (sprint, project, anchor, standing, recorded, occurrences, wake_at)
SELECT 'SHOP-S' || n + 1, 'SHOP', now(), '[]', 0, 0, '1969-12-31' FROM generate_series(1, {BATCH}) AS n
"""  # noqa: S608 - ours
