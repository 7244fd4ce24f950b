"""Very much that happened at once, sprints that nobody told the end of, and items that were done just before."""

import asyncio

from sqlalchemy import text

from scrum.ceremonies.triggers.standing import MOST_COVERED
from scrum.ceremonies.usecases import MOST_AT_ONCE, emit_event, set_ceremonies
from scrum.sprint.model import State
from scrum.sprint.usecases import start_sprint
from scrum_storage.store import Store
from tests.builders import SHOP, a_planned_sprint, by
from tests.conftest import administer
from tests.requirements import requirement
from tests.storage.meetings import (
    a_policy,
    a_sprint_with,
    complete,
    daily,
    due,
    evaluate,
    events,
    moment,
    occurrences,
    open_schedule,
    schedule,
)

_PUSHED = """
INSERT INTO core.happenings
SELECT 'SHOP-S1', recorded + n, '{0}'::timestamptz + n * interval '1 second', 'pushed', '', 0, 0, 0, 0, 'git', false
FROM core.schedules, generate_series(1, {1}) AS n
"""
_RECORDED = "UPDATE core.schedules SET recorded = recorded + {0}, wake_at = 'epoch'"
PUSHES = daily(strategy="event_driven", on=["pushed"], debounce=1, gap_seconds=0)
BETA = {"beta": {"items": [f"{SHOP}-1", f"{SHOP}-2"]}}


async def push(core: Store, times: int) -> None:
    """From a day after MONDAY on, once a second."""
    async with core.engine.begin() as connection:
        await connection.execute(text(_PUSHED.format(moment(1).isoformat(), times)))
        await connection.execute(text(_RECORDED.format(times)))


@requirement("ceremonies.once")
async def test_very_much_that_happened_is_looked_at_in_portions_and_each_is_seen_once(core: Store) -> None:
    await a_sprint_with(core, PUSHES)
    before = len(await events(core))
    await push(core, 2 * MOST_AT_ONCE + 5)

    found = await asyncio.gather(evaluate(core, days=2), evaluate(core, days=2))

    dailies = await occurrences(core)
    assert [one.covers[-1] for one in dailies] == ["events:1000", "events:2000", "events:2005"]
    assert sorted(one.id for each in found for one in each.occurrences) == [one.id for one in dailies]
    assert len(await events(core)) == before + 3
    assert (await schedule(core)).standing.seen == (await schedule(core)).recorded


async def test_what_is_told_after_very_much_that_happened_is_seen_in_the_same_commit(core: Store) -> None:
    await a_sprint_with(core, PUSHES)
    await push(core, MOST_AT_ONCE + 5)

    told = await emit_event(core.start, SHOP, "pushed", by=by(days=2))

    assert [one.covers[-1] for one in told.occurrences] == ["events:1000", "events:1006"]
    assert (await schedule(core)).standing.seen == (await schedule(core)).recorded


async def test_an_occurrence_names_the_last_that_it_covers_and_how_many_they_are(core: Store) -> None:
    await a_sprint_with(core, PUSHES)
    await push(core, 300)

    await evaluate(core, days=2)

    (one,) = await occurrences(core)
    assert one.covers == tuple(f"events:{number}" for number in range(301 - MOST_COVERED, 301))
    assert "It covers 300 occurrences" in one.because


async def test_a_sprint_whose_end_nobody_told_holds_nothing_any_more(core: Store, database: str) -> None:
    """A process of the version before ended it."""
    await a_sprint_with(core, daily(strategy="calendar"))
    await administer(database, "UPDATE core.sprints SET state = 'completed'")

    found = await evaluate(core, days=5)

    left = await schedule(core)
    assert (found.occurrences, found.moves) == ((), ())
    assert (left.over, left.wake_at, left.standing.state) == (True, None, State.COMPLETED)
    assert await due(core) == []


async def test_an_item_that_is_done_while_the_plan_is_committed_counts_for_its_milestone(core: Store) -> None:
    """After the moment that the plan was asked for, and before its sprint hears of anything."""
    await a_planned_sprint(core, (1,) * 3)
    await a_policy(core, daily(strategy="milestone_driven", milestones=BETA), days=-2)
    await complete(core, 1, days=-0.5)
    await open_schedule(core)
    await start_sprint(core.start, SHOP, "next", by=by())

    await complete(core, 2, days=1)
    await evaluate(core, days=1)

    assert await due(core, "daily_scrum") == ["milestone:beta"]


async def test_items_that_were_done_before_a_milestone_named_them_count_for_it(core: Store) -> None:
    await a_planned_sprint(core, (1,) * 3)
    await open_schedule(core)
    await complete(core, 1, days=-0.5)
    await evaluate(core)
    policy = daily(strategy="milestone_driven", milestones=BETA)
    await set_ceremonies(core.start, SHOP, policy, by=by(days=-0.4))
    await start_sprint(core.start, SHOP, "next", by=by())

    await complete(core, 2, days=1)
    await evaluate(core, days=1)

    assert await due(core, "daily_scrum") == ["milestone:beta"]
