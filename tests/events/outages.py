"""Sprint plannings while the chronicle is away, and what came of them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scrum.ceremonies.delivering import deliver
from scrum.ceremonies.usecases import trigger_ceremony
from scrum.chronicle.reports import Report
from scrum.errors import Unavailable
from scrum.events import By
from scrum.sprint.change import Action, SprintChange, change_sprint
from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint, import_history, start_sprint
from scrum.sprint.velocity import PastSprint, Source
from scrum.team.project import Autonomy, Cadence
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import MONDAY, SHOP
from tests.events.held import Scheduler, a_project, a_scheduler
from tests.tools.database import rows

ANA = By("ana", MONDAY)
STEADY = {float(n): PastSprint(f"Sprint {n}", Source.IMPORTED, 8, days=14) for n in range(8)}
S1, S2 = f"{SHOP}-S1", f"{SHOP}-S2"
MINUTE = timedelta(minutes=1)
FAST = {"strategy": "calendar", "auto_start": True, "time_scale": 10_000}
"""Sprints of two minutes, which start and end by themselves."""
_COMMITTED = "SELECT aggregate FROM core.outbox WHERE type = 'SprintPlanned' ORDER BY seq"


@dataclass
class Chronicle:
    store: Store[ChronicleWork]
    is_away: bool = True

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[ChronicleWork]:
        if self.is_away:
            raise Unavailable("The chronicle is away.")
        async with self.store.start() as work:
            yield work


@dataclass(frozen=True)
class Outage:
    """A worker whose chronicle is away until it is back."""

    scheduler: Scheduler
    chronicle: Chronicle

    async def attempt(self) -> None:
        """In vain."""
        (tried,) = await self.scheduler.delivering.deliver()
        assert tried.why
        self.scheduler.clock.at += 2 * MINUTE

    async def last(self, span: timedelta) -> None:
        until = self.scheduler.clock.at + span
        while self.scheduler.clock.at < until:
            await self.scheduler.tick()
            self.scheduler.clock.at += MINUTE

    async def end(self, occurrence: str) -> Report:
        self.chronicle.is_away = False
        return await deliver(self.scheduler.delivering.means, occurrence, now=self.scheduler.clock.at)


@asynccontextmanager
async def an_outage(database: str) -> AsyncGenerator[Outage]:
    async with open_store(database, CHRONICLE) as store:
        chronicle = Chronicle(store)
        async with a_scheduler(database, MONDAY, chronicle.start) as scheduler:
            yield Outage(scheduler, chronicle)


async def an_asked_planning(
    core: Store, policy: Mapping[str, Any] | None = None, autonomy: Autonomy = Autonomy.AUTONOMOUS
) -> str:
    await a_project(core, MONDAY, 5, policy or {}, cadence=Cadence.STARTUP, autonomy=autonomy)
    await import_history(core.start, SHOP, STEADY, by=ANA)
    return (await trigger_ceremony(core.start, SHOP, "sprint_planning", by=ANA)).id


async def cancel(core: Store, sprint: str = S1) -> None:
    await change_sprint(core.start, SHOP, sprint, SprintChange(Action.CANCEL), by=ANA)


async def finish(core: Store, sprint: str = S1) -> None:
    await start_sprint(core.start, SHOP, sprint, by=ANA)
    await close_sprint(core.start, SHOP, sprint, CarryOver.BACKLOG, by=ANA)


async def committed(database: str) -> list[str]:
    return [row["aggregate"] for row in await rows(database, _COMMITTED)]


async def plans(database: str) -> list[str]:
    return [row["id"] for row in await rows(database, "SELECT id FROM core.plans")]
