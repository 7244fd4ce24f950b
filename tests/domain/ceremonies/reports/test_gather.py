"""What a report is built from, gathered from the real stores."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from scrum.backlog.events import ItemChanged
from scrum.backlog.model import Change, Status
from scrum.ceremonies.reports.actions import ACTIONS
from scrum.ceremonies.reports.build import build
from scrum.ceremonies.reports.gather import forgotten, gather, remembered
from scrum.ceremonies.reports.paper.material import Asked, Material
from scrum.ceremonies.terms import DAILY, REFINEMENT, RETROSPECTIVE, REVIEW
from scrum.planning.model import Consent
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_and_start, plan_sprint
from scrum.sprint.ledger import Figures
from scrum.sprint.model import CarryOver, State
from scrum.sprint.usecases import close_sprint
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import (
    SHOP,
    a_planned_sprint,
    a_project,
    a_running_sprint,
    a_sprint,
    by,
    change,
    finish,
    some_items,
)
from tests.domain.ceremonies.reports.examples import after
from tests.domain.ceremonies.reports.reported import happened, of_item, section


@pytest.fixture
async def chronicle(database: str) -> AsyncGenerator[Store[ChronicleWork]]:
    async with open_store(database, CHRONICLE) as store:
        yield store


async def gathered(core: Store, ceremony: str = DAILY, sprint: str = "", days: float = 1) -> Material:
    async with core.start() as work:
        return await gather(work, Asked(SHOP, sprint, ceremony, after(days)))


async def closed(core: Store) -> None:
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=11))


async def test_a_running_sprint_has_its_items_its_ledger_and_what_these_need(core: Store) -> None:
    await a_running_sprint(core)
    outside = (await some_items(core, [2]))[0]
    await change(core, Change("SHOP-1", depends_on=frozenset({outside.key})))
    await finish(core, "SHOP-2")
    found = await gathered(core)
    likely = await gathered(core, REFINEMENT)

    assert [item.key for item in found.items] == ["SHOP-1", "SHOP-2"]
    assert set(found.known) == {"SHOP-1", "SHOP-2", outside.key}
    assert likely.edges == {"SHOP-1": frozenset({outside.key})}
    assert (found.figures.completed.points, found.open_sprint) == (3, "SHOP-S1")
    assert build(found).figures["finished items"] == 1


async def test_what_left_the_sprint_and_is_closed_is_known_by_the_ledger(core: Store) -> None:
    await a_running_sprint(core)
    await change(core, Change("SHOP-2", status=Status.CANCELLED))

    assert (await gathered(core)).known["SHOP-2"].status is Status.CANCELLED


async def test_a_closed_sprint_is_not_part_of_its_own_past_and_knows_what_was_carried_over(
    core: Store,
) -> None:
    await a_running_sprint(core)
    await finish(core, "SHOP-1")
    await closed(core)
    await a_next_sprint(core)
    found = await gathered(core, REVIEW, sprint="SHOP-S1", days=12)

    assert (found.history, found.earlier) == ((), ())
    assert {"SHOP-1", "SHOP-2"} <= found.known.keys()
    assert [item.key for item in found.members] == ["SHOP-1", "SHOP-2"]
    assert found.open_sprint == "SHOP-S2"


async def a_next_sprint(core: Store) -> None:
    plan = await plan_sprint(core.start, SHOP, PlanRequest(), by=by(days=12))
    await commit_and_start(core.start, plan.id, Consent.PERSON, by=by(days=12))


async def test_the_next_sprint_has_its_plan_and_the_one_before_it(core: Store) -> None:
    await a_running_sprint(core)
    await finish(core, "SHOP-1")
    await closed(core)
    await a_next_sprint(core)
    found = await gathered(core, REFINEMENT, days=13)

    assert found.plan
    assert found.sprint
    assert found.plan.id == found.sprint.plan == build(found).plan
    assert [past.name for past in found.history] == ["SHOP-S1"]
    assert found.ledgers["SHOP-S1"].done() == {"SHOP-1"}


async def test_the_last_five_sprints_are_looked_back_at(core: Store) -> None:
    await a_project(core)
    async with core.start() as work:
        for number in range(1, 8):
            over = replace(a_sprint(f"SHOP-S{number}", number), state=State.COMPLETED, result=Figures())
            await work.sprints.put(over)
        await work.commit()

    found = await gathered(core, RETROSPECTIVE, sprint="SHOP-S7")

    assert [past.id for past in found.earlier] == [f"SHOP-S{number}" for number in range(2, 7)]
    assert len(found.history) == 6


async def test_a_report_names_its_plan_also_where_it_needs_none(core: Store) -> None:
    await a_running_sprint(core)
    await closed(core)
    await a_next_sprint(core)
    found = await gathered(core, ACTIONS, days=13)

    assert (found.plan, found.backlog, found.history) == (None, (), ())
    assert found.sprint
    assert build(found).plan == found.sprint.plan != ""


async def test_a_sprint_that_is_not_planned_yet_has_a_name(core: Store) -> None:
    await a_project(core)

    assert ((await gathered(core)).sprint, (await gathered(core)).sprint_id) == (None, "SHOP-S1")
    assert (await gathered(core, sprint="SHOP-S4")).sprint_id == "SHOP-S4"


async def test_a_planned_sprint_has_no_progress(core: Store) -> None:
    await a_planned_sprint(core)

    assert section(build(await gathered(core)), "Sprint")[1].startswith(
        "SHOP-S1 is planned and has not started"
    )


async def test_the_chronicle_adds_the_last_report_and_all_that_happened(
    core: Store, chronicle: Store[ChronicleWork]
) -> None:
    await a_running_sprint(core)
    first = replace(build(await gathered(core)), id="SHOP-S1-C1")
    events = happened(*(of_item(ItemChanged, after(n / 2_500), n, fields={}) for n in range(2_500)))
    async with chronicle.start() as work:
        await work.reports.keep(first)
        await work.happenings.add(events)
        await work.commit()

    async with chronicle.start() as work:
        found = await remembered(work, await gathered(core, days=2))
        again = await remembered(work, await gathered(core, days=2), besides="SHOP-S1-C1")

    assert found.kept.last == first
    assert found.kept.changes == events
    assert found.kept.pending == len(found.published) > 0
    assert again.kept.last is None


async def test_without_the_chronicle_a_report_says_so(core: Store) -> None:
    await a_running_sprint(core)

    report = build(forgotten(await gathered(core)))

    assert section(report, "What is missing")[0].startswith("The chronicle cannot be read now")
