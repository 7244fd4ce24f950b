"""The worked examples of the product's design that need a memory, through the real tools."""

import json
from datetime import timedelta
from typing import Any

from scrum.memory.following import following
from scrum.strategies.applying import heads
from scrum.strategies.learning import learn
from scrum.strategies.model import Strategy, built_in
from scrum_storage.store import MEMORY, open_store
from tests.builders import MONDAY
from tests.listener import published
from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.database import rows
from tests.tools.test_worked_examples import LATER, a_team_of_five, played

AFTER = MONDAY + timedelta(days=14)


async def remember(database: str, project: str) -> None:
    """What the consumer of the memory does with all that the project published, once more from the beginning."""
    told = following(learn)
    deliveries = [one for one in await published(database, project) if told.wants(one.event)]
    async with open_store(database, MEMORY) as memory, memory.start() as work:
        await told.handle(work, deliveries)
        await work.commit()


async def strategy(ana: Agent, project: str, name: str) -> dict[str, Any]:
    listed = await ana.call("list_strategies", project=project)
    return next(one for one in listed["strategies"] if one["name"] == name)


def step(plan: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in plan["strategies"] if one["strategy"] == name)


async def after_84_percent(ana: Agent, database: str, *, applied: bool) -> str:
    """A project whose coin lets the buffer be applied to its second sprint, or not."""
    while True:
        key = await a_team_of_five(ana, database, 45)
        if heads(velocity_buffer(key), f"{key}-S2") is applied:
            break
    await ana.call("setup_project", project=key, learning=True)
    plan = await ana.call("plan_sprint", project=key)
    closed = await played(ana, plan, finished=38)
    assert round(closed["figures"]["completion"], 2) == 0.84
    await remember(database, key)
    return key


def velocity_buffer(project: str) -> Strategy:
    return next(one for one in built_in(project) if one.name == "velocity_buffer")


async def finished_with_one_point_more(ana: Agent, plan: dict[str, Any]) -> None:
    sprint = (await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True))["sprint"]
    added = await ana.call("add_items", project=plan["project"], items=[{"title": "One more", "points": 1}])
    more = added["items"][0]["item"]
    await ana.call("change_sprint", sprint=sprint, action="add", items=[more])
    done = [more, *(one["item"] for one in plan["selected"])]
    changes = [{"item": key, "status": "done"} for key in done]
    await ana.call("update_items", project=plan["project"], changes=changes)
    closed = await ana.call("close_sprint", sprint=sprint)
    assert closed["figures"]["completed"]["points"] == plan["points"] + 1


async def planned(ana: Agent, project: str, *, base: int) -> dict[str, Any]:
    """The next plan that begins with so many points, at whatever confidence that is."""
    for target in (0.5, 0.49, 0.48, 0.47, 0.46, 0.45, 0.44, 0.43, 0.42, 0.4, 0.38, 0.35):
        plan = await ana.call("plan_sprint", project=project, target_confidence=target)
        if plan["base_commitment"] == base:
            return plan
    raise AssertionError(f"no confidence has {base} points")


@requirement("strategies.examples")
async def test_42_points_with_one_of_five_away_finish_33_of_34_and_confidence_rises(
    ana: Agent, module_database: str
) -> None:
    key = await a_team_of_five(ana, module_database, 42, away=["Ed"])
    before = await strategy(ana, key, "scale_by_availability")

    plan = await ana.call("plan_sprint", project=key)
    assert (plan["base_commitment"], plan["commitment"]) == (42, 34)
    scaled = step(plan, "scale_by_availability")
    assert (scaled["before"], scaled["after"], scaled["otherwise"]) == (42, 34, 42)
    await played(ana, plan, finished=33)
    await remember(module_database, key)

    after = await strategy(ana, key, "scale_by_availability")
    assert after["confidence"]["mean"] > before["confidence"]["mean"]
    assert (after["confidence"]["n"], after["status"]) == (1, "active")
    assert after["evidence_for"] == [plan["plan_id"]]


