"""An event that comes before a sprint has started is told to come again, and what waits for it is not due."""

from typing import Any

import pytest

from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.ceremonial import a_sprint, coming
from tests.tools.conftest import a_project

WAYS: list[dict[str, Any]] = [{"on": "deployed", "debounce": 1}, {"sources": "git"}]


async def a_plan(ana: Agent, daily: dict[str, Any]) -> str:
    key = await a_project(ana, (1, 1), cadence="startup")
    await ana.call("set_ceremonies", project=key, policy={"ceremonies": {"daily_scrum": daily}})
    plan = await ana.call("plan_sprint", project=key, must_include=[f"{key}-1"])
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)
    return key


@requirement("ceremonies.before-start")
@pytest.mark.parametrize("daily", WAYS)
async def test_an_event_before_the_start_is_to_be_told_again(ana: Agent, daily: dict[str, Any]) -> None:
    key = await a_plan(ana, daily)
    event = {"project": key, "name": "deployed", "source": "git"}

    early = await ana.call("emit_event", **event)
    waits = await coming(ana, key, "daily_scrum")
    await ana.call("start_sprint", project=key, sprint="next")
    late = await ana.call("emit_event", **event)

    assert (early["listeners"], early["became_due"]) == ([], [])
    assert early["unheard"].endswith(
        f" daily_scrum will count it when {key}-S1 has started: tell it again then."
    )
    assert waits == (None, "The sprint has not started.")
    assert [one["ceremony"] for one in late["became_due"]] == ["daily_scrum"]


async def test_of_a_sprint_that_is_not_planned_nobody_waits_for_events(ana: Agent) -> None:
    daily = {"ceremonies": {"daily_scrum": WAYS[0]}}
    key = await a_sprint(ana, daily)
    await ana.call("close_sprint", project=key, sprint="current")

    assert await coming(ana, key, "daily_scrum") == (None, "The sprint is not planned yet.")
