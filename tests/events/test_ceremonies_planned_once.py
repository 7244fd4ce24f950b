"""One sprint planning commits one sprint at most, and leaves one plan, however often it is attempted."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from scrum.backlog.model import Draft
from scrum.backlog.usecases import add_items
from scrum.ceremonies.delivering import deliver
from scrum.ceremonies.usecases import evaluate_sprint, trigger_ceremony
from scrum.chronicle.reports import Report
from scrum.errors import Unavailable
from scrum.events import By
from scrum.planning.model import Consent
from scrum.planning.ports import Aids
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_plan, plan_sprint
from scrum.sprint.change import Action, SprintChange, change_sprint
from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint, import_history, start_sprint
from scrum.sprint.velocity import PastSprint, Source
from scrum.team.project import Autonomy, Cadence
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import MONDAY, SHOP
from tests.events.held import Scheduler, a_project, a_running_sprint, a_scheduler, occurrences, the_state
from tests.requirements import requirement
from tests.tools.database import rows

ANA = By("ana", MONDAY)
STEADY = {float(n): PastSprint(f"Sprint {n}", Source.IMPORTED, 8, days=14) for n in range(8)}
S1, S2 = f"{SHOP}-S1", f"{SHOP}-S2"
MINUTE = timedelta(minutes=1)
_COMMITTED = "SELECT aggregate FROM core.outbox WHERE type = 'SprintPlanned' ORDER BY seq"
_AT_THE_END = {"ceremonies": {"sprint_planning": {"on": "sprint_completed"}}}


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


async def a_sprint_of_two(core: Store, policy: Mapping[str, Any]) -> None:
    """In a project that could commit another one by itself."""
    await a_running_sprint(core, MONDAY, 2, policy, cadence=Cadence.STARTUP, autonomy=Autonomy.AUTONOMOUS)
    await import_history(core.start, SHOP, STEADY, by=ANA)
    await add_items(core.start, SHOP, [Draft("For the next one", points=1)], by=ANA)


async def the_planning(core: Store) -> str:
    """That became due."""
    await evaluate_sprint(core.start, S1, now=MONDAY)
    return next(one.id for one in await occurrences(core) if one.ceremony == "sprint_planning")


async def cancel(core: Store, sprint: str = S1) -> None:
    await change_sprint(core.start, SHOP, sprint, SprintChange(Action.CANCEL), by=ANA)


async def finish(core: Store, sprint: str = S1) -> None:
    await start_sprint(core.start, SHOP, sprint, by=ANA)
    await close_sprint(core.start, SHOP, sprint, CarryOver.BACKLOG, by=ANA)


async def committed(database: str) -> list[str]:
    return [row["aggregate"] for row in await rows(database, _COMMITTED)]


async def plans(database: str) -> list[str]:
    return [row["id"] for row in await rows(database, "SELECT id FROM core.plans")]


async def reported(database: str, occurrence: str) -> Report:
    async with a_scheduler(database, MONDAY) as scheduler:
        return await deliver(scheduler.delivering.means, occurrence, now=MONDAY)


@requirement("ceremonies.planning")
async def test_while_the_chronicle_is_away_one_planning_does_not_commit_sprint_after_sprint(
    core: Store, database: str
) -> None:
    """Sprints of two minutes, and nobody does anything."""
    policy = {
        "sprint": {"strategy": "calendar", "auto_start": True, "time_scale": 10_000},
        "ceremonies": {"sprint_planning": {"enabled": False}},
    }
    due = await an_asked_planning(core, policy)

    async with an_outage(database) as outage:
        for _ in range(20):
            await outage.scheduler.tick()
            outage.scheduler.clock.at += MINUTE
        report = await outage.end(due)

    assert (await committed(database), await the_state(core)) == ([S1], "completed")
    assert report.plan in await plans(database)
    assert report.sections[0].lines == (
        f"It is the plan of {S1}, which is completed. Call plan_sprint for the next one.",
    )


@requirement("ceremonies.planning")
async def test_plannings_that_were_due_in_sprints_that_are_over_commit_no_next_one(
    core: Store, database: str
) -> None:
    """Each sprint has one at its start, none of which could be delivered in it."""
    policy = {"sprint": {"strategy": "calendar", "auto_start": True, "time_scale": 10_000}}
    await an_asked_planning(core, policy)

    async with an_outage(database) as outage:
        for _ in range(20):
            await outage.scheduler.tick()
            outage.scheduler.clock.at += MINUTE

    assert await committed(database) == [S1]


@requirement("ceremonies.planning")
async def test_where_a_person_cancels_what_a_planning_committed_its_next_attempt_commits_nothing(
    core: Store, database: str
) -> None:
    due = await an_asked_planning(core)

    async with an_outage(database) as outage:
        await outage.attempt()
        assert await the_state(core) == "planned"
        await cancel(core)
        await outage.attempt()
        report = await outage.end(due)

    assert await committed(database) == [S1]
    assert report.sections[0].lines == (
        f"It is the plan of {S1}, which is cancelled. Call plan_sprint for the next one.",
    )
    assert report.title.startswith(f"Sprint planning of {S1}")


@requirement("ceremonies.planning")
async def test_where_others_have_a_sprint_by_then_it_is_told_what_became_of_its_own_one(
    core: Store, database: str
) -> None:
    due = await an_asked_planning(core)

    async with an_outage(database) as outage:
        await outage.attempt()
        await cancel(core)
        plan = await plan_sprint(core.start, SHOP, PlanRequest(), by=ANA)
        await commit_plan(core.start, plan.id, Consent.PERSON, by=ANA)
        report = await outage.end(due)

    assert report.plan != plan.id
    assert report.sections[0].lines == (f"It is the plan of {S1}, which is cancelled.",)


@requirement("ceremonies.planning")
async def test_a_planning_whose_sprint_was_cancelled_leaves_the_next_one_to_people(
    core: Store, database: str
) -> None:
    await a_sprint_of_two(core, {})
    due = await the_planning(core)
    await cancel(core)

    report = await reported(database, due)

    assert await committed(database) == [S1]
    assert report.sections[0].lines == (
        f"{report.plan} is not committed: {S1} was cancelled. Where the next sprint is wanted, commit_plan commits it.",
    )
    await commit_plan(core.start, report.plan, Consent.NONE, by=ANA)
    assert await the_state(core, S2) == "planned"


@requirement("ceremonies.planning")
async def test_a_planning_of_a_sprint_that_is_over_leaves_the_next_one_to_people(
    core: Store, database: str
) -> None:
    await a_sprint_of_two(core, {})
    due = await the_planning(core)
    await close_sprint(core.start, SHOP, S1, CarryOver.BACKLOG, by=ANA)

    report = await reported(database, due)

    assert await committed(database) == [S1]
    assert report.sections[0].lines == (
        f"{report.plan} is not committed: it was due for {S1}, which is over. commit_plan commits it.",
    )


@requirement("ceremonies.planning")
async def test_a_planning_at_the_end_of_a_sprint_commits_the_one_after_it(core: Store, database: str) -> None:
    await a_sprint_of_two(core, _AT_THE_END)
    await close_sprint(core.start, SHOP, S1, CarryOver.BACKLOG, by=ANA)

    await reported(database, await the_planning(core))

    assert await committed(database) == [S1, S2]


@requirement("ceremonies.planning")
async def test_a_planning_at_the_end_of_a_sprint_commits_no_other_one_than_that_after_it(
    core: Store, database: str
) -> None:
    """Which people committed, and finished."""
    await a_sprint_of_two(core, _AT_THE_END)
    await close_sprint(core.start, SHOP, S1, CarryOver.BACKLOG, by=ANA)
    due = await the_planning(core)
    plan = await plan_sprint(core.start, SHOP, PlanRequest(), by=ANA)
    await commit_plan(core.start, plan.id, Consent.PERSON, by=ANA)
    await finish(core, S2)

    report = await reported(database, due)

    assert await committed(database) == [S1, S2]
    assert f"it was due for the sprint after {S1}, which is there" in report.sections[0].lines[0]


@requirement("ceremonies.planning")
async def test_a_planning_that_found_a_sprint_is_held_on_its_plan_when_that_is_over(
    core: Store, database: str
) -> None:
    await a_sprint_of_two(core, {})
    due = await the_planning(core)

    async with an_outage(database) as outage:
        await outage.attempt()
        await close_sprint(core.start, SHOP, S1, CarryOver.BACKLOG, by=ANA)
        report = await outage.end(due)

    assert report.title.startswith(f"Sprint planning of {S1}")
    assert f"It is the plan of {S1}, which is completed." in report.sections[0].lines[0]


@requirement("ceremonies.planning")
async def test_a_plan_that_waits_is_made_anew_in_its_place_where_facts_changed(
    core: Store, database: str
) -> None:
    due = await an_asked_planning(core, autonomy=Autonomy.SUGGEST)

    async with an_outage(database) as outage:
        for n in range(4):
            await outage.attempt()
            await add_items(core.start, SHOP, [Draft(f"More {n}", points=1)], by=ANA)
        report = await outage.end(due)

    assert await plans(database) == [report.plan]
    await commit_plan(core.start, report.plan, Consent.PERSON, by=ANA)
    assert await the_state(core) == "planned"


@requirement("ceremonies.planning")
async def test_a_plan_that_waits_stays_where_nothing_changed(core: Store, database: str) -> None:
    due = await an_asked_planning(core, autonomy=Autonomy.SUGGEST)

    async with an_outage(database) as outage:
        await outage.attempt()
        first = await plans(database)
        report = await outage.end(due)

    assert (await plans(database), report.plan) == (first, first[0])


@requirement("ceremonies.planning")
async def test_a_plan_that_a_person_commits_meanwhile_is_that_of_the_planning(
    core: Store, database: str
) -> None:
    due = await an_asked_planning(core, autonomy=Autonomy.SUGGEST)

    async with an_outage(database) as outage:
        await outage.attempt()
        (plan,) = await plans(database)
        await commit_plan(core.start, plan, Consent.PERSON, by=ANA)
        await finish(core)
        report = await outage.end(due)

    assert (report.plan, await plans(database)) == (plan, [plan])
    assert f"It is the plan of {S1}, which is completed." in report.sections[0].lines[0]


@dataclass
class Meanwhile:
    """A model that words nothing, and takes so long that something else is done."""

    done: Callable[[], Awaitable[object]]
    name: str = "slow"

    async def worded(self, task: str, facts: str) -> str:
        del task, facts
        await self.done()
        raise Unavailable("There are no words.")

    def rejected(self, text: str, why: str) -> None:
        raise AssertionError(text, why)


@requirement("ceremonies.planning")
@pytest.mark.parametrize("ends", [cancel, finish])
async def test_of_two_attempts_at_once_the_slower_one_takes_what_the_other_committed(
    core: Store, database: str, ends: Callable[[Store], Awaitable[None]]
) -> None:
    """Even when that is over by then."""
    due = await an_asked_planning(core)

    async with a_scheduler(database, MONDAY) as scheduler:
        means = scheduler.delivering.means

        async def the_other() -> None:
            if not await committed(database):
                await add_items(core.start, SHOP, [Draft("More", points=1)], by=ANA)
                await deliver(means, due, now=MONDAY)
                await ends(core)

        slow = replace(means, aids=Aids(words=Meanwhile(the_other)))
        report = await deliver(slow, due, now=MONDAY + MINUTE)

    assert await committed(database) == [S1]
    assert await plans(database) == [report.plan]