@requirement("strategies.examples")
async def test_after_38_of_45_a_buffer_is_tested_which_commits_40_of_45_and_41_are_a_success(
    ana: Agent, module_database: str
) -> None:
    key = await after_84_percent(ana, module_database, applied=True)
    buffer = await strategy(ana, key, "velocity_buffer")
    assert (buffer["effect"], buffer["status"], buffer["under_test"]) == ("buffer 0.1", "candidate", True)
    assert "Overcommitment" in (await lessons(module_database, key))[0]

    plan = await planned(ana.at(AFTER), key, base=45)
    buffered = step(plan, "velocity_buffer")
    assert (buffered["arm"], buffered["before"], buffered["after"], buffered["otherwise"]) == (
        "applied",
        45,
        40,
        45,
    )
    assert buffered["why"] == "buffer 0.1; under test, and the coin took it"
    assert (plan["commitment"], plan["points"]) == (40, 40)
    assert "velocity_buffer makes 45 into 40" in plan["reasoning"].replace("'", "")

    await finished_with_one_point_more(ana.at(AFTER), plan)
    await remember(module_database, key)
    after = await strategy(ana, key, "velocity_buffer")
    assert after["confidence"]["mean"] > buffer["confidence"]["mean"]
    assert (after["confidence"]["n"], after["closer"]["n"], after["tested"]) == (1, 1, 1)
    assert after["closer"]["mean"] < 0.5, "who finished 41 of 41 could have finished more"
    told = await ana.at(AFTER).call("explain_decision", project=key, sprint=f"{key}-S2")
    assert "nearer to the outcome than without it with a probability of" in " ".join(told["learned"])


async def test_the_other_arm_commits_what_it_would_without_and_its_failure_speaks_for_the_buffer(
    ana: Agent, module_database: str
) -> None:
    key = await after_84_percent(ana, module_database, applied=False)

    plan = await planned(ana.at(AFTER), key, base=45)
    buffered = step(plan, "velocity_buffer")
    assert (buffered["arm"], buffered["before"], buffered["after"], buffered["otherwise"]) == (
        "control",
        45,
        40,
        40,
    )
    assert plan["commitment"] == 45

    await played(ana.at(AFTER), plan, finished=38)
    await remember(module_database, key)
    after = await strategy(ana, key, "velocity_buffer")
    assert (after["confidence"]["n"], after["closer"]["n"], after["tested"]) == (0, 1, 1)
    assert plan["plan_id"] in after["evidence_for"]


@requirement("strategies.examples")
async def test_confidence_falls_when_a_sprint_that_followed_a_strategy_fails(
    ana: Agent, module_database: str
) -> None:
    key = await a_team_of_five(ana, module_database, 42, away=["Ed"])
    before = await strategy(ana, key, "scale_by_availability")

    await played(ana, await ana.call("plan_sprint", project=key), finished=21)
    await remember(module_database, key)

    after = await strategy(ana, key, "scale_by_availability")
    assert after["confidence"]["mean"] < before["confidence"]["mean"]
    assert after["status"] == "active", "absences are facts"


@requirement("strategies.examples")
async def test_45_with_two_of_five_away_are_27_and_24_with_an_active_buffer(
    ana: Agent, module_database: str
) -> None:
    key = await a_team_of_five(ana, module_database, 45, away=["Di", "Ed"])
    await ana.call("set_strategy", project=key, name="velocity_buffer", status="active")

    plan = await ana.call("plan_sprint", project=key)

    applied = [one for one in plan["strategies"] if one["arm"] == "applied"]
    assert [(one["strategy"], one["before"], one["after"]) for one in applied] == [
        ("scale_by_availability", 45, 27),
        ("velocity_buffer", 27, 24),
    ]
    assert (plan["base_commitment"], plan["commitment"], plan["points"]) == (45, 24, 24)


async def test_an_explanation_tells_prediction_outcome_and_what_was_learned(
    ana: Agent, module_database: str
) -> None:
    key = await after_84_percent(ana, module_database, applied=True)

    told = await ana.at(AFTER).call("explain_decision", project=key, sprint=f"{key}-S1")

    assert (told["plan"]["forecast"]["p50"] > 0, told["outcome"]["completed"]["points"], told["success"]) == (
        True,
        38,
        False,
    )
    learned = " ".join(told["learned"])
    assert "Overcommitment: 38 of 45 points were completed" in learned
    assert "velocity_buffer v1 (shadow): a failure, nearer to the outcome than without it." in learned


async def test_what_a_sprint_taught_of_a_rule_is_told_when_another_has_followed_it(
    ana: Agent, module_database: str
) -> None:
    key = await a_team_of_five(ana, module_database, 45)
    await ana.call("set_strategy", project=key, name="mine", effect="buffer 0.2", status="active")
    await played(ana, await ana.call("plan_sprint", project=key), finished=30)
    await remember(module_database, key)

    await ana.call("set_strategy", project=key, name="mine", effect="buffer 0.3", status="active")

    assert await said_of(ana, key, "mine") == [
        "mine v1 (applied): a failure, nearer to the outcome than without it."
    ]


