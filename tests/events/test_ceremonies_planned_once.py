"""One sprint planning commits one sprint at most, and leaves one plan, however often it is attempted."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from scrum.backlog.model import Draft
from scrum.backlog.usecases import add_items
from scrum.ceremonies.delivering import deliver
from scrum.errors import Unavailable
from scrum.planning.model import Consent
from scrum.planning.ports import Aids
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_plan, plan_sprint
from scrum.team.project import Autonomy
from scrum_storage.store import Store
from scrum_storage.work import PostgresWork
from tests.builders import MONDAY, SHOP
from tests.events.held import a_scheduler, the_state
from tests.events.outages import (
    ANA,
    FAST,
    MINUTE,
    S1,
    an_asked_planning,
    an_outage,
    cancel,
    committed,
    finish,
    plans,
)
from tests.requirements import requirement


@requirement("ceremonies.planning", "ceremonies.planned-once")
async def test_while_the_chronicle_is_away_one_planning_does_not_commit_sprint_after_sprint(
    core: Store, database: str
) -> None:
    """Nobody does anything."""
    policy = {"sprint": FAST, "ceremonies": {"sprint_planning": {"enabled": False}}}
    due = await an_asked_planning(core, policy)

    async with an_outage(database) as outage:
        await outage.last(20 * MINUTE)
        report = await outage.end(due)

    assert (await committed(database), await the_state(core)) == ([S1], "completed")
    assert report.plan in await plans(database)
    assert report.sections[0].lines == (
        f"It is the plan of {S1}, which is completed. Call plan_sprint for the next one.",
    )


@requirement("ceremonies.planning", "ceremonies.planned-once")
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


@requirement("ceremonies.planning", "ceremonies.planned-once")
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


@requirement("ceremonies.planning", "ceremonies.planned-once")
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


@requirement("ceremonies.planning")
async def test_an_attempt_whose_plan_was_replaced_before_it_is_committed_takes_the_other_one(
    core: Store, database: str
) -> None:
    due = await an_asked_planning(core)

    async with a_scheduler(database, MONDAY) as scheduler:
        means = scheduler.delivering.means

        @asynccontextmanager
        async def start() -> AsyncGenerator[PostgresWork]:
            if await plans(database) and not await committed(database):
                await add_items(core.start, SHOP, [Draft("More", points=1)], by=ANA)
                await deliver(means, due, now=MONDAY)
            async with core.start() as work:
                yield work

        report = await deliver(replace(means, core=start), due, now=MONDAY + MINUTE)

    assert (await committed(database), await plans(database)) == ([S1], [report.plan])
