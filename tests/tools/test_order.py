"""An agent that calls tools in a wrong order is told what to call; a plan whose facts changed is refused."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.conftest import Refused, a_project, filled

CASES: list[tuple[str, dict[str, Any], str]] = [
    ("start_sprint", {"sprint": "next"}, r"no sprint that is planned.*plan_sprint and then commit_plan"),
    ("start_sprint", {"sprint": "current"}, r"no sprint that is running.*commit_plan"),
    ("get_sprint", {}, r"no sprint that is running.*plan_sprint"),
    ("close_sprint", {"sprint": "current"}, r"no sprint that is running.*plan_sprint"),
    ("change_sprint", {"sprint": "next", "action": "cancel"}, r"no sprint that is planned"),
    ("explain_decision", {"sprint": "current"}, r"no sprint that is running"),
]


@requirement("order.told")
@pytest.mark.parametrize(("tool", "arguments", "expected"), CASES)
async def test_without_a_sprint_the_way_to_one_is_told(
    ana: Agent, refused: Refused, tool: str, arguments: dict[str, Any], expected: str
) -> None:
    key = await a_project(ana)

    assert re.search(expected, await refused(tool, project=key, **arguments))


@requirement("order.told")
async def test_planning_without_items_is_told_to_add_some(ana: Agent, refused: Refused) -> None:
    key = await a_project(ana)

    assert "Call add_items first" in await refused("plan_sprint", project=key)


async def test_planning_without_estimates_is_told_to_estimate(ana: Agent, refused: Refused) -> None:
    key = await a_project(ana, (None, None))

    assert "Estimate items with update_items" in await refused("plan_sprint", project=key)


@requirement("order.told")
async def test_a_planned_sprint_cannot_be_closed_before_it_starts(ana: Agent, refused: Refused) -> None:
    key, _ = await committed(ana)

    assert "is planned; this needs active" in await refused("close_sprint", sprint=f"{key}-S1")
    assert "Call start_sprint" in await refused("close_sprint", sprint=f"{key}-S1")
    assert "no sprint that is running" in await refused("close_sprint", sprint="current", project=key)


async def test_a_running_sprint_cannot_be_started_again(ana: Agent, refused: Refused) -> None:
    key, _ = await committed(ana, start=True)

    assert "It is running: call get_sprint" in await refused("start_sprint", sprint=f"{key}-S1")


async def test_a_plan_cannot_be_committed_twice(ana: Agent, refused: Refused) -> None:
    key, plan = await committed(ana)

    text = await refused("commit_plan", plan_id=plan, confirm=True)

    assert f"{plan} is {key}-S1 already. Call get_sprint" in text


@requirement("sprint.one-open")
async def test_a_second_plan_cannot_be_committed_beside_an_open_sprint(ana: Agent, refused: Refused) -> None:
    key, _ = await committed(ana)
    another = await ana.call("plan_sprint", project=key)

    text = await refused("commit_plan", plan_id=another["plan_id"], confirm=True)

    assert f"{key}-S1 is planned already, committed by 'local': a project has one open sprint" in text


async def test_a_completed_sprint_can_neither_be_closed_nor_changed(ana: Agent, refused: Refused) -> None:
    key, _ = await committed(ana, start=True)
    await ana.call("close_sprint", sprint=f"{key}-S1")

    for tool, arguments in (
        ("close_sprint", {}),
        ("start_sprint", {}),
        ("change_sprint", {"action": "cancel"}),
        ("change_sprint", {"action": "add", "items": [f"{key}-2"]}),
        ("change_sprint", {"action": "extend", "days": 1}),
    ):
        text = await refused(tool, sprint=f"{key}-S1", **arguments)
        assert "It is over: call plan_sprint for the next one" in text


async def test_an_expired_plan_is_refused(ana: Agent) -> None:
    key = await a_project(ana, (1, 2))
    plan = await ana.call("plan_sprint", project=key)
    tomorrow = ana.at(MONDAY + timedelta(hours=24))

    text = await tomorrow.refused("commit_plan", plan_id=plan["plan_id"], confirm=True)

    assert "expired 2026-03-03 09:00 UTC. Call plan_sprint again" in text


@requirement("plan.drift")
@pytest.mark.parametrize(
    ("tool", "arguments", "difference"),
    [
        ("add_items", {"items": [{"title": "New"}]}, "- {key}-4 is new in the backlog"),
        ("update_items", {"changes": [{"item": "{key}-1", "points": 8}]}, "- {key}-1 points: 1 -> 8"),
        (
            "update_items",
            {"changes": [{"item": "{key}-1", "status": "done"}]},
            "- {key}-1 is no longer open for planning",
        ),
        ("update_items", {"changes": [{"item": "{key}-3", "rank": 1}]}, "- the order of 3 items"),
        (
            "update_items",
            {"changes": [{"item": "{key}-1", "blocked": True}]},
            "- {key}-1 blocked: False -> True",
        ),
        (
            "update_items",
            {"changes": [{"item": "{key}-2", "depends_on": ["{key}-1"]}]},
            "- {key}-2 depends on: none -> {key}-1",
        ),
        ("set_team", {"members": [{"name": "Cy"}]}, "- team member Cy: none -> 8 h"),
        (
            "set_team",
            {"absences": [{"member": "Bo", "start": "2026-03-05"}]},
            "- team absences: none -> Bo 2026-03-05 to 2026-03-05",
        ),
        ("setup_project", {"sprint_days": 7}, "- project sprint_days: 14 -> 7"),
        ("setup_project", {"days_off": ["2026-03-06"]}, "- project days_off: none -> 2026-03-06"),
    ],
)
async def test_a_plan_whose_facts_changed_is_refused_and_the_difference_named(
    ana: Agent, refused: Refused, tool: str, arguments: dict[str, Any], difference: str
) -> None:
    key = await a_project(ana, (1, 2, 3))
    plan = await ana.call("plan_sprint", project=key)
    await ana.call(tool, project=key, **filled(arguments, key=key))

    text = await refused("commit_plan", plan_id=plan["plan_id"], confirm=True)

    assert difference.replace("{key}", key) in text.splitlines()
    assert "Call plan_sprint again." in text


async def test_a_plan_from_before_another_sprint_is_refused(ana: Agent, refused: Refused) -> None:
    key = await a_project(ana, (1, 2, 3))
    old = await ana.call("plan_sprint", project=key, max_points=1)
    await commit(ana, key)
    await ana.call("start_sprint", sprint=f"{key}-S1")
    await ana.call("close_sprint", sprint=f"{key}-S1")

    text = await refused("commit_plan", plan_id=old["plan_id"], confirm=True)

    assert f"- history: {key}-S1: none -> " in text


async def test_a_change_that_counts_for_nothing_leaves_a_plan_valid(ana: Agent) -> None:
    key = await a_project(ana, (1, 2, 3))
    plan = await ana.call("plan_sprint", project=key)
    change = {"item": f"{key}-1", "description": "More words"}
    await ana.call("update_items", project=key, changes=[change])

    made = await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)

    assert made["sprint"] == f"{key}-S1"


@requirement("plan.exact")
async def test_a_plan_is_committed_exactly_as_planned(ana: Agent) -> None:
    key = await a_project(ana, (1, 2, 3, 5, 8))
    plan = await ana.call("plan_sprint", project=key, goal="Sell things", days=7)

    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)

    sprint = await ana.call("get_sprint", project=key, sprint="next", detail="items")
    chosen = [(item["item"], item["points"], item["assignee"]) for item in plan["selected"]]
    assert [(item["item"], item["points"], item.get("assignee", "")) for item in sprint["items"]] == chosen
    assert (sprint["start"], sprint["end"], sprint["goal"]) == (plan["start"], plan["end"], "Sell things")


@requirement("order.told")
async def test_every_state_names_the_tool_that_moves_it_on(ana: Agent) -> None:
    """The names in `next` of get_status lead through a whole sprint."""
    key = await a_project(ana)
    steps: list[str] = []

    async def step(act: Callable[[], Any]) -> None:
        steps.append((await ana.call("get_status", project=key))["projects"][0]["next"].split()[0])
        await act()

    await step(lambda: ana.call("add_items", project=key, items=[{"title": "A", "points": 1}]))
    await step(lambda: commit(ana, key))
    await step(lambda: ana.call("start_sprint", sprint="next", project=key))
    await step(lambda: ana.call("close_sprint", sprint="current", project=key))

    assert steps == ["add_items", "plan_sprint", "start_sprint", "update_items"]


async def commit(ana: Agent, key: str, **arguments: Any) -> str:
    plan = await ana.call("plan_sprint", project=key)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, **arguments)
    return str(plan["plan_id"])


async def committed(ana: Agent, **arguments: Any) -> tuple[str, str]:
    """A project whose first sprint was committed, with its second item left in the backlog, and the plan."""
    key = await a_project(ana, (1, 2))
    plan = await ana.call("plan_sprint", project=key, must_include=[f"{key}-1"], exclude=[f"{key}-2"])
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, **arguments)
    return key, str(plan["plan_id"])
