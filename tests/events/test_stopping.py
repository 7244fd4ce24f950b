"""A worker that is told to stop, and one that is updated."""

import os
import signal
from typing import Any

import asyncpg

from scrum_storage.store import Store
from tests.builders import MONDAY
from tests.events.conftest import Stage
from tests.events.counting import GATE, WAIT
from tests.events.planned import NewerItemAdded, SprintPaused
from tests.events.waiting import until
from tests.tools.agent import agent

_WAITING = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


async def test_a_worker_that_is_told_to_stop_finishes_what_it_began(stage: Stage) -> None:
    gate = await asyncpg.connect(stage.effects.database.replace("+asyncpg", ""))

    async def waits() -> bool:
        return bool(await gate.fetch(_WAITING))

    try:
        await gate.execute("SELECT pg_advisory_lock($1)", GATE)
        async with agent(stage.server.url) as ana:
            await ana.call("setup_project", project="SHOP")
            await ana.call("add_items", project="SHOP", items=[{"title": WAIT}])
        worker = await stage.crew.start()
        await until(waits)
        os.kill(worker, signal.SIGTERM)
    finally:
        await gate.close()

    assert await stage.crew.ended(worker) == 0
    await stage.effects.each_once(2)
    left = await stage.effects.left()
    assert (left["pending"], left["unread"]) == (0, 0)


async def test_what_an_older_worker_does_not_understand_is_kept_for_a_newer_one(
    stage: Stage, core: Store
) -> None:
    shared: Any = {"project": "SHOP", "aggregate_version": 1, "occurred_at": MONDAY, "actor": "ana"}
    async with core.start() as work:
        work.publish(
            SprintPaused(aggregate="SHOP-S1", **shared),
            NewerItemAdded(aggregate="SHOP-1", title="A", points=1, priority="low", colour="red", **shared),
        )
        await work.commit()
    older = await stage.crew.start()
    await stage.effects.settle()
    parked = {("counting", "parked"): 2, ("chronicle", "parked"): 2}
    assert await stage.effects.letters() == parked
    assert await stage.effects.rows("SELECT FROM counting.effects") == []

    await stage.crew.end(older, signal.SIGTERM)
    await stage.crew.start(updated=True)

    await until(stage.effects.without_letters)
    counted = await stage.effects.rows("SELECT type, aggregate FROM counting.effects ORDER BY type")
    assert counted == [("ItemAdded", "SHOP-1"), ("SprintPaused", "SHOP-S1")]
    assert (
        await stage.effects.history("SELECT type, aggregate FROM chronicle.history ORDER BY type") == counted
    )
