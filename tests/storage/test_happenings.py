"""What sprints hear of is recorded in the commit that tells of it: numbered, in order, and once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from scrum.backlog.model import Change, Draft, Status
from scrum.backlog.usecases import add_items
from scrum.ceremonies.happened import POLICY_CHANGED
from scrum.ceremonies.schedule import AT_ONCE
from scrum.ceremonies.usecases import emit_event
from scrum.planning.model import Consent
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_and_start, commit_plan, plan_sprint
from scrum.sprint.change import Action, SprintChange, change_sprint
from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint
from scrum.team.project import Cadence
from scrum.team.usecases import setup_project
from scrum_storage.store import Store
from tests.builders import (
    MONDAY,
    SHOP,
    a_project,
    a_running_sprint,
    a_team,
    by,
    change,
    some_items,
)
from tests.requirements import requirement
from tests.storage.meetings import (
    S1,
    Killed,
    a_policy,
    complete,
    dying,
    evaluate,
    names,
    occurrences,
    recorded,
    schedule,
    set_status,
)


async def test_a_sprint_that_starts_has_a_schedule_and_hears_of_its_start(core: Store) -> None:
    await a_running_sprint(core, [1, 2, 3])

    (started,) = await recorded(core)

    assert (started.number, started.name, started.items, started.at) == (1, "sprint_started", 3, MONDAY)
    assert (await schedule(core)).wake_at == AT_ONCE


async def test_a_plan_that_is_committed_and_started_at_once_is_heard_of_as_both(core: Store) -> None:
    await a_project(core)
    await a_team(core, "Ana")
    await some_items(core, [1])
    plan = await plan_sprint(core.start, SHOP, PlanRequest(start=MONDAY.date()), by=by())

    await commit_and_start(core.start, plan.id, Consent.PERSON, by=by())

    assert await names(core) == ["sprint_planned", "sprint_started"]
    found = await schedule(core)
    assert (found.first_day, found.days, found.anchor) == (MONDAY.date(), 14, MONDAY)
    assert found.chosen
    assert found.chosen.cadence is Cadence.PRODUCT_TEAM


@requirement("ceremonies.recorded")
async def test_every_change_of_a_running_sprint_is_heard_of_in_its_order(core: Store) -> None:
    await a_running_sprint(core, [1] * 5)
    await add_items(core.start, SHOP, [Draft("More", points=1)], by=by())

    await change(core, Change(f"{SHOP}-1", status=Status.IN_PROGRESS, blocked=True, reason="No key"))
    await change(core, Change(f"{SHOP}-1", blocked=False))
    await complete(core, 1, 2)
    await set_status(core, Status.IN_PROGRESS, 1)
    await change_sprint(core.start, SHOP, S1, SprintChange(Action.ADD, items=(f"{SHOP}-6",)), by=by())
    await change_sprint(core.start, SHOP, S1, SprintChange(Action.EXTEND, days=3), by=by())
    await setup_project(core.start, SHOP, {"timezone": "Europe/Berlin"}, by=by())
    await change_sprint(core.start, SHOP, S1, SprintChange(Action.REVIEW), by=by())
    await change_sprint(core.start, SHOP, S1, SprintChange(Action.RETROSPECTIVE), by=by())
    await close_sprint(core.start, SHOP, S1, CarryOver.BACKLOG, by=by())

    found = await recorded(core)
    assert [(one.number, one.name, one.item, one.items, one.days) for one in found[1:]] == [
        (2, "board_state_changed", "SHOP-1", 0, 0),
        (3, "task_blocked", "SHOP-1", 0, 0),
        (4, "task_unblocked", "SHOP-1", 0, 0),
        (5, "task_completed", "SHOP-1", 0, 0),
        (6, "task_completed", "SHOP-2", 0, 0),
        (7, "task_reopened", "SHOP-1", 0, 0),
        (8, "scope_changed", "", 1, 0),
        (9, "sprint_extended", "", 0, 3),
        (10, POLICY_CHANGED, "", 0, 0),
        (11, "sprint_in_review", "", 0, 0),
        (12, "sprint_in_retrospective", "", 0, 0),
        (13, "sprint_completed", "", 0, 0),
    ]


async def test_a_done_item_that_leaves_the_sprint_takes_its_completion_along(core: Store) -> None:
    await a_running_sprint(core, [1] * 4)
    await complete(core, 1, 2)

    await change_sprint(core.start, SHOP, S1, SprintChange(Action.REMOVE, items=(f"{SHOP}-1",)), by=by())
    await set_status(core, Status.CANCELLED, 2)
    await set_status(core, Status.CANCELLED, 3)

    await evaluate(core)
    standing = (await schedule(core)).standing
    assert (standing.items, standing.done) == (1, 0)


async def test_a_cancelled_done_item_does_not_complete_the_sprint_on_its_way_out(core: Store) -> None:
    await a_running_sprint(core, [1] * 3)
    await complete(core, 1, 2)
    await evaluate(core)

    await set_status(core, Status.CANCELLED, 2)

    assert (await evaluate(core)).moves == ()
    standing = (await schedule(core)).standing
    assert (standing.items, standing.done) == (2, 1)


async def test_what_is_done_outside_of_the_sprint_is_elsewhere_to_it(core: Store) -> None:
    await a_running_sprint(core, [1])
    (other,) = await some_items(core, [1])

    await change(core, Change(other.key, status=Status.DONE))
    await change(core, Change(other.key, status=Status.IN_PROGRESS))
    await change(core, Change(other.key, status=Status.CANCELLED))

    found = [(one.name, one.item, one.items, one.elsewhere) for one in await recorded(core)][1:]
    assert found == [
        (name, other.key, 0, True) for name in ("task_completed", "task_reopened", "scope_changed")
    ]


async def test_a_sprint_that_is_over_hears_of_nothing_more(core: Store) -> None:
    await a_running_sprint(core, [1, 1])
    await complete(core, 1)
    await close_sprint(core.start, SHOP, S1, CarryOver.BACKLOG, by=by(days=2))
    before = await names(core)

    await set_status(core, Status.TODO, 1, days=3)
    await complete(core, 2, days=3)

    assert await names(core) == before
    assert before[-1] == "sprint_completed"


async def test_another_project_hears_of_nothing(core: Store) -> None:
    await a_running_sprint(core, [1])
    await a_project(core, "BLOG")
    (item,) = await some_items(core, [1], "BLOG")
    before = await names(core)

    async with core.start() as work:
        await work.commit()
    await setup_project(core.start, "BLOG", {"name": "Blog"}, by=by())

    assert item.key == "BLOG-1"
    assert await names(core) == before


@requirement("ceremonies.recorded")
async def test_a_rolled_back_commit_leaves_no_gap(core: Store) -> None:
    await a_running_sprint(core, [1] * 3)

    with pytest.raises(Killed):
        await emit_event(dying(core), SHOP, "deployed", by=by())
    await complete(core, 1)

    assert [one.number for one in await recorded(core)] == [1, 2]
    assert (await schedule(core)).recorded == 2


@requirement("ceremonies.recorded")
async def test_commits_at_once_are_numbered_without_gaps(core: Store) -> None:
    await a_running_sprint(core, [1] * 2)

    await asyncio.gather(
        *(emit_event(core.start, SHOP, f"event_{n}", "git", by=by(days=n)) for n in range(8))
    )

    found = await recorded(core)
    assert [one.number for one in found] == list(range(1, 10))
    assert {one.name for one in found[1:]} == {f"event_{n}" for n in range(8)}


async def test_many_happenings_are_one_statement_and_none_is_none(core: Store) -> None:
    await a_running_sprint(core, [1] * 30)
    statements: list[str] = []

    def told(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(core.engine.sync_engine, "before_cursor_execute", told)
    await complete(core, *range(1, 31))
    assert sum("core.happenings" in one for one in statements) == 1

    statements.clear()
    await add_items(core.start, SHOP, [Draft("One more")], by=by())
    assert not any("core.happenings" in one or "core.schedules" in one for one in statements)


async def test_a_planned_sprint_looks_again_when_its_policy_changes(core: Store) -> None:
    await a_project(core)
    await a_team(core, "Ana")
    await some_items(core, [1])
    plan = await plan_sprint(core.start, SHOP, PlanRequest(start=MONDAY.date()), by=by(days=-3))
    await commit_plan(core.start, plan.id, Consent.PERSON, by=by(days=-3))
    await evaluate(core)
    assert (await schedule(core)).wake_at is None

    await a_policy(core, {"sprint": {"auto_start": True, "time_of_day": "10:00"}}, Cadence.DEV_SHOP, days=-2)

    assert (await schedule(core)).wake_at == AT_ONCE
    await evaluate(core)
    assert (await schedule(core)).wake_at == MONDAY + timedelta(hours=1)


async def forget(core: Store) -> int:
    async with core.start() as work:
        count = await work.schedules.forget()
        await work.commit()
    return count


@requirement("ceremonies.forgotten")
async def test_what_a_sprint_that_is_over_has_seen_is_forgotten_and_its_ceremonies_stay(core: Store) -> None:
    await a_running_sprint(core, [1, 2, 3])
    await complete(core, 1, 2, 3)
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=2))
    await evaluate(core, days=2)
    heard, there = await recorded(core), await occurrences(core)

    assert await forget(core) == len(heard) > 0
    assert await recorded(core) == []
    assert await occurrences(core) == there != []
    assert await forget(core) == 0
    await evaluate(core, days=3)
    assert await occurrences(core) == there


@requirement("ceremonies.forgotten")
async def test_what_a_running_sprint_heard_of_stays(core: Store) -> None:
    await a_running_sprint(core, [1, 2, 3])
    await complete(core, 1)
    await evaluate(core, days=2)

    assert await forget(core) == 0
    assert "task_completed" in await names(core)


@requirement("ceremonies.forgotten")
async def test_what_a_sprint_that_is_over_has_not_seen_stays_until_it_has(core: Store) -> None:
    await a_running_sprint(core, [1, 2, 3])
    await evaluate(core, days=1)
    await complete(core, 1, days=1)
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=2))
    seen = (await schedule(core)).standing.seen
    unseen = [one for one in await recorded(core) if one.number > seen]

    assert await forget(core) == seen > 0
    assert await recorded(core) == unseen != []
    await evaluate(core, days=2)
    assert await forget(core) == len(unseen)
