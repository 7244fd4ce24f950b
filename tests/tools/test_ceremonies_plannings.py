"""Sprint plannings wait for people as long as there is something to plan."""

from typing import Any

import pytest

from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.ceremonial import a_sprint, delivered, look

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
