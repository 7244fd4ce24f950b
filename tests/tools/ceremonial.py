"""Sprints whose ceremonies fire by a policy, on the time of their calls."""

from datetime import datetime, timedelta
from typing import Any

from tests.builders import MONDAY
from tests.tools.agent import Agent
from tests.tools.conftest import a_project

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FIVE = ["sprint_planning", "daily_scrum", "backlog_refinement", "sprint_review", "retrospective"]


async def a_sprint(
    ana: Agent, policy: dict[str, Any] | None = None, *, items: int = 10, **settings: Any
) -> str:
    """A project whose sprint began, with the given items of one point each and the template startup."""
    key = await a_project(ana, (1,) * items, **{"cadence": "startup", **settings})
    if policy is not None:
        await ana.call("set_ceremonies", project=key, policy=policy)
    await start(ana, key)
    return key


async def start(ana: Agent, key: str) -> None:
    wanted = [item["item"] for item in (await ana.call("list_items", project=key))["items"]]
    plan = await ana.call("plan_sprint", project=key, must_include=wanted)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)


async def finish(ana: Agent, key: str, *numbers: int) -> None:
    changes = [{"item": f"{key}-{number}", "status": "done"} for number in numbers]
    await ana.call("update_items", project=key, changes=changes)


async def tick(ana: Agent, key: str, at: datetime = MONDAY) -> list[str]:
    """The names of what became due when that time came."""
    told = await ana.at(at).call("emit_event", project=key, name="time_passed")
    return [one["ceremony"] for one in told["became_due"]]


async def look(ana: Agent, key: str, at: datetime = MONDAY) -> dict[str, Any]:
    return await ana.at(at).call("list_ceremonies", project=key)


async def coming(ana: Agent, key: str, ceremony: str, at: datetime = MONDAY) -> tuple[datetime | None, str]:
    """When it fires next, and why then or not."""
    listed = (await look(ana, key, at))["coming"]
    (one,) = (one for one in listed if one["ceremony"] == ceremony)
    return (datetime.fromisoformat(one["at"]) if one["at"] else None), one["reason"]


async def delivered(ana: Agent, key: str, ceremony: str, at: datetime = MONDAY) -> str:
    """The id of one that was asked for and waits for an answer."""
    return str((await ana.at(at).call("trigger_ceremony", project=key, ceremony=ceremony))["occurrence"])
