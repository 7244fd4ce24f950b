"""Sprints that an older version began: it told memory nothing of its decisions, and kept no figures."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from scrum.memory.model import Result
from scrum_storage.embedded.servers import Servers
from tests.events.recall import Recall, recalling
from tests.tools.agent import Agent, told
from tests.tools.conftest import a_project
from tests.tools.database import rows

FORGET = "DELETE FROM core.outbox WHERE type = 'DecisionTaken' AND aggregate = $1 RETURNING data"
SPOIL = "UPDATE core.plans SET plan = plan - 'figures' WHERE id = $1"
TOLD = "SELECT data FROM core.outbox WHERE type = 'DecisionTaken' AND aggregate = $1"


@pytest.fixture
async def recall(module_database: str, servers: Servers) -> AsyncGenerator[Recall]:
    async with recalling(module_database, servers.redis) as ready:
        yield ready


async def a_running_sprint(ana: Agent) -> dict[str, str]:
    """Of the second sprint's plan, with an item carried over."""
    key = await a_project(ana, (3, 5))
    await an_end(ana, await a_sprint(ana, key))
    return await a_sprint(ana, key)


async def a_sprint(ana: Agent, key: str) -> dict[str, str]:
    plan = await ana.call("plan_sprint", project=key, goal="Sell")
    made = await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    return {"project": key, "plan": plan["plan_id"], "sprint": made["sprint"]}


async def an_end(ana: Agent, sprint: dict[str, str]) -> None:
    await ana.call("close_sprint", sprint=sprint["sprint"])


async def aged(database: str, plan: str) -> dict[str, Any]:
    """As an older version left it; returns what memory would have been told."""
    (event,) = await rows(database, FORGET, plan)
    await rows(database, SPOIL, plan)
    return {**json.loads(event["data"]), "figures": {}}


@pytest.mark.parametrize(
    ("tool", "arguments", "result"),
    [("close_sprint", {}, Result.FAILURE), ("change_sprint", {"action": "cancel"}, Result.CANCELLED)],
)
async def test_its_end_is_remembered_with_the_situation_that_it_was_planned_in(
    ana: Agent, recall: Recall, module_database: str, tool: str, arguments: dict[str, str], result: Result
) -> None:
    sprint = await a_running_sprint(ana)
    before = await aged(module_database, sprint["plan"])
    done, *_ = before["items"]
    await ana.call("update_items", project=sprint["project"], changes=[{"item": done, "points": 8}])
    await ana.call("add_items", project=sprint["project"], items=[{"title": "Later", "points": 13}])

    await ana.call(tool, sprint=sprint["sprint"], **arguments)

    (event,) = await rows(module_database, TOLD, sprint["plan"])
    assert json.loads(event["data"]) == before
    await recall.hear()
    assert (await recall.episode(sprint["plan"])).result is result


async def test_of_one_that_is_over_an_explanation_says_why_nothing_was_learned(
    ana: Agent, recall: Recall, module_database: str
) -> None:
    sprint = await a_running_sprint(ana)
    await an_end(ana, sprint)
    await aged(module_database, sprint["plan"])
    await recall.hear()

    text = told(await ana.answer("explain_decision", plan=sprint["plan"]))

    assert "An older version committed it, and memory has no episode of it." in text


async def test_what_was_told_at_the_commit_is_not_told_again(ana: Agent, module_database: str) -> None:
    sprint = await a_running_sprint(ana)
    await an_end(ana, sprint)

    assert len(await rows(module_database, TOLD, sprint["plan"])) == 1
