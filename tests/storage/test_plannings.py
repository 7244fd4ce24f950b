"""The plan that each sprint planning is held on."""

from dataclasses import replace

import pytest

from scrum.ceremonies.usecases import trigger_ceremony
from scrum.errors import Conflict
from scrum.events import POLICY
from scrum.planning.model import UnknownPlan
from scrum_storage.store import Store
from tests.builders import SHOP, a_project, by
from tests.requirements import requirement
from tests.storage.test_sprints import PLAN

ONE, OTHER = (replace(PLAN, id=name, created_by=POLICY) for name in ("PLAN-ONE", "PLAN-OTHER"))


@pytest.fixture
async def planning(core: Store) -> str:
    await a_project(core)
    async with core.start() as work:
        for plan in (ONE, OTHER):
            await work.plans.put(plan)
        await work.commit()
    return (await trigger_ceremony(core.start, SHOP, "sprint_planning", by=by())).id


async def hold(core: Store, occurrence: str, plan: str) -> None:
    async with core.start() as work:
        await work.plannings.hold(occurrence, plan)
        await work.commit()


async def is_kept(core: Store, plan: str) -> bool:
    async with core.look() as work:
        try:
            return bool(await work.plans.get(plan))
        except UnknownPlan:
            return False


async def the_plan(core: Store, occurrence: str) -> str:
    async with core.look() as work:
        plan = await work.plannings.plan(occurrence)
    return plan.id if plan else ""


async def test_a_planning_is_held_on_its_last_plan_and_the_one_before_is_forgotten(
    core: Store, planning: str
) -> None:
    assert not await the_plan(core, planning)

    await hold(core, planning, ONE.id)
    await hold(core, planning, OTHER.id)

    assert await the_plan(core, planning) == OTHER.id
    assert (await is_kept(core, ONE.id), await is_kept(core, OTHER.id)) == (False, True)


async def test_holding_it_again_on_the_same_plan_changes_nothing(core: Store, planning: str) -> None:
    await hold(core, planning, ONE.id)
    await hold(core, planning, ONE.id)

    assert (await the_plan(core, planning), await is_kept(core, ONE.id)) == (ONE.id, True)


@requirement("ceremonies.planning")
async def test_a_planning_whose_plan_is_a_sprint_is_held_on_no_other_one(core: Store, planning: str) -> None:
    await hold(core, planning, ONE.id)
    async with core.start() as work:
        await work.plans.put(ONE.committed("SHOP-S1"))
        await work.commit()

    with pytest.raises(Conflict, match=planning):
        await hold(core, planning, OTHER.id)

    assert await the_plan(core, planning) == ONE.id


@requirement("plan.drift")
async def test_a_plan_that_a_person_had_made_too_is_not_forgotten(core: Store, planning: str) -> None:
    async with core.start() as work:
        await work.plans.put(replace(ONE, created_by="ana"))
        await work.commit()

    await hold(core, planning, ONE.id)
    await hold(core, planning, OTHER.id)

    assert await is_kept(core, ONE.id)


async def test_a_plan_that_another_planning_is_held_on_is_not_forgotten(core: Store, planning: str) -> None:
    async with core.start() as work:
        due = await work.occurrences.get(planning)
        await work.occurrences.add([other := replace(due, key="asked:9", number=9)])
        await work.commit()
    for one in (other.id, planning):
        await hold(core, one, ONE.id)

    await hold(core, planning, OTHER.id)
    assert (await the_plan(core, other.id), await is_kept(core, ONE.id)) == (ONE.id, True)

    await hold(core, other.id, OTHER.id)
    assert not await is_kept(core, ONE.id)


async def test_a_plan_that_expired_is_none(core: Store, planning: str) -> None:
    await hold(core, planning, ONE.id)

    async with core.start() as work:
        await work.plans.forget_expired(SHOP, ONE.expires_at)
        await work.commit()

    assert not await the_plan(core, planning)
    await hold(core, planning, OTHER.id)
