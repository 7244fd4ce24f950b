"""commit_plan with start=true: both, or neither."""

import pytest

from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.conftest import Refused, a_project
from tests.tools.database import events


async def test_committing_and_starting_is_one_transaction(ana: Agent, module_database: str) -> None:
    key = await a_project(ana, (3, 5))
    plan = await ana.call("plan_sprint", project=key)

    made = await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)

    planned, decided, started = (await events(module_database, key))[-3:]
    assert made["state"] == "active"
    assert [one["type"] for one in (planned, decided, started)] == [
        "SprintPlanned",
        "DecisionTaken",
        "SprintStarted",
    ]
    assert planned["correlation_id"] == started["correlation_id"]


@requirement("plan.drift")
async def test_a_plan_made_for_another_confidence_is_refused(ana: Agent, refused: Refused) -> None:
    key = await a_project(ana, (3, 5))
    plan = await ana.call("plan_sprint", project=key)
    await ana.call("setup_project", project=key, target_confidence=0.9)

    text = await refused("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)

    assert "project target_confidence: 0.5 -> 0.9" in text


@requirement("ceremonies.virtual")
@pytest.mark.parametrize("scale", [1, 1_000])
@pytest.mark.parametrize("started", [False, True])
async def test_a_commit_tells_by_which_clock_its_sprint_runs(ana: Agent, scale: int, started: bool) -> None:
    key = await a_project(ana, (5, 3))
    await ana.call("set_ceremonies", project=key, policy={"sprint": {"time_scale": scale}})
    plan = await ana.call("plan_sprint", project=key)

    made = await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=started)
    read = await ana.call("get_sprint", project=key, sprint=made["sprint"])

    assert (made.get("time_scale", 1), read.get("time_scale", 1)) == (scale, scale)
    assert made.get("project_time") == read.get("project_time")
