"""A project that is autonomous plans, runs and ends its sprint by its policy; the agent works and answers."""

from datetime import datetime

from scrum.sprint.usecases import import_history
from scrum.sprint.velocity import PastSprint, Source
from scrum_storage.store import open_store
from tests.builders import MONDAY, by
from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.ceremonial import DAY, FIVE, HOUR, look, tick
from tests.tools.conftest import a_project

OPEN = ("due", "delivered")
POLICY = {
    "sprint": {"auto_start": True},
    "ceremonies": {
        "daily_scrum": {"every_n_completions": 1},
        "sprint_review": {"gate": True},
        "retrospective": {"gate": True},
    },
}


async def a_seasoned_project(ana: Agent, database: str) -> str:
    """Autonomous, with eight imported sprints of eight points or nine, and eight open items of two."""
    key = await a_project(ana, (2,) * 8, cadence="startup", autonomy="autonomous")
    past = {
        float(n): PastSprint(f"{n}", Source.IMPORTED, completed_points=8 + n % 2, committed_points=9)
        for n in range(8)
    }
    async with open_store(database) as store:
        await import_history(store.start, key, past, by=by())
    await ana.call("set_ceremonies", project=key, policy=POLICY)
    return key


@requirement("ceremonies.autonomy")
async def test_a_whole_sprint_by_autonomy(ana: Agent, module_database: str) -> None:
    key = await a_seasoned_project(ana, module_database)

    planning = await ana.call("trigger_ceremony", project=key, ceremony="sprint_planning")
    assert planning["next"].startswith("Next: record_ceremony"), planning["sections"][0]
    assert await state(ana, key) == "planned"
    held = await answered(ana, key, MONDAY + DAY)
    assert await state(ana, key) == "active"

    mine = (await ana.call("list_items", project=key, where={"sprint": f"{key}-S1"}))["items"]
    for hours, item in enumerate(mine, start=1):
        now = MONDAY + DAY + hours * HOUR
        done = {"item": item["item"], "status": "done"}
        await ana.at(now).call("update_items", project=key, changes=[done])
        held += await answered(ana, key, now)
    held += await answered(ana, key, MONDAY + 2 * DAY)

    assert await state(ana, key) == "completed"
    assert held.count("daily_scrum") == len(mine)
    assert set(held) == set(FIVE)
    assert held[-2:] == ["sprint_review", "retrospective"]
    outcome = await ana.call("explain_decision", project=key, sprint=f"{key}-S1")
    assert outcome["outcome"]["completion"] == 1


@requirement("ceremonies.autonomy")
async def test_a_planning_without_evidence_leaves_the_plan_to_people(ana: Agent) -> None:
    key = await a_project(ana, (3, 5), autonomy="autonomous")

    planning = await ana.call("trigger_ceremony", project=key, ceremony="sprint_planning")

    assert planning["next"].startswith(f"Next: commit_plan with plan_id='{planning['plan_id']}'")
    assert "is not committed" in planning["sections"][0]["lines"][0]
    assert not (await look(ana, key))["planned"]


async def answered(ana: Agent, key: str, now: datetime) -> list[str]:
    """Hold whatever is due by now, and whatever follows from it; their names in order."""
    then, held = ana.at(now), list[str]()
    if await state(ana, key) != "completed":
        await tick(ana, key, now)
    while waiting := [one for one in (await look(ana, key, now))["fired"] if one["status"] in OPEN]:
        one = waiting[-1]
        if one["status"] == "due":
            await then.call("trigger_ceremony", project=key, ceremony=one["ceremony"])
        await then.call("record_ceremony", occurrence=one["occurrence"], notes="Held")
        held.append(one["ceremony"])
    return held


async def state(ana: Agent, key: str) -> str:
    return str((await ana.call("get_sprint", sprint=f"{key}-S1"))["state"])
