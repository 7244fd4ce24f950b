"""Bad names and settings get an error that a model can act on, and change nothing."""

import re
from typing import Any

import pytest

from tests.requirements import requirement
from tests.tools.conftest import HUGE, Refused, filled


@requirement("input.refused")
@pytest.mark.usefixtures("shop", "planned")  # several projects
@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("set_team", {"project": "NONE"}, r"There is no project 'NONE'.*Call setup_project"),
        ("add_items", {"project": "NONE", "items": [{"title": "A"}]}, r"There is no project 'NONE'"),
        ("list_items", {"project": "NONE"}, r"There is no project 'NONE'"),
        ("plan_sprint", {"project": "NONE"}, r"There is no project 'NONE'"),
        ("get_velocity", {"project": "NONE"}, r"There is no project 'NONE'"),
        ("get_status", {"project": "NONE"}, r"There is no project 'NONE'"),
        ("start_sprint", {"sprint": "NONE-S1"}, r"There is no project 'NONE'"),
        ("get_sprint", {"project": "NONE"}, r"There is no project 'NONE'"),
        ("commit_plan", {"plan_id": "PLAN-NONE"}, r"There is no plan 'PLAN-NONE'.*Call plan_sprint"),
        ("explain_decision", {"plan": "PLAN-NONE"}, r"There is no plan 'PLAN-NONE'.*Call plan_sprint"),
        ("explain_decision", {}, r"Give plan .* or sprint"),
        ("explain_decision", {"plan": "PLAN-A", "sprint": "current"}, r"one of them"),
        ("start_sprint", {"sprint": "current"}, r"needs a project: give project, one of"),
    ],
)
async def test_an_unknown_name_is_refused_with_what_to_call(
    refused: Refused, tool: str, arguments: dict[str, Any], expected: str
) -> None:
    assert re.search(expected, await refused(tool, **arguments))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"sprint": "{shop}-S9", "action": "cancel"}, r"has no sprint '\w+-S9'.*plan_sprint"),
        ({"sprint": "current", "action": "add", "items": ["{shop}-1"]}, r"has no sprint that is running"),
        ({"sprint": "current", "action": "explode"}, r"action: .*'add'.*you gave 'explode'"),
    ],
)
async def test_a_sprint_that_is_not_there_cannot_be_changed(
    refused: Refused, shop: str, arguments: dict[str, Any], expected: str
) -> None:
    text = await refused("change_sprint", project=shop, **filled(arguments, shop=shop))

    assert re.search(expected, text)


@requirement("input.refused")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"timezone": "Mars/Olympus"}, r"There is no time zone 'Mars/Olympus'.*Europe/Berlin"),
        ({"timezone": "../../etc/passwd"}, r"There is no time zone"),
        ({"timezone": "Europe/Belrin"}, r"Did you mean 'Europe/Berlin'"),
        ({"timezone": ""}, r"There is no time zone ''"),
        ({"country": "XX"}, r"No holidays are known for 'XX'.*DE-BY"),
        ({"country": "DE-ZZ"}, r"No holidays are known for 'DE-ZZ'"),
        ({"country": "deutschland" * 50}, r"No holidays are known for"),
        ({"sprint_days": 0}, r"sprint_days is 0; it must be from 1 to 90"),
        ({"sprint_days": -14}, r"sprint_days is -14"),
        ({"sprint_days": 10**30}, r"it must be from 1 to 90"),
        ({"sprint_days": 1.5}, r"sprint_days: .*integer"),
        ({"sprint_days": True}, r"sprint_days: must be a number, not true or false"),
        ({"focus_factor": 0}, r"focus_factor is 0.*0.1 to 1"),
        ({"focus_factor": True}, r"focus_factor: must be a number"),
        ({"target_confidence": 1}, r"target_confidence is 1.*0.05 to 0.95"),
        ({"workdays": []}, r"workdays .*must name at least one of mon, tue"),
        ({"workdays": ["mon", "funday"]}, r"workdays .*must name"),
        ({"days_off": ["2026-13-01"]}, r"days_off\[0\]: must be a day like"),
        ({"days_off": [f"{year}-01-01" for year in range(1000, 9000)]}, r"8000 days_off are too many"),
        ({"cadence": "chaos"}, r"cadence: .*'product_team'"),
        ({"autonomy": "full"}, r"autonomy: .*'suggest', 'confirm' or 'autonomous'"),
        ({"name": ""}, r"name is empty"),
        ({"name": "n" * 121}, r"name is 121 characters long; the limit is 120"),
    ],
)
async def test_a_bad_setting_is_refused(
    refused: Refused, shop: str, arguments: dict[str, Any], expected: str
) -> None:
    assert re.search(expected, await refused("setup_project", project=shop, **arguments))


@pytest.mark.parametrize("key", ["", "S", "1SHOP", "SH OP", "SHÖP", "S" * 21, "SHOP-1", "shop/../x", HUGE])
async def test_a_bad_project_key_is_refused(refused: Refused, key: str) -> None:
    assert "A key is 2 to 20 characters" in await refused("setup_project", project=key)