async def test_what_a_sprint_taught_of_a_rule_is_told_when_another_followed_it_while_it_ran(
    ana: Agent, module_database: str
) -> None:
    key = await a_team_of_five(ana, module_database, 45)
    await ana.call("set_strategy", project=key, name="mine", effect="buffer 0.2", status="active")
    plan = await ana.call("plan_sprint", project=key)
    sprint = (await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True))["sprint"]

    await ana.call("set_strategy", project=key, name="mine", effect="buffer 0.3")
    await ana.at(LATER).call("close_sprint", sprint=sprint)
    await remember(module_database, key)

    assert await said_of(ana, key, "mine") == [
        "mine v1 (applied): a failure, nearer to the outcome than without it."
    ]
    rule = await strategy(ana, key, "mine")
    assert (rule["version"], rule["tested"], rule["watched"]["n"]) == (2, 0, 1)


async def said_of(ana: Agent, project: str, name: str) -> list[str]:
    told = await ana.at(AFTER).call("explain_decision", project=project, sprint=f"{project}-S1")
    return [line for line in told["learned"] if line.startswith(f"{name} v")]


async def test_before_the_end_has_reached_memory_an_explanation_says_so(
    ana: Agent, module_database: str
) -> None:
    key = await a_team_of_five(ana, module_database, 45)
    await played(ana, await ana.call("plan_sprint", project=key), finished=38)

    told = await ana.at(AFTER).call("explain_decision", project=key, sprint=f"{key}-S1")

    assert told["learned"] == ["Memory has not heard of its end yet."]


async def test_what_if_follows_the_same_strategies(ana: Agent, module_database: str) -> None:
    key = await a_team_of_five(ana, module_database, 40)
    await ana.call("set_strategy", project=key, name="velocity_buffer", status="active")

    plan = await ana.call("plan_sprint", project=key, what_if={"items": [{"title": "More", "points": 1}]})

    assert (step(plan, "velocity_buffer")["arm"], plan["base_commitment"], plan["commitment"]) == (
        "applied",
        40,
        36,
    )


async def test_learning_again_from_the_same_sprints_changes_nothing(ana: Agent, module_database: str) -> None:
    key = await after_84_percent(ana, module_database, applied=True)
    before = [await kept(module_database, table, key) for table in ("strategies", "trials", "outbox")]

    await remember(module_database, key)

    assert [await kept(module_database, table, key) for table in ("strategies", "trials", "outbox")] == before
    assert before[1]


@requirement("strategies.coin")
async def test_no_coin_is_tossed_before_a_project_lets_candidates_be_tested(
    ana: Agent, module_database: str
) -> None:
    key = await after_84_percent(ana, module_database, applied=True)
    await ana.call("setup_project", project=key, learning=False)

    plan = await ana.at(AFTER).call("plan_sprint", project=key)
    listed = await ana.call("list_strategies", project=key)

    assert step(plan, "velocity_buffer")["arm"] == "shadow"
    assert plan["commitment"] == plan["base_commitment"]
    assert (listed["learning"], [one["under_test"] for one in listed["strategies"]]) == (False, [False] * 3)


async def test_a_project_begins_without_learning_and_follows_what_a_person_activates_all_the_same(
    ana: Agent, module_database: str
) -> None:
    key = await a_team_of_five(ana, module_database, 45)
    assert (await ana.call("setup_project", project=key))["learning"] is False

    await ana.call("set_strategy", project=key, name="velocity_buffer", status="active")
    plan = await ana.call("plan_sprint", project=key)

    assert step(plan, "velocity_buffer")["arm"] == "applied"
    assert (plan["base_commitment"], plan["commitment"]) == (45, 40)


@requirement("strategies.coin")
async def test_a_plan_for_the_same_sprint_gets_the_same_arm_again(ana: Agent, module_database: str) -> None:
    key = await after_84_percent(ana, module_database, applied=False)

    plans = [await ana.at(AFTER).call("plan_sprint", project=key, goal=goal) for goal in ("One", "Another")]

    assert plans[0]["plan_id"] != plans[1]["plan_id"]
    assert [step(plan, "velocity_buffer")["arm"] for plan in plans] == ["control", "control"]


async def kept(database: str, table: str, project: str) -> list[dict[str, Any]]:
    everything = f"SELECT to_jsonb(t) AS row FROM memory.{table} t WHERE project = $1 ORDER BY t"  # noqa: S608 - ours
    return await rows(database, everything, project)


async def lessons(database: str, project: str) -> list[str]:
    ended = "SELECT data->'lessons' AS told FROM memory.outbox WHERE type = 'EpisodeEnded' AND project = $1"
    told: list[str] = json.loads((await rows(database, ended, project))[-1]["told"])
    return told
