"""The plan that each sprint planning is held on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scrum.backlog.model import Draft
from scrum.backlog.usecases import add_items
from scrum.ceremonies.usecases import trigger_ceremony
from scrum.errors import Conflict
from scrum.events import POLICY
from scrum.planning.model import Consent, Plan, PlanOutdated, UnknownPlan
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_plan, plan_sprint
from scrum.team.project import Autonomy
from scrum_storage.store import Store
from tests.builders import SHOP, a_project, by
from tests.events.outages import ANA, an_asked_planning, an_outage, plans
from tests.requirements import requirement
from tests.storage.test_sprints import PLAN

ONE, OTHER = (replace(PLAN, id=name, created_by=POLICY) for name in ("PLAN-ONE", "PLAN-OTHER"))
HOUR = timedelta(hours=1)


@pytest.fixture
async def planning(core: Store) -> str:
    await a_project(core)
    await put(core, ONE, OTHER)
    return (await trigger_ceremony(core.start, SHOP, "sprint_planning", by=by())).id


async def put(core: Store, *made: Plan) -> None:
    async with core.start() as work:
        for plan in made:
            await work.plans.put(plan)
        await work.commit()


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
    await put(core, ONE.committed("SHOP-S1"))

    with pytest.raises(Conflict, match=planning):
        await hold(core, planning, OTHER.id)

    assert await the_plan(core, planning) == ONE.id


@requirement("plan.drift")
@pytest.mark.parametrize("makers", [("ana",), ("ana", POLICY), ("ana", POLICY, POLICY)])
async def test_a_plan_that_a_person_had_made_too_is_not_forgotten(
    core: Store, planning: str, makers: tuple[str, ...]
) -> None:
    await put(core, *(replace(ONE, created_by=maker) for maker in makers))

    await hold(core, planning, ONE.id)
    await hold(core, planning, OTHER.id)

    assert await is_kept(core, ONE.id)


@pytest.mark.usefixtures("planning")
async def test_what_the_policy_makes_again_lasts_longer_and_stays_whose_it_was_and_since_when(
    core: Store,
) -> None:
    hers = replace(ONE, created_by="ana")
    again = replace(ONE, created_at=ONE.created_at + HOUR, expires_at=ONE.expires_at + HOUR)

    await put(core, hers, again)

    async with core.start() as work:
        await work.plans.forget_expired(SHOP, ONE.expires_at)
        assert await work.plans.get(ONE.id) == replace(hers, expires_at=again.expires_at)


@pytest.mark.usefixtures("planning")
async def test_what_a_person_makes_again_is_theirs_from_then_on(core: Store) -> None:
    hers = replace(ONE, created_by="ana", created_at=ONE.created_at + HOUR)

    await put(core, hers)

    async with core.look() as work:
        assert await work.plans.get(ONE.id) == hers


@requirement("plan.drift")
async def test_a_person_whose_plan_a_planning_was_held_on_too_is_told_what_changed(
    core: Store, database: str
) -> None:
    await an_asked_planning(core, autonomy=Autonomy.SUGGEST)
    hers = await plan_sprint(core.start, SHOP, PlanRequest(), by=ANA)

    async with an_outage(database) as outage:
        await outage.attempt()
        assert await plans(database) == [hers.id]
        await add_items(core.start, SHOP, [Draft("More", points=1)], by=ANA)
        await outage.attempt()

    with pytest.raises(PlanOutdated, match="SHOP-6"):
        await commit_plan(core.start, hers.id, Consent.PERSON, by=ANA)


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
