"""Sprints whose ceremonies are due, and a scheduler on a clock of its own."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrum.backlog.model import Change, Draft, Status
from scrum.backlog.usecases import add_items
from scrum.ceremonies.delivering import Means
from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.terms import DAILY
from scrum.ceremonies.usecases import set_ceremonies
from scrum.events import By
from scrum.planning.model import Consent
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_and_start, plan_sprint
from scrum.sprint.progress import update_items
from scrum.team.model import MemberChange
from scrum.team.usecases import TeamChange, set_team, setup_project
from scrum.work import Start
from scrum_server.ceremonies.commands import Ticked, tick
from scrum_server.ceremonies.delivering import Delivering
from scrum_server.ceremonies.evaluating import Evaluating
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import SHOP

LEASE = timedelta(seconds=30)


def now() -> datetime:
    return datetime.now(UTC)


async def a_project(
    core: Store, at: datetime, items: int, policy: Mapping[str, Any], *, project: str = SHOP, **settings: Any
) -> list[str]:
    """With a team of one, and items of one point each, whose keys come back."""
    by = By("ana", at)
    await setup_project(core.start, project, settings, by=by)
    await set_team(core.start, project, TeamChange(members=(MemberChange("Ana"),)), by=by)
    await set_ceremonies(core.start, project, policy, by=by)
    drafts = [Draft(f"Item {n}", points=1) for n in range(1, items + 1)]
    return [item.key for item in await add_items(core.start, project, drafts, by=by)]


async def a_running_sprint(
    core: Store, at: datetime, items: int, policy: Mapping[str, Any], *, project: str = SHOP, **settings: Any
) -> list[str]:
    """With all items in it."""
    keys = await a_project(core, at, items, policy, project=project, **settings)
    request = PlanRequest(must_include=frozenset(keys), start=at.date())
    plan = await plan_sprint(core.start, project, request, by=By("ana", at))
    await commit_and_start(core.start, plan.id, Consent.PERSON, by=By("ana", at))
    return keys


async def add_examples(
    core: Store, at: datetime, many: int, sprint: str = f"{SHOP}-S1", *, first: int = 101
) -> None:
    """Daily scrums that are due, each with its number in its key: from `example:101` on."""
    keys = [f"example:{number}" for number in range(first, first + many)]
    examples = [Occurrence(sprint, DAILY, key, at, "An example.", (key,)) for key in keys]
    async with core.start() as work:
        await work.occurrences.add([replace(one, number=first + n) for n, one in enumerate(examples)])
        await work.commit()


async def complete(core: Store, keys: Sequence[str], at: datetime) -> None:
    changes = [Change(key, status=Status.DONE) for key in keys]
    await update_items(core.start, SHOP, changes, by=By("ana", at))


async def occurrences(core: Store, sprint: str = f"{SHOP}-S1") -> list[Occurrence]:
    """The oldest first."""
    async with core.look() as work:
        return list(reversed(await work.occurrences.of(sprint)))


async def the_state(core: Store, sprint: str = f"{SHOP}-S1") -> str:
    async with core.look() as work:
        found = await work.sprints.find(sprint)
    return found.state.value if found else ""


@dataclass
class Hands:
    """A clock that stands still until it is set."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Scheduler:
    """The loops of a worker, whose turns are taken one by one, on a clock of their own."""

    core: Store
    clock: Hands
    evaluating: Evaluating
    delivering: Delivering

    async def tick(self) -> Ticked:
        return await tick(self.evaluating, self.delivering)

    async def live(self, until: datetime) -> None:
        """As a worker does that sleeps until something is due."""
        while True:
            await self.tick()
            coming = await self._next()
            if coming is None or coming > until:
                self.clock.at = until
                return
            self.clock.at = max(coming, self.clock.at)

    async def _next(self) -> datetime | None:
        async with self.core.look() as work:
            moments = [await work.schedules.next(), await work.occurrences.next_attempt()]
        return min((one for one in moments if one), default=None)


@asynccontextmanager
async def a_scheduler(
    database: str, at: datetime, chronicle: Start[Any] | None = None, *, virtual: bool = False
) -> AsyncGenerator[Scheduler]:
    async with open_store(database) as core, open_store(database, CHRONICLE) as own:
        clock, means = Hands(at), Means(core.start, chronicle or own.start, look=core.look)
        evaluating = Evaluating(core, clock, virtual)
        yield Scheduler(core, clock, evaluating, Delivering(core, means, LEASE, clock, virtual))
