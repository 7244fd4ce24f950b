"""list_strategies and set_strategy."""

from typing import Any

import pytest
from pydantic import SecretStr

from scrum.strategies.conditions import NAMES
from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_storage.embedded.servers import Servers
from tests.requirements import requirement
from tests.tools.agent import Agent, agent
from tests.tools.conftest import Refused, a_project, settings_for
from tests.tools.database import rows
from tests.tools.test_learning import after_84_percent, step, strategy

HOLIDAYS: dict[str, Any] = {"name": "holidays", "when": "days_away > 2", "effect": "buffer 20%"}


async def test_a_project_begins_with_one_rule_that_is_followed_and_two_that_are_watched(ana: Agent) -> None:
    key = await a_project(ana)

    listed = await ana.call("list_strategies", project=key)

    assert [(one["name"], one["status"]) for one in listed["strategies"]] == [
        ("reserve_unplanned", "candidate"),
        ("scale_by_availability", "active"),
        ("velocity_buffer", "candidate"),
    ]
    assert {one["confidence"]["n"] for one in listed["strategies"]} == {0}
    assert not any(one["under_test"] for one in listed["strategies"])


async def test_a_proposed_rule_is_a_candidate_and_says_who_proposed_it(ana: Agent) -> None:
    key = await a_project(ana)

    made = await ana.call("set_strategy", project=key, **HOLIDAYS)

    found = await strategy(ana, key, "holidays")
    assert made["strategy"]["name"] == "holidays"
    assert (found["when"], found["effect"], found["status"]) == ("days_away > 2", "buffer 0.2", "candidate")
    assert (found["version"], found["origin"]) == (1, "by local")


async def test_a_rule_that_past_sprints_speak_for_says_at_once_that_it_is_under_test(
    ana: Agent, module_database: str
) -> None:
    key = await after_84_percent(ana, module_database, applied=True)
    await ana.call("set_strategy", project=key, name="velocity_buffer", status="retired")

    made = await ana.call("set_strategy", project=key, name="careful", effect="buffer 15%")

    assert (made["strategy"]["under_test"], made["strategy"]["watched"]["n"]) == (True, 1)


_PROPOSED = """SELECT type, actor, data->>'origin' AS origin FROM memory.outbox
WHERE aggregate = $1 AND type = 'StrategyProposed' ORDER BY seq"""


async def test_somebody_asks_for_a_rule_that_is_only_watched_by_giving_the_status_that_it_has(
    ana: Agent, module_database: str
) -> None:
    key = await a_project(ana)

    made = await ana.call("set_strategy", project=key, name="velocity_buffer", status="candidate")
    await ana.call("set_strategy", project=key, name="velocity_buffer", status="candidate")

    told = await rows(module_database, _PROPOSED, f"{key}/velocity_buffer")
    assert (made["strategy"]["origin"], made["strategy"]["version"]) == ("by local", 1)
    assert [(one["actor"], one["origin"]) for one in told] == [("local", "by local")]


async def test_what_somebody_follows_is_theirs(ana: Agent) -> None:
    key = await a_project(ana)

    made = await ana.call("set_strategy", project=key, name="velocity_buffer", status="active")

    assert made["strategy"]["origin"] == "by local"


async def test_strategies_are_listed_by_status(ana: Agent) -> None:
    key = await a_project(ana)
    await ana.call("set_strategy", project=key, **HOLIDAYS, status="retired")

    listed = await ana.call("list_strategies", project=key, status="retired")

    assert [one["name"] for one in listed["strategies"]] == ["holidays"]


async def test_another_rule_is_another_version_and_a_candidate_again(ana: Agent) -> None:
    key = await a_project(ana)
    await ana.call("set_strategy", project=key, **HOLIDAYS, status="active")

    await ana.call("set_strategy", project=key, name="holidays", effect="buffer 0.3")

    found = await strategy(ana, key, "holidays")
    assert (found["version"], found["status"], found["when"]) == (2, "candidate", "days_away > 2")


async def test_an_active_rule_changes_plans_only_where_its_condition_holds(ana: Agent) -> None:
    key = await a_project(ana, (3, 3, 3, 3))
    await ana.call(
        "set_strategy",
        project=key,
        name="small_teams",
        when="team_size < 3",
        effect="buffer 0.2",
        status="active",
    )
    await ana.call(
        "set_strategy",
        project=key,
        name="large_teams",
        when="team_size >= 3",
        effect="buffer 0.2",
        status="active",
    )

    plan = await ana.call("plan_sprint", project=key)

    assert step(plan, "small_teams")["arm"] == "applied"
    assert plan["commitment"] == int(plan["base_commitment"] * 0.8)
    assert "large_teams" not in [one["strategy"] for one in plan["strategies"]]


async def test_a_rule_may_leave_out_items_and_says_so_beside_each(ana: Agent) -> None:
    key = await a_project(ana, (8, 3, 1, None))
    await ana.call("set_strategy", project=key, name="small_items", effect="cap 5", status="active")
    await ana.call(
        "set_strategy", project=key, name="estimated", effect="leave_out_unestimated", status="active"
    )

    plan = await ana.call("plan_sprint", project=key, allow=["unestimated"])

    out = {one["item"]: one["why"] for one in plan["left_out"]}
    assert out[f"{key}-1"] == "left out by small_items (cap 5)"
    assert out[f"{key}-4"] == "left out by estimated (leave_out_unestimated)"
    kept = await ana.call("plan_sprint", project=key, must_include=[f"{key}-1"])
    assert f"{key}-1" in [one["item"] for one in kept["selected"]]


