"""Characters, names and types that no caller should send."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.tools.agent import Agent, at
from tests.tools.conftest import HUGE, Refused, filled

NUL, BELL, SURROGATE = "a\x00b", "ring\x07", "half \ud800"


@pytest.mark.parametrize("bad", [NUL, BELL, "\x1b[2Jgone", "\x85"])
@pytest.mark.parametrize(
    "arguments",
    [
        {"items": [{"title": "{bad}"}]},
        {"items": [{"title": "A", "labels": ["ok", "{bad}"]}]},
        {"items": [{"title": "A", "{bad}": 1}]},
        {"items": [{"title": "A", "description": {"{bad}": ["{bad}"]}}]},
        {"items": [{"title": "A"}], "reason": "{bad}"},
        {"items": [{"title": "A"}], "{bad}": 1},
        {"items": [{"title": "A", "points": "{bad}"}]},
    ],
)
async def test_a_control_character_is_refused_wherever_it_hides(
    refused: Refused, shop: str, bad: str, arguments: dict[str, Any]
) -> None:
    text = await refused("add_items", project=shop, **filled(arguments, bad=bad))

    assert re.search(r"control character U\+|There is no argument", text)
    assert not re.search(r"[\x00-\x08\x1b\x85]", text)


async def test_a_control_character_in_a_name_is_refused(refused: Refused) -> None:
    for tool, arguments in (
        ("list_items", {"project": NUL}),
        ("plan_sprint", {"project": "SHOP", "goal": SURROGATE}),
        ("start_sprint", {"sprint": SURROGATE}),
        ("commit_plan", {"plan_id": NUL}),
        ("get_status", {"project": SURROGATE}),
    ):
        assert "control character" in await refused(tool, **arguments)


async def test_an_unknown_argument_is_refused_with_the_known_ones(refused: Refused, shop: str) -> None:
    text = await refused("plan_sprint", project=shop, must_includes=[])

    assert "There is no argument 'must_includes'. Did you mean 'must_include'?" in text
    assert "target_confidence" in text


async def test_a_huge_name_is_told_in_short(refused: Refused, shop: str) -> None:
    for tool, arguments in (
        ("list_items", {"project": shop, HUGE: 1}),
        ("list_items", {"project": shop, "where": {HUGE: 1}}),
        ("list_items", {"project": shop, "where": {"keys": {HUGE: NUL}}}),
        ("start_sprint", {"sprint": HUGE}),
        ("start_sprint", {"sprint": "current", "project": HUGE}),
        ("get_status", {"project": HUGE}),
        ("commit_plan", {"plan_id": HUGE}),
        ("explain_decision", {"sprint": HUGE, "project": shop}),
        ("plan_sprint", {"project": shop, "must_include": [HUGE], "exclude": [HUGE]}),
        ("update_items", {"project": shop, "changes": [{"item": HUGE}, {"item": HUGE}]}),
        ("set_team", {"project": shop, "remove": [HUGE] * 10}),
    ):
        await refused(tool, **arguments)


async def test_a_missing_argument_is_named(refused: Refused) -> None:
    assert "items: is required" in await refused("add_items", project="SHOP")


async def test_null_for_an_optional_argument_counts_as_left_out(ana: Agent, own: str) -> None:
    listed = await ana.client.list_tools()
    plan = next(tool for tool in listed.tools if tool.name == "plan_sprint")
    optional = set(plan.input_schema["properties"]) - set(plan.input_schema["required"])

    with_nulls = await ana.call("plan_sprint", project=own, **dict.fromkeys(optional))

    assert with_nulls["plan_id"] == (await ana.call("plan_sprint", project=own))["plan_id"]


async def test_null_in_an_optional_field_of_an_entry_counts_as_left_out(ana: Agent, own: str) -> None:
    bare = dict.fromkeys(
        ("description", "type", "points", "priority", "labels", "skills", "depends_on", "assignee", "due")
    )

    added = await ana.call("add_items", project=own, items=[{"title": "A", **bare}])

    assert len(added["items"]) == 1


async def test_a_number_in_a_string_is_understood(ana: Agent, own: str) -> None:
    added = await ana.call("add_items", project=own, items=[{"title": "A", "points": "5"}])

    key = added["items"][0]["item"]
    listed = await ana.call("list_items", project=own, where={"keys": [key]}, limit="10")
    assert listed["items"][0]["points"] == 5


async def test_json_in_a_string_is_taken_or_refused_but_never_stored_as_text(
    ana: Agent, refused: Refused, own: str
) -> None:
    result = await ana.answer("add_items", project=own, items='[{"title": "A", "points": 2}]')

    if result.is_error:
        assert "items: should be a valid list" in await refused("add_items", project=own, items="[]x")
    listed = await ana.call("list_items", project=own)
    assert listed["total"] == 3 + (not result.is_error)


async def test_a_bad_time_of_the_caller_is_refused_where_time_is_virtual(ana: Agent) -> None:
    result = await ana.client.call_tool("get_status", {}, meta=at("noon"))

    assert result.is_error
    assert "_meta scrum-mcp/now is 'noon'; it must be an ISO 8601 time with its offset" in str(result.content)


async def test_lower_case_ids_are_understood(ana: Agent, own: str) -> None:
    await ana.call("setup_project", project="SECOND", name="So that there are several")
    plan = await ana.call("plan_sprint", project=own.lower(), must_include=[f"{own}-1".lower()])
    await ana.call("commit_plan", plan_id=plan["plan_id"].lower(), confirm=True)

    started = await ana.call("start_sprint", sprint=f"{own}-s1".lower())

    assert started["sprint"] == f"{own}-S1"


async def test_a_time_at_the_end_of_the_calendar_is_refused(ana: Agent) -> None:
    late = ana.at(datetime(9999, 12, 30, tzinfo=UTC))

    assert "from 1970 to 9000" in await late.refused("get_status")
