"""Answers stay small whatever a project holds: the agent of these tests refuses any of 32,000 bytes or more."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.conftest import a_project

WIDE = "日本語🚀" * 75  # 300 characters of three and four bytes
LONG_KEY = "LONGEST_KEY_THERE_IS"


@pytest.fixture(scope="module")
async def wide(ana: Agent) -> str:
    """A project of the longest key and 500 items with the longest titles, and a past to plan from."""
    await ana.call("setup_project", project=LONG_KEY, name="名" * 120)
    members = [{"name": f"{n:03}" + "員" * 77, "skills": ["技" * 40], "role": "役" * 80} for n in range(200)]
    await ana.call("set_team", project=LONG_KEY, members=members)
    for start in (0, 200, 400):
        count = min(200, 500 - start)
        await ana.call("add_items", project=LONG_KEY, items=[_item(start + n) for n in range(count)])
    return LONG_KEY


def _item(number: int) -> dict[str, Any]:
    return {
        "title": WIDE,
        "points": number % 3 + 1,
        "description": "説明" * 20_000 if number < 5 else "",
        "labels": [f"{number}-{n}" + "札" * 55 for n in range(30)] if number < 5 else [],
        "depends_on": [f"#{number}"] if 0 < number < 30 else [],
        "assignee": f"{number % 200:03}" + "員" * 77,
        "due": "2026-12-31",
    }


@requirement("tools.size")
async def test_every_page_of_a_wide_backlog_is_small_and_all_items_are_on_one(ana: Agent, wide: str) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await ana.call("list_items", project=wide, limit=100, cursor=cursor, descriptions=True)
        seen += [item["item"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert seen == [f"{wide}-{n}" for n in range(1, 501)]


async def test_an_answer_for_two_hundred_changes_names_each(ana: Agent, wide: str) -> None:
    changes = [
        {"item": f"{wide}-{n}", "status": "in_progress", "points": 1000, "reason": "数" * 300}
        for n in range(1, 201)
    ]

    answer = await ana.call("update_items", project=wide, changes=changes)

    assert [item["item"] for item in answer["items"]] == [change["item"] for change in changes]
    back = [{"item": f"{wide}-{n}", "points": n % 3 + 1} for n in range(1, 201)]
    await ana.call("update_items", project=wide, changes=back)


async def test_a_team_of_two_hundred_with_long_names_is_told_in_short(ana: Agent, wide: str) -> None:
    absences = [{"member": f"{n:03}" + "員" * 77, "reason": "由" * 200} for n in range(200)]

    team = await ana.call("set_team", project=wide, absences=absences)

    assert team["member_count"] == 200
    assert team["absences"] == 200


async def test_a_project_with_a_year_of_days_off_is_small(ana: Agent) -> None:
    days = [str((MONDAY + timedelta(n)).date()) for n in range(366)]

    await ana.call("setup_project", project="IDLE", days_off=days)


@requirement("tools.size")
async def test_a_plan_of_150_items_and_all_that_tells_of_it_is_small(ana: Agent, wide: str) -> None:
    keys = [f"{wide}-{n}" for n in range(1, 151)]
    plan = await ana.call("plan_sprint", project=wide, goal="標" * 500, must_include=keys, days=90)
    assert plan["selected_count"] >= 150

    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    await ana.call("change_sprint", sprint=f"{wide}-S1", action="extend", days=276, reason="長" * 300)

    for detail in ("summary", "items", "ledger"):
        await ana.call("get_sprint", project=wide, detail=detail)
    await ana.call("explain_decision", sprint=f"{wide}-S1")
    late = ana.at(MONDAY + timedelta(days=364))
    for detail in ("items", "ledger"):
        sprint = await late.call("get_sprint", project=wide, detail=detail)
        assert sprint["figures"]["committed"]["items"] == plan["selected_count"]
    await late.call("close_sprint", sprint=f"{wide}-S1", carry_over="next")
    await late.call("explain_decision", sprint=f"{wide}-S1")
    await late.call("plan_sprint", project=wide)


@requirement("tools.size")
async def test_a_ledger_of_a_thousand_entries_shows_the_newest(ana: Agent) -> None:
    key = await a_project(ana, (1,) * 200)
    keys = [f"{key}-{n}" for n in range(1, 201)]
    plan = await ana.call("plan_sprint", project=key, must_include=keys, target_confidence=0.05)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    for points in (2, 3, 5, 8):
        changes = [{"item": item, "points": points, "reason": "由" * 300} for item in keys]
        await ana.call("update_items", project=key, changes=changes)

    sprint = await ana.call("get_sprint", project=key, detail="ledger")

    assert sprint["figures"]["reestimated"] == 7 * 200
    assert sprint["ledger"][0]["item"] == keys[-1]
    assert sprint["ledger"][0]["points"] == 8


@requirement("tools.size")
async def test_the_state_of_hundreds_of_projects_is_small(ana: Agent) -> None:
    for n in range(120):
        await ana.call("setup_project", project=f"MANY_PROJECTS_{n:05}")

    status = await ana.call("get_status")

    assert status["project_count"] >= 120
