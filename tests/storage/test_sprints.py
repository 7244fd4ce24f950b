"""Sprints, ledgers, teams, history and plans in PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from scrum.forecasting.model import Evidence
from scrum.planning.model import (
    Alternative,
    Chosen,
    Consent,
    Expected,
    Inputs,
    LeftOut,
    Plan,
    UnknownPlan,
)
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_plan, plan_sprint
from scrum.sprint.change import Action, SprintChange, change_sprint
from scrum.sprint.ledger import Amount, Entry, Figures, Kind, Ledger
from scrum.sprint.model import CarryOver, Prediction, State
from scrum.sprint.risk import Level, Risk
from scrum.sprint.usecases import close_sprint
from scrum.sprint.velocity import PastSprint, Source
from scrum.strategies.applying import Step
from scrum.team.capacity import Capacity, PersonCapacity
from scrum.team.model import Absence
from scrum_storage.errors import Changed
from scrum_storage.jsonb import Stored, plain
from scrum_storage.store import Store
from scrum_storage.tables import plans
from tests.builders import (
    MONDAY,
    SHOP,
    a_planned_sprint,
    a_project,
    a_running_sprint,
    a_sprint,
    a_team,
    by,
    some_items,
)
from tests.requirements import requirement

DAY = date(2026, 3, 2)
PLAN = Plan(
    id="PLAN-1",
    project=SHOP,
    goal="Sell",
    start=DAY,
    end=date(2026, 3, 13),
    created_at=MONDAY,
    expires_at=MONDAY + timedelta(days=1),
    created_by="ana",
    target_confidence=0.5,
    capacity=Capacity(
        DAY, DAY, 10, 80.0, 8.0, 0.9, (PersonCapacity("Ana", 64.8, 1.0, frozenset({"sql", "go"})),)
    ),
    expected=Expected(3, Evidence.THIN, (Source.LEDGER,), 1.5, 2.25, 3.1, 4.0, 0.1 + 0.2, ("Few",)),
    base=30,
    commitment=27,
    points=26,
    selected=(Chosen("SHOP-1", "One", None, "high", "Ana"),),
    left_out=(LeftOut("SHOP-2", "Two", 5, "too large"),),
    left_out_count=1,
    risks=(Risk("overcommitted", Level.HIGH, "because"),),
    alternatives=(Alternative("cautious", 0.8, 20),),
    confidence=0.61,
    optimal=True,
    gap=0.0,
    reasoning="Because.",
    inputs=Inputs("abc", {"items": {"SHOP-1": [1, None, "x", 0.5]}, "team": {}}),
    steps=(Step("buffer", 30, 27, "ten percent"),),
    unassigned=("SHOP-1",),
)


async def keep(core: Store, *plans: Plan) -> None:
    async with core.start() as work:
        for plan in plans:
            await work.plans.put(plan)
        await work.commit()


async def plan_ids(core: Store) -> list[str]:
    query = select(plans.c.id).where(plans.c.project == SHOP).order_by(plans.c.created_at.desc(), plans.c.id)
    async with core.engine.connect() as connection:
        return list(await connection.scalars(query))


async def test_a_sprint_comes_back_as_it_was_stored(core: Store) -> None:
    await a_project(core)
    sprint = replace(
        a_sprint(),
        state=State.COMPLETED,
        prediction=Prediction(20.5, 10.25, 30.75, 0.1 + 0.2),
        started_at=MONDAY,
        ended_at=MONDAY,
        closed_at=MONDAY,
        result=Figures(committed=Amount(8, 2, 1), reestimated=-3),
        spent=1234.5,
        version=4,
    )
    async with core.start() as work:
        await work.sprints.put(sprint)
        await work.commit()

    async with core.start() as work:
        assert await work.sprints.find("SHOP-S1") == sprint
        assert await work.sprints.open(SHOP) is None


async def test_completed_sprints_come_oldest_first_and_the_last_ones_only(core: Store) -> None:
    await a_project(core)
    async with core.start() as work:
        for n in range(1, 5):
            await work.sprints.put(replace(a_sprint(f"SHOP-S{n}", n), state=State.COMPLETED))
        await work.sprints.put(replace(a_sprint("SHOP-S5", 5), state=State.CANCELLED))

        assert [sprint.number for sprint in await work.sprints.completed(SHOP, 3)] == [2, 3, 4]
        assert await work.sprints.ids(SHOP) == ["SHOP-S5", "SHOP-S4", "SHOP-S3", "SHOP-S2", "SHOP-S1"]


async def test_a_ledger_comes_back_in_the_order_of_entry(core: Store) -> None:
    await a_planned_sprint(core)
    entries = [
        Entry.of(by(days=2, reason="late"), Kind.COMMITTED, "SHOP-1", None),
        Entry.of(by(days=1), Kind.REESTIMATED, "SHOP-1", 8, before=5),
        Entry.of(by(days=1), Kind.COMPLETED, "SHOP-1", 8),
    ]
    async with core.start() as work:
        await work.sprints.record("SHOP-S1", entries)
        await work.sprints.record("SHOP-S1", [])
        assert await work.sprints.ledger("SHOP-S1") == Ledger(tuple(entries))


@requirement("ledger.append-only")
@pytest.mark.parametrize(
    "statement", ["UPDATE core.ledger SET points = 1", "DELETE FROM core.ledger", "TRUNCATE core.ledger"]
)
async def test_what_the_ledger_says_cannot_be_changed(core: Store, statement: str) -> None:
    running = await a_running_sprint(core)

    with pytest.raises(DBAPIError, match="append-only"):
        async with core.engine.begin() as connection:
            await connection.execute(text(statement))

    async with core.start() as work:
        assert await work.sprints.ledger("SHOP-S1") == running.ledger


@requirement("sprint.carry-over")
async def test_what_is_carried_over_is_written_in_the_transaction_of_the_close(core: Store) -> None:
    await a_running_sprint(core)
    await close_sprint(core.start, SHOP, "current", CarryOver.NEXT, by=by(days=11))

    async with core.engine.connect() as connection:
        writers = await connection.scalars(
            text("SELECT xmin::text FROM core.sprints UNION SELECT xmin::text FROM core.items")
        )
        assert len(list(writers)) == 1


async def test_a_team_comes_back_as_it_was_set(core: Store) -> None:
    await a_project(core)
    answer = await a_team(
        core, "Bo", "Ana", absences=[Absence("Ana", DAY, DAY, half_day=True, reason="dentist")]
    )

    async with core.start() as work:
        assert await work.teams.get(SHOP) == answer.team


async def test_imported_history_keeps_its_order_and_counts_what_is_new(core: Store) -> None:
    await a_project(core)
    first = PastSprint("Old 2", Source.IMPORTED, 20.5)
    second = PastSprint("Old 1", Source.RECONSTRUCTED, 10, 3, 12, 14, 10, 50, 5, 0.9, 1234.5)
    better = replace(first, spent=0.25)

    async with core.start() as work:
        assert await work.history.put(SHOP, {1: first, 2: second}) == 2
        assert await work.history.put(SHOP, {1: better, 2: second}) == 1
        assert await work.history.put(SHOP, {}) == 0
        assert await work.history.of(SHOP) == [better, second]


async def test_a_plan_comes_back_exactly(core: Store) -> None:
    await a_project(core)
    await keep(core, PLAN)

    async with core.start() as work:
        assert await work.plans.get("PLAN-1") == PLAN
        assert await work.plans.claim("PLAN-1") == PLAN


async def test_an_unknown_plan_is_not_found(core: Store) -> None:
    async with core.start() as work:
        with pytest.raises(UnknownPlan, match="PLAN-9"):
            await work.plans.claim("PLAN-9")


async def test_plans_that_expired_are_forgotten_unless_they_were_committed(core: Store) -> None:
    await a_project(core)
    fresh = replace(
        PLAN, id="PLAN-2", created_at=MONDAY + timedelta(hours=1), expires_at=MONDAY + timedelta(days=9)
    )
    await keep(
        core, PLAN, fresh, replace(PLAN, id="PLAN-3", created_at=MONDAY - timedelta(1)).committed("SHOP-S1")
    )

    async with core.start() as work:
        await work.plans.forget_expired(SHOP, PLAN.expires_at)
        await work.commit()

    assert await plan_ids(core) == ["PLAN-2", "PLAN-3"]


async def test_a_plan_made_again_does_not_undo_its_commitment(core: Store) -> None:
    await a_project(core)
    committed = PLAN.committed("SHOP-S1")
    await keep(core, PLAN, committed, committed)

    with pytest.raises(Changed, match="PLAN-1"):
        await keep(core, PLAN)

    async with core.start() as work:
        assert await work.plans.get("PLAN-1") == committed


async def test_after_a_planned_sprint_was_cancelled_the_next_plan_is_another_one(core: Store) -> None:
    await a_project(core)
    await some_items(core, [3, 3])

    first = await plan_sprint(core.start, SHOP, PlanRequest(), by=by())
    await commit_plan(core.start, first.id, Consent.PERSON, by=by())
    await change_sprint(core.start, SHOP, "next", SprintChange(Action.CANCEL), by=by())
    second = await plan_sprint(core.start, SHOP, PlanRequest(), by=by())
    made = await commit_plan(core.start, second.id, Consent.PERSON, by=by())

    assert second.id != first.id
    assert made.sprint.id == "SHOP-S2"


def test_keys_that_another_version_added_are_ignored() -> None:
    kept: Any = TypeAdapter(Figures).dump_python(Figures(reestimated=2), mode="json")

    assert Stored(Figures).process_result_value({**kept, "new": 1}, dialect=None) == Figures(reestimated=2)  # type: ignore[arg-type] # it is not used


def test_what_has_no_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError, match="frozenset"):
        plain(frozenset({1}))
