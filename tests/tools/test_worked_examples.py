"""The worked examples of the product's design, from history to outcome, as far as they need no memory."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from scrum_storage.store import open_store
from tests.builders import MONDAY
from tests.requirements import requirement
from tests.situations import FIVE, past
from tests.tools.agent import Agent
from tests.tools.conftest import a_project, items

BACKLOG = (1, 2, 3, 5, 8) * 9 + (1, 2)
TWO_WEEKS = {"start": "2026-03-02", "end": "2026-03-15"}
LATER = MONDAY + timedelta(days=11)


async def a_team_of_five(
    ana: Agent, database: str, velocity: float, *, away: Sequence[str] = (), sprints: int = 5
) -> str:
    """Sprints of the same velocity lie behind it, 47 items before it."""
    key = await a_project(ana)
    members, absences = [{"name": name} for name in FIVE], [{"member": name, **TWO_WEEKS} for name in away]
    await ana.call("set_team", project=key, members=members, absences=absences, mode="replace")
    await ana.call("add_items", project=key, items=items(*BACKLOG))
    async with open_store(database) as store, store.start() as work:
        await work.history.put(key, dict(enumerate(past(*[velocity] * sprints))))
        await work.commit()
    return key


async def played(ana: Agent, plan: dict[str, Any], *, finished: int) -> dict[str, Any]:
    """The sprint as it was planned, closed with so many points completed."""
    sprint = await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    done = chosen(plan["selected"], finished)
    changes = [{"item": key, "status": "done"} for key in done]
    await ana.at(LATER).call("update_items", project=plan["project"], changes=changes)
    return await ana.at(LATER).call("close_sprint", sprint=sprint["sprint"])


def chosen(selected: list[dict[str, Any]], points: int) -> list[str]:
    """Items with so many points together, the largest first."""
    found: list[str] = []
    for item in sorted(selected, key=lambda one: -one["points"]):
        if item["points"] <= points:
            points -= item["points"]
            found.append(item["item"])
    assert not points, "no items make up these points"
    return found


@requirement("plan.availability")
async def test_42_points_and_one_of_five_away_make_34_of_which_33_are_a_success(
    ana: Agent, module_database: str
) -> None:
    key = await a_team_of_five(ana, module_database, 42, away=["Ed"])

    plan = await ana.call("plan_sprint", project=key)
    assert plan["capacity"]["availability"] == 0.8
    assert (plan["commitment"], plan["points"], plan["optimal"]) == (34, 34, True)

    closed = await played(ana, plan, finished=33)
    assert round(closed["figures"]["completion"], 2) == 0.97


async def test_45_committed_and_38_finished_are_84_percent(ana: Agent, module_database: str) -> None:
    key = await a_team_of_five(ana, module_database, 45)

    plan = await ana.call("plan_sprint", project=key)
    assert (plan["commitment"], plan["points"]) == (45, 45)

    closed = await played(ana, plan, finished=38)
    assert round(closed["figures"]["completion"], 2) == 0.84


@requirement("plan.availability")
async def test_45_points_and_two_of_five_away_make_27(ana: Agent, module_database: str) -> None:
    key = await a_team_of_five(ana, module_database, 45, away=["Di", "Ed"])

    plan = await ana.call("plan_sprint", project=key)

    assert (plan["capacity"]["availability"], plan["commitment"], plan["points"]) == (0.6, 27, 27)
