"""A sprint planning that is delivered when its own sprint is over: what it commits, and what it leaves to people."""

from collections.abc import Mapping
from typing import Any

from scrum.backlog.model import Draft
from scrum.backlog.usecases import add_items
from scrum.ceremonies.delivering import deliver
from scrum.ceremonies.usecases import evaluate_sprint
from scrum.chronicle.reports import Report
from scrum.planning.model import Consent
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_plan, plan_sprint
from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint, import_history
from scrum.team.project import Autonomy, Cadence
from scrum_storage.store import Store
from tests.builders import MONDAY, SHOP
from tests.events.held import a_running_sprint, a_scheduler, occurrences, the_state
from tests.events.outages import (
    ANA,
    FAST,
    MINUTE,
    S1,
    S2,
    STEADY,
    an_asked_planning,
    an_outage,
    cancel,
    committed,
    finish,
)
from tests.requirements import requirement

_AT_THE_END = {"ceremonies": {"sprint_planning": {"on": "sprint_completed"}}}


async def a_sprint_of_two(core: Store, policy: Mapping[str, Any]) -> None:
    """In a project that could commit another one by itself."""
    await a_running_sprint(core, MONDAY, 2, policy, cadence=Cadence.STARTUP, autonomy=Autonomy.AUTONOMOUS)
    await import_history(core.start, SHOP, STEADY, by=ANA)
    await add_items(core.start, SHOP, [Draft("For the next one", points=1)], by=ANA)


async def the_planning(core: Store) -> str:
    """That became due."""
    await evaluate_sprint(core.start, S1, now=MONDAY)
    return next(one.id for one in await occurrences(core) if one.ceremony == "sprint_planning")


async def reported(database: str, occurrence: str) -> Report:
    async with a_scheduler(database, MONDAY) as scheduler:
        return await deliver(scheduler.delivering.means, occurrence, now=MONDAY)


@requirement("ceremonies.planning", "ceremonies.planned-once")
async def test_plannings_that_were_due_in_sprints_that_are_over_commit_no_next_one(
    core: Store, database: str
) -> None:
    """Each sprint has one at its start, none of which could be delivered in it."""
    await an_asked_planning(core, {"sprint": FAST})

    async with an_outage(database) as outage:
        await outage.last(20 * MINUTE)

    assert await committed(database) == [S1]


@requirement("ceremonies.planning", "ceremonies.planned-once")
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
