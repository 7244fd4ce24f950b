"""Bad items and changes get an error that a model can act on, and change nothing."""

import re
from typing import Any

import pytest

from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.conftest import HUGE, Refused, filled, items


@requirement("bulk.all-or-nothing", "input.refused")
@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"title": ""}, r"items #2: title is empty"),
        ({"title": " \n "}, r"items #2: title is empty"),
        ({"title": "\u200b\u202e"}, r"items #2: title is empty"),
        ({"title": HUGE}, r"items #2: title is 1000000 characters long; the limit is 300"),
        ({"title": "A", "description": HUGE}, r"description is 1000000 characters long; the limit is 40000"),
        ({"title": "A", "points": -1}, r"points: .*greater than or equal to 0.*you gave -1"),
        ({"title": "A", "points": 1_001}, r"points: .*less than or equal to 1000"),
        ({"title": "A", "points": 10**30}, r"points: .*less than or equal to 1000"),
        ({"title": "A", "points": 2.5}, r"points: .*integer.*you gave 2.5"),
        ({"title": "A", "points": True}, r"points: must be a number, not true or false; you gave True"),
        ({"title": "A", "points": "many"}, r"points: .*integer.*you gave 'many'"),
        ({"title": "A", "points": [3]}, r"points: .*integer"),
        ({"title": 7}, r"title: should be a valid string; you gave 7"),
        ({"title": "A", "type": "epic"}, r"type: .*'story'.*you gave 'epic'"),
        ({"title": "A", "priority": 1}, r"priority: .*'highest'"),
        ({"title": "A", "due": "tomorrow"}, r"due: must be a day like 2026-03-31"),
        ({"title": "A", "due": "2026-02-30"}, r"due: must be a day like"),
        ({"title": "A", "due": 20260331}, r"due: must be a day like"),
        ({"title": "A", "labels": "red"}, r"labels: should be a valid list"),
        ({"title": "A", "labels": [str(n) for n in range(31)]}, r"31 labels are too many; the limit is 30"),
        ({"title": "A", "skills": [str(n) for n in range(31)]}, r"31 skills are too many; the limit is 30"),
        ({"title": "A", "assignee": "Zoe"}, r"Nobody on the team is called 'Zoe'.*Ana, Bo.*set_team"),
        ({"title": "A", "assignee": "anna"}, r"Did you mean 'Ana'"),
        ({"title": "A", "depends_on": ["#9"]}, r"depends_on names '#9'; this call has items #1 to #2"),
        ({"title": "A", "depends_on": ["#0"]}, r"depends_on names '#0'"),
        ({"title": "A", "depends_on": ["#" + "9" * 5_000]}, r"depends_on names '#9"),
        ({"title": "A", "depends_on": ["#²"]}, r"depends_on names '#²'"),
        ({"title": "A", "depends_on": ["{shop}-99"]}, r"has no item '\w+-99'.*list_items"),
        ({"title": "A", "depends_on": ["#2"]}, r"cycle: (\w+-5) -> \1"),
        ({"title": "A", "colour": "red"}, r"items\[1\].colour: is no field here"),
        ({}, r"items\[1\].title: is required"),
        ("a title", r"items\[1\]: .*you gave 'a title'"),
        (None, r"items\[1\]: "),
    ],
)
async def test_a_bad_item_is_refused_with_its_place_and_what_was_expected(
    refused: Refused, shop: str, entry: Any, expected: str
) -> None:
    text = await refused("add_items", project=shop, items=[{"title": "Good"}, filled(entry, shop=shop)])

    assert re.search(expected, text)
    assert text.endswith("Nothing was changed.")


@requirement("bulk.all-or-nothing")
async def test_every_bad_entry_of_a_bulk_call_is_named(refused: Refused, shop: str) -> None:
    bad = [{"title": ""}, {"title": "A"}, {"title": HUGE}, {"title": "B", "assignee": "Zoe"}]

    text = await refused("add_items", project=shop, items=bad)

    assert text.startswith("3 of 4 items cannot be taken:")
    assert [int(n) for n in re.findall(r"items #(\d)", text)] == [1, 3, 4]


