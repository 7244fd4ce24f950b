"""set_ceremonies: a policy is chosen between sprints, answered with origins, and refused with its path."""

import re
from typing import Any

import pytest

from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.ceremonial import FIVE, a_sprint
from tests.tools.conftest import Refused, a_project
from tests.tools.database import dump


@requirement("ceremonies.origin")
async def test_a_policy_is_answered_with_the_origin_of_each_value(ana: Agent) -> None:
    key = await a_project(ana)

    answer = await ana.call(
        "set_ceremonies",
        project=key,
        template="dev_shop",
        policy={"sprint": {"duration_days": 7}, "ceremonies": {"daily_scrum": {"time_of_day": "8:15"}}},
    )

    rules = {one["name"]: one for one in [answer["sprint"], *answer["ceremonies"]]}
    assert answer["applied"]
    assert rules["sprint"]["values"]["duration_days"] == 7
    assert rules["sprint"]["origins"]["duration_days"] == "project"
    assert rules["daily_scrum"]["values"]["time_of_day"] == "08:15"
    assert rules["daily_scrum"]["origins"]["time_of_day"] == "project, daily_scrum"
    assert rules["daily_scrum"]["origins"]["also_trigger_every_n"] == "template dev_shop, daily_scrum"
    assert "frequency" not in rules["daily_scrum"]["origins"]
    assert "template: product_team becomes dev_shop" in answer["changes"]


async def test_a_value_is_taken_back_with_null(ana: Agent) -> None:
    key = await a_project(ana)
    await ana.call("set_ceremonies", project=key, policy={"sprint": {"duration_days": 7}})

    answer = await ana.call("set_ceremonies", project=key, policy={"sprint": {"duration_days": None}})

    assert answer["sprint"]["values"]["duration_days"] == 14
    assert answer["changes"] == ["sprint.duration_days: 7 becomes 14"]


async def test_a_change_is_answered_with_what_is_not_as_by_default_or_was_asked_for(ana: Agent) -> None:
    key = await a_project(ana, cadence="startup")

    answer = await ana.call(
        "set_ceremonies",
        project=key,
        policy={"ceremonies": {"retrospective": {"gate": True, "enabled": True}}},
    )
    text = told(await ana.answer("set_ceremonies", project=key, policy={"sprint": {"time_scale": 2}}))
    every = await ana.call("set_ceremonies", project=key)

    rules = {one["name"]: one for one in answer["ceremonies"]}
    assert all(rule["origins"] for rule in answer["ceremonies"])
    assert {"gate", "enabled"} <= set(rules["retrospective"]["values"])
    assert "timeout_hours" not in rules["retrospective"]["values"]
    assert "tells every key" in text
    assert len(text) < 1_000
    assert [one["name"] for one in every["ceremonies"]] == FIVE
    assert "others" not in every
    assert "timeout_hours" in every["ceremonies"][-1]["values"]


async def test_no_change_is_told_of_a_key_that_a_ceremony_does_not_go_by(ana: Agent) -> None:
    key = await a_project(ana, cadence="startup")

    answer = await ana.call("set_ceremonies", project=key, policy={"sprint": {"every_n_completions": 3}})
    every = await ana.call("set_ceremonies", project=key)

    told_of = {path.split(".")[1] for path in answer["changes"] if path.startswith("ceremonies.")}
    using = {
        one["name"] for one in every["ceremonies"] if one["values"].get("trigger") == "every_n_completions"
    }
    assert told_of == using
    assert "sprint_planning" not in using


@requirement("ceremonies.dry-run")
async def test_a_dry_run_of_a_policy_says_what_would_change_and_stores_nothing(
    ana: Agent, module_database: str
) -> None:
    key = await a_project(ana)
    before = await dump(module_database)

    answer = await ana.call("set_ceremonies", project=key, template="consultancy", dry_run=True)

    assert await dump(module_database) == before
    assert not answer["applied"]
    assert any("calendar instead of hybrid" in sentence for sentence in answer["restarts"])


async def test_a_dry_run_while_a_sprint_runs_says_that_the_policy_is_locked(ana: Agent) -> None:
    key = await a_sprint(ana)

    answer = await ana.call("set_ceremonies", project=key, template="consultancy", dry_run=True)

    assert answer["locked_by"] == f"{key}-S1"
    assert "close_sprint" in answer["next"]


@requirement("ceremonies.locked")
async def test_a_sprint_keeps_the_policy_with_which_it_started(ana: Agent, refused: Refused) -> None:
    key = await a_sprint(ana)

    text = await refused("set_ceremonies", project=key, policy={"sprint": {"every_n_completions": 1}})

    assert f"locked while {key}-S1 runs" in text


@requirement("ceremonies.origin")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"policy": {"sprint": {"strategi": "calendar"}}}, r"^sprint\.strategi: there is no such key"),
        (
            {"policy": {"ceremonies": {"daily_scrum": {"debounce": True}}}},
            r"^ceremonies\.daily_scrum\.debounce: true is true or false; it must be",
        ),
        ({"policy": {"ceremonies": {"daily_scum": {}}}}, r"^ceremonies\.daily_scum: did you mean"),
        ({"policy": {"sprint": {"time_scale": 0}}}, r"^sprint\.time_scale: it is 0"),
        ({"policy": {"speed": 1}}, r"^speed: there is no such key"),
        ({"policy": {"ceremonies": {"daily_scrum": {"frequency": "FREQ=YEARLY"}}}}, r"frequency"),
        ({"policy": "calendar"}, r"^policy: .*dictionary"),
        ({"policy": {"a\x00": 1}}, r"control character"),
        ({"template": "team"}, r"^template: .*'product_team'"),
    ],
)
async def test_a_policy_that_cannot_be_is_refused_with_its_path(
    refused: Refused, shop: str, arguments: dict[str, Any], expected: str
) -> None:
    assert re.search(expected, await refused("set_ceremonies", project=shop, **arguments))


async def test_a_policy_that_is_nested_without_end_is_refused(refused: Refused, shop: str) -> None:
    deep: dict[str, Any] = {}
    for _ in range(200):
        deep = {"sprint": deep}

    assert "levels deep" in await refused("set_ceremonies", project=shop, policy=deep)
