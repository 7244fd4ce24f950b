"""Every write records who did it, when, and why when they said so."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.conftest import a_project, filled
from tests.tools.database import dump, events, ledger

TUESDAY = MONDAY + timedelta(days=1)


@requirement("record.who")
async def test_a_whole_life_is_recorded_with_its_actor(ana: Agent, module_database: str) -> None:
    recorded = await events(module_database, await a_sprint(ana))

    assert [event["type"] for event in recorded[:5]] == ["ProjectSetUp", "TeamSet", *["ItemAdded"] * 3]
    assert {"SprintPlanned", "SprintStarted"} <= {event["type"] for event in recorded}
    assert {event["actor"] for event in recorded} == {"local"}
    assert {event["occurred_at"] for event in recorded} == {MONDAY}


@requirement("record.who")
@pytest.mark.parametrize(
    ("tool", "arguments", "kinds"),
    [
        ("set_team", {"members": [{"name": "Cy"}]}, {"TeamSet"}),
        ("add_items", {"items": [{"title": "New"}]}, {"ItemAdded"}),
        ("update_items", {"changes": [{"item": "{key}-3", "rank": 1}]}, {"ItemChanged"}),
        ("update_items", {"changes": [{"item": "{key}-3", "description": "Words"}]}, {"ItemChanged"}),
        (
            "update_items",
            {"changes": [{"item": "{key}-1", "status": "done"}]},
            {"ItemChanged", "ItemCompleted"},
        ),
        ("update_items", {"changes": [{"item": "{key}-2", "blocked": True}]}, {"ItemChanged", "ItemBlocked"}),
        (
            "change_sprint",
            {"sprint": "current", "action": "add", "items": ["{key}-3"]},
            {"SprintScopeChanged"},
        ),
        ("change_sprint", {"sprint": "current", "action": "goal", "goal": "Sell"}, {"SprintGoalChanged"}),
        ("change_sprint", {"sprint": "current", "action": "extend", "days": 1}, {"SprintExtended"}),
        ("change_sprint", {"sprint": "current", "action": "review"}, {"SprintReviewed"}),
        ("close_sprint", {"sprint": "current"}, {"SprintClosed"}),
    ],
)
async def test_a_write_is_recorded_with_its_reason(
    ana: Agent, module_database: str, tool: str, arguments: dict[str, Any], kinds: set[str]
) -> None:
    key = await a_sprint(ana)
    before = len(await events(module_database, key))

    await ana.at(TUESDAY).call(tool, project=key, reason="Because", **filled(arguments, key=key))

    new = (await events(module_database, key))[before:]
    assert {event["type"] for event in new} == kinds
    assert {(event["actor"], event["reason"], event["occurred_at"]) for event in new} == {
        ("local", "Because", TUESDAY)
    }


@requirement("record.who")
async def test_the_ledger_says_who_when_and_why(ana: Agent, module_database: str) -> None:
    key = await a_sprint(ana)
    tuesday = ana.at(TUESDAY)
    changes = [
        {"item": f"{key}-1", "status": "done", "reason": "Shown to Zoe"},
        {"item": f"{key}-2", "points": 5},
    ]
    await tuesday.call("update_items", project=key, changes=changes, reason="Daily")

    entries = (await ledger(module_database, f"{key}-S1"))[2:]

    assert [(e["kind"], e["item"], e["actor"], e["reason"], e["at"]) for e in entries] == [
        ("completed", f"{key}-1", "local", "Shown to Zoe", TUESDAY),
        ("reestimated", f"{key}-2", "local", "Daily", TUESDAY),
    ]


async def test_a_reason_of_one_change_stands_in_its_event(ana: Agent, module_database: str) -> None:
    key = await a_sprint(ana)
    change = {"item": f"{key}-3", "priority": "high", "reason": "Zoe asked"}

    await ana.call("update_items", project=key, changes=[change])

    assert (await events(module_database, key))[-1]["reason"] == "Zoe asked"


async def test_an_update_that_changes_nothing_is_not_recorded(ana: Agent, module_database: str) -> None:
    key = await a_sprint(ana)
    before = await dump(module_database)

    answer = await ana.call("update_items", project=key, changes=[{"item": f"{key}-1", "points": 1}])

    assert answer["items"][0]["outcome"] == "unchanged"
    assert await dump(module_database) == before


async def a_sprint(ana: Agent) -> str:
    """A project whose running sprint has the first two of its three items."""
    key = await a_project(ana, (1, 1, 1))
    must = [f"{key}-1", f"{key}-2"]
    plan = await ana.call("plan_sprint", project=key, must_include=must, exclude=[f"{key}-3"])
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    return key