async def test_hundreds_of_bad_entries_are_told_in_short(refused: Refused, shop: str) -> None:
    text = await refused("add_items", project=shop, items=[{"title": " "}] * 200)

    assert "and 180 more" in text


async def test_a_thousand_items_at_once_are_too_many(refused: Refused, shop: str) -> None:
    text = await refused("add_items", project=shop, items=items(*[1] * 1_000))

    assert "1000 items are too many for one call; the limit is 200" in text


@pytest.mark.parametrize("tool", ["add_items", "update_items"])
async def test_an_empty_bulk_call_is_refused(refused: Refused, shop: str, tool: str) -> None:
    field = "items" if tool == "add_items" else "changes"

    assert f"{field} is empty" in await refused(tool, project=shop, **{field: []})


async def test_a_cycle_by_position_in_the_call_is_refused(refused: Refused, shop: str) -> None:
    entries = [{"title": "A", "depends_on": ["#2"]}, {"title": "B", "depends_on": ["#1"]}]

    assert f"cycle: {shop}-4 -> {shop}-5 -> {shop}-4" in await refused(
        "add_items", project=shop, items=entries
    )


async def test_a_cycle_by_key_within_one_update_is_refused(refused: Refused, shop: str) -> None:
    changes = [
        {"item": f"{shop}-1", "depends_on": [f"{shop}-2"]},
        {"item": f"{shop}-2", "depends_on": [f"{shop}-1"]},
    ]

    assert "The dependencies form a cycle" in await refused("update_items", project=shop, changes=changes)


@requirement("backlog.acyclic")
async def test_a_cycle_through_updates_one_after_the_other_is_refused(
    ana: Agent, refused: Refused, own: str
) -> None:
    for item, needed in ((1, 2), (2, 3)):
        change = {"item": f"{own}-{item}", "depends_on": [f"{own}-{needed}"]}
        await ana.call("update_items", project=own, changes=[change])

    text = await refused(
        "update_items", project=own, changes=[{"item": f"{own}-3", "depends_on": [f"{own}-1"]}]
    )

    assert f"{own}-1 -> {own}-2 -> {own}-3 -> {own}-1" in text


@requirement("bulk.all-or-nothing")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"item": "{shop}-99"}, r"has no item '\w+-99'"),
        ({"item": "OTHER-1"}, r"has no item 'OTHER-1'"),
        ({"item": "{shop}-1", "rank": 0}, r"rank: .*greater than or equal to 1"),
        ({"item": "{shop}-1", "rank": 4}, r"rank of \w+-1 is 4; it must be from 1 \(first\) to 3"),
        ({"item": "{shop}-1", "rank": 10**30}, r"rank of \w+-1 is 10{30}"),
        ({"item": "{shop}-1", "status": "gone"}, r"status: .*'todo'.*you gave 'gone'"),
        ({"item": "{shop}-1", "status": "done", "blocked": True}, r"closed cannot be blocked"),
        ({"item": "{shop}-1", "status": "done", "rank": 1}, r"only open items have a rank"),
        ({"item": "{shop}-1", "clear": ["title"]}, r"clear\[0\]: .*'points'"),
        ({"item": "{shop}-1", "title": " "}, r"title is empty"),
        ({"item": "{shop}-1", "points": -3}, r"points: "),
        ({"item": "{shop}-1", "reason": "y" * 301}, r"reason is 301 characters long; the limit is 300"),
        ({"item": "{shop}-2", "points": 1}, r"stands in two changes of this call"),
        ({"points": 1}, r"changes\[1\].item: is required"),
    ],
)
async def test_a_bad_change_is_refused_and_the_good_one_beside_it_too(
    refused: Refused, shop: str, change: dict[str, Any], expected: str
) -> None:
    good = {"item": f"{shop}-2", "points": 13, "description": "new", "rank": 1}

    assert re.search(
        expected, await refused("update_items", project=shop, changes=[good, filled(change, shop=shop)])
    )