async def test_the_sprint_is_the_plan_with_its_strategies_whatever_they_become_later(ana: Agent) -> None:
    key = await a_project(ana, (3, 3, 3, 3))
    await ana.call("set_strategy", project=key, name="careful", effect="buffer 0.3", status="active")
    plan = await ana.call("plan_sprint", project=key)

    sprint = await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)
    await ana.call("set_strategy", project=key, name="careful", status="retired")
    other = await ana.call("explain_decision", plan=plan["plan_id"])

    assert sprint["planned_points"] == plan["points"]
    assert other["plan"]["strategies"] == plan["strategies"]


@requirement("strategies.drift")
@requirement("plan.drift")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "careful", "status": "retired"}, "strategy careful: v1 followed -> not followed"),
        ({"name": "careful", "effect": "buffer 0.2"}, "strategy careful: v1 followed -> not followed"),
        (
            {"name": "careful", "effect": "buffer 0.2", "status": "active"},
            "strategy careful: v1 followed -> v2 followed",
        ),
        (
            {"name": "new", "effect": "buffer 0.2", "status": "active"},
            "strategy new: not followed -> v1 followed",
        ),
    ],
)
async def test_a_plan_whose_strategies_changed_is_not_committed_and_says_which(
    ana: Agent, change: dict[str, Any], told: str
) -> None:
    key = await a_project(ana, (3, 3, 3, 3))
    await ana.call("set_strategy", project=key, name="careful", effect="buffer 0.3", status="active")
    plan = await ana.call("plan_sprint", project=key)

    await ana.call("set_strategy", project=key, **change)

    assert f"- {told}\n" in await ana.refused("commit_plan", plan_id=plan["plan_id"], confirm=True)


async def test_a_strategy_that_would_not_matter_to_a_plan_keeps_it_from_nothing(ana: Agent) -> None:
    key = await a_project(ana, (3, 3, 3, 3))
    plan = await ana.call("plan_sprint", project=key)

    await ana.call("set_strategy", project=key, name="watched", effect="buffer 0.3")
    await ana.call("set_strategy", project=key, **{**HOLIDAYS, "when": "days_away > 99"}, status="active")

    sprint = await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)
    assert sprint["planned_points"] == plan["points"]


async def test_another_strategy_makes_another_plan(ana: Agent) -> None:
    key = await a_project(ana, (3, 3, 3, 3))
    before = await ana.call("plan_sprint", project=key)
    assert (await ana.call("plan_sprint", project=key))["plan_id"] == before["plan_id"]

    await ana.call("set_strategy", project=key, name="never", when="days_away > 99", effect="buffer 0.3")
    assert (await ana.call("plan_sprint", project=key))["plan_id"] == before["plan_id"]
    await ana.call("set_strategy", project=key, name="careful", effect="buffer 0.3", status="active")
    assert (await ana.call("plan_sprint", project=key))["plan_id"] != before["plan_id"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            {**HOLIDAYS, "when": "dayz_away > 2"},
            "at position 1, 'dayz_away' is no name of a figure. Did you mean 'days_away'?",
        ),
        ({**HOLIDAYS, "when": "days_away >"}, "at position 12 it stops being a condition"),
        ({**HOLIDAYS, "when": "days_away"}, "it is a number"),
        ({**HOLIDAYS, "effect": "explode"}, "there is no such effect"),
        ({**HOLIDAYS, "effect": "availability"}, "absences are counted already"),
        ({**HOLIDAYS, "name": "Holi days"}, "Use small letters, digits and underscores"),
        ({"name": "holidays"}, "Nothing is set for 'holidays'"),
        ({"name": "holydays", "status": "active"}, "has no strategy 'holydays'"),
        ({"name": "scale_by_availability", "status": "retired"}, "stays as it is"),
        ({"name": "velocity_bufer", "status": "active"}, "Did you mean 'velocity_buffer'?"),
    ],
)
async def test_a_bad_rule_is_refused_and_changes_nothing(
    ana: Agent, refused: Refused, arguments: dict[str, Any], expected: str
) -> None:
    key = await a_project(ana)

    assert expected in await refused("set_strategy", project=key, **arguments)


async def test_a_bad_condition_is_told_all_names(ana: Agent, refused: Refused) -> None:
    error = await refused(
        "set_strategy", project=await a_project(ana), **{**HOLIDAYS, "when": "holidays > 2"}
    )

    assert all(name in error for name in NAMES)


async def test_unknown_projects_are_named(refused: Refused) -> None:
    assert "There is no project 'NONE'" in await refused("list_strategies", project="NONE")
    assert "There is no project 'NONE'" in await refused("set_strategy", project="NONE", **HOLIDAYS)


@requirement("strategies.away")
async def test_with_memory_away_absences_still_count_and_the_plan_says_what_is_missing(
    servers: Servers, module_database: str
) -> None:
    away = SecretStr("postgresql://nobody@127.0.0.1:1/none")
    settings = settings_for(servers, module_database, memory_database_url=away)
    async with agent(build(settings, ServerRuntime(settings))) as bo:
        key = await a_project(bo, (3, 5))
        absent = [{"member": "Bo", "start": "2026-03-02", "end": "2026-03-15"}]
        await bo.call("set_team", project=key, absences=absent)
        plan = await bo.call("plan_sprint", project=key)
        error = await bo.refused("list_strategies", project=key)
        sprint = await bo.call("commit_plan", plan_id=plan["plan_id"], confirm=True)

    scaled = step(plan, "scale_by_availability")
    assert (scaled["arm"], scaled["after"]) == ("applied", plan["commitment"])
    assert sprint["planned_points"] == plan["points"]
    assert "What was learned is not in it: " in plan["reasoning"]
    assert "PostgreSQL at 127.0.0.1/none cannot be reached" in error