@requirement("input.refused")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"members": [{"name": ""}]}, r"name of a member is empty"),
        ({"members": [{"name": "Cy", "hours_per_day": 25}]}, r"hours_per_day: .*less than or equal to 24"),
        ({"members": [{"name": "Cy", "hours_per_day": 0}]}, r"hours_per_day: .*greater than 0"),
        ({"members": [{"name": "Cy"}, {"name": "cy"}]}, r"'cy' is named twice"),
        (
            {"members": [{"name": f"M{n}"} for n in range(201)]},
            r"20\d members are too many; the limit is 200",
        ),
        ({"remove": ["Zoe"]}, r"Nobody on the team is called 'Zoe'"),
        ({"absences": [{"member": "Zoe"}]}, r"Nobody on the team is called 'Zoe'"),
        (
            {"absences": [{"member": "Ana", "start": "2026-03-10", "end": "2026-03-09"}]},
            r"The absence of 'Ana' ends 2026-03-09, before it starts 2026-03-10",
        ),
        (
            {"absences": [{"member": "Ana", "start": "2026-01-01", "end": "9999-12-31"}]},
            r"longer than 366 days",
        ),
        ({"absences": [{"member": "Ana", "half_day": "perhaps"}]}, r"half_day: .*valid boolean"),
        ({"mode": "add"}, r"mode: .*'merge' or 'replace'"),
    ],
)
async def test_a_bad_team_is_refused(
    refused: Refused, shop: str, arguments: dict[str, Any], expected: str
) -> None:
    assert re.search(expected, await refused("set_team", project=shop, **arguments))


@requirement("input.refused")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"start": "2026-02-27"}, r"start is 2026-02-27, before today \(2026-03-02\)"),
        ({"start": "9999-12-31"}, r"start is 9999-12-31, more than a year ahead\. Give a day from today"),
        ({"start": "2026-03-07", "days": 2}, r"there is no working day"),
        ({"days": 0}, r"days is 0; it must be from 1 to 90"),
        ({"days": 10**30}, r"it must be from 1 to 90"),
        ({"target_confidence": 0}, r"target_confidence is 0.*0.05 to 0.95"),
        ({"max_points": 0}, r"max_points is 0"),
        ({"must_include": ["{shop}-99"]}, r"no item '\w+-99'"),
        ({"must_include": ["{shop}-1"], "exclude": ["{shop}-1"]}, r"stands in must_include and in exclude"),
        ({"goal": "g" * 501}, r"goal is 501 characters long; the limit is 500"),
        ({"exclude": ["{shop}-1", "{shop}-2", "{shop}-3"]}, r"No item of \w+ can go into a sprint"),
        ({"allow": ["everything"]}, r"allow\[0\]: .*'unestimated' or 'blocked'"),
    ],
)
async def test_a_plan_that_cannot_be_is_refused(
    refused: Refused, shop: str, arguments: dict[str, Any], expected: str
) -> None:
    assert re.search(expected, await refused("plan_sprint", project=shop, **filled(arguments, shop=shop)))


@requirement("input.refused")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"limit": 0}, r"limit: .*greater than or equal to 1"),
        ({"limit": 101}, r"limit: .*less than or equal to 100"),
        ({"cursor": "next"}, r"cursor is 'next'; use the next_cursor"),
        ({"cursor": "9" * 19}, r"cursor is '9"),
        ({"where": {"sprint": "current"}}, r"has no sprint that is running"),
        ({"where": {"owner": "ana"}}, r"where.owner: is no field here"),
        ({"where": {"status": "todo"}}, r"where.status: should be a valid list"),
        ({"where": "open"}, r"where: .*you gave 'open'"),
    ],
)
async def test_a_bad_filter_is_refused(
    refused: Refused, shop: str, arguments: dict[str, Any], expected: str
) -> None:
    assert re.search(expected, await refused("list_items", project=shop, **arguments))


@requirement("input.refused")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"action": "add"}, r"action add needs items"),
        ({"action": "remove"}, r"action remove needs items"),
        ({"action": "extend"}, r"action extend needs days"),
        ({"action": "goal"}, r"action goal needs goal"),
        ({"action": "goal", "goal": "g" * 501}, r"goal is 501 characters long"),
        ({"action": "extend", "days": 360}, r"longer than 366 days"),
        ({"action": "extend", "days": -30}, r"ends .* before it starts"),
        ({"action": "extend", "days": 10**9}, r"days is 1000000000; it must be from -366 to 366"),
        ({"action": "extend", "days": -(10**30)}, r"it must be from -366 to 366"),
        ({"action": "add", "items": ["{shop}-1"]}, r"is in \w+-S1 already"),
        ({"action": "add", "items": ["{shop}-99"]}, r"has no item '\w+-99'"),
        ({"action": "remove", "items": ["{shop}-99"]}, r"has no item '\w+-99'"),
        ({"action": "retrospective"}, r"is planned; this needs in_review. Call start_sprint"),
    ],
)
async def test_a_bad_change_of_a_sprint_is_refused(
    refused: Refused, planned: str, arguments: dict[str, Any], expected: str
) -> None:
    text = await refused("change_sprint", project=planned, sprint="next", **filled(arguments, shop=planned))

    assert re.search(expected, text)
