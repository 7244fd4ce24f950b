"""Sprint plannings wait for people as long as there is something to plan."""

from typing import Any

import pytest

from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.ceremonial import DAY, a_sprint, delivered, finish, look
from tests.tools.conftest import a_project

WAITS: dict[str, Any] = {"sprint": {"auto_transition": False}}


async def unanswered(ana: Agent, key: str) -> list[str]:
    """As both tools have it."""
    (status,) = (await ana.call("get_status", project=key))["projects"]
    listed = [one["occurrence"] for one in (await look(ana, key))["unanswered"]]
    assert sorted(listed) == sorted(status.get("unanswered", []))
    return listed


@requirement("ceremonies.answer")
@pytest.mark.parametrize(
    ("tool", "arguments"), [("close_sprint", {}), ("change_sprint", {"action": "cancel"})]
)
async def test_the_planning_of_a_sprint_that_is_over_waits_for_nobody(
    ana: Agent, tool: str, arguments: dict[str, str]
) -> None:
    key = await a_sprint(ana, WAITS)
    planning = await delivered(ana, key, "sprint_planning")
    assert planning in await unanswered(ana, key)

    await ana.call(tool, sprint="current", project=key, reason="Enough", **arguments)

    assert planning not in await unanswered(ana, key)


@requirement("ceremonies.answer")
async def test_a_planning_of_the_next_sprint_waits_after_the_end_of_its_own(ana: Agent) -> None:
    key = await a_sprint(ana, WAITS)
    await ana.call("change_sprint", sprint="current", project=key, action="review", reason="Done")
    planning = await delivered(ana, key, "sprint_planning")

    await ana.call("close_sprint", sprint="current", project=key)

    assert planning in await unanswered(ana, key)


@requirement("ceremonies.answer", "ceremonies.steps")
async def test_the_plan_of_a_planning_waits_to_be_committed(ana: Agent) -> None:
    key = await a_project(ana, (3, 5), cadence="startup")
    made = await ana.call("trigger_ceremony", project=key, ceremony="sprint_planning")
    committing = f"commit_plan with plan_id={made['plan_id']!r}"

    steps = await every_next(ana, key, made["occurrence"])
    await ana.call("commit_plan", plan_id=made["plan_id"], confirm=True)
    after = await every_next(ana, key, made["occurrence"])

    assert [committing in step for step in steps] == [True, True, True]
    assert [committing in step for step in after] == [False, False, False]
    assert after[0].endswith("Then start_sprint.")


async def test_a_plan_that_expired_is_not_offered(ana: Agent) -> None:
    key = await a_project(ana, (3, 5), cadence="startup")
    made = await ana.call("trigger_ceremony", project=key, ceremony="sprint_planning")

    steps = await every_next(ana.at(MONDAY + 3 * DAY), key, made["occurrence"])

    assert [made["plan_id"] in step for step in steps] == [False, False, False]
    assert "plan_sprint, and commit_plan takes its plan" in steps[0]
    assert steps[1] == "plan_sprint"


@requirement("ceremonies.steps")
async def test_a_sprint_that_somebody_has_to_end_says_so_once_all_is_done(ana: Agent) -> None:
    key = await a_sprint(ana, WAITS, items=2)
    await finish(ana, key, 1)
    before = (await look(ana, key))["next"]

    await finish(ana, key, 2)
    after = (await look(ana, key))["next"]
    await ana.call("change_sprint", sprint="current", project=key, action="review", reason="Done")

    assert "close_sprint" not in before
    assert "close_sprint, or change_sprint with action='review' first: all is done" in after
    assert (await look(ana, key))["next"].endswith("close_sprint: auto_transition is off.")


async def every_next(ana: Agent, key: str, planning: str) -> list[str]:
    """What list_ceremonies, get_status and its kept report name."""
    (status,) = (await ana.call("get_status", project=key))["projects"]
    report = await ana.call("get_report", project=key, report=planning)
    listed = await ana.call("list_ceremonies", project=key)
    return [listed["next"], status["next"], report.get("next", "")]
