"""What answers say of ceremonies beside what was asked for: who listens, what a sprint keeps, and what is due next."""

from ast import literal_eval
from typing import Any

import pytest

from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.ceremonial import a_sprint, finish, look, tick
from tests.tools.conftest import Refused, a_project
from tests.tools.database import dump

BUDGET = {"spent": 5}


@requirement("ceremonies.listeners")
@pytest.mark.parametrize(
    ("name", "payload", "sentence"),
    [
        ("Deployed", {}, "Nothing listens for deployed: no ceremony counts it, and it does not take "),
        ("task_blocked", {}, "Nothing listens for task_blocked: "),
        ("budget_spent", BUDGET, "Nothing goes by a budget: it makes nothing due, and is the cost of "),
    ],
)
async def test_an_event_for_which_nothing_listens_says_so_and_what_to_do(
    ana: Agent, name: str, payload: dict[str, Any], sentence: str
) -> None:
    key = await a_sprint(ana)

    answer = await ana.call("emit_event", project=key, name=name, payload=payload)
    text = told(await ana.answer("emit_event", project=key, name=name, payload=payload))

    assert answer["unheard"].startswith(sentence)
    assert answer["listeners"] == []
    assert answer["unheard"] in text
    assert "between two sprints, call set_ceremonies with policy={" in text


@requirement("ceremonies.listeners")
@pytest.mark.parametrize(("name", "payload"), [("deployed", {}), ("budget_spent", BUDGET)])
async def test_what_is_said_of_an_event_without_listeners_makes_one(
    ana: Agent, name: str, payload: dict[str, Any]
) -> None:
    key = await a_sprint(ana)
    unheard = (await ana.call("emit_event", project=key, name=name, payload=payload))["unheard"]
    await ana.call("close_sprint", sprint="current", project=key)
    example = unheard.partition("policy=")[2]
    policy = literal_eval(example[: example.rindex("}") + 1])

    await ana.call("set_ceremonies", project=key, policy=policy)
    await again(ana, key)

    answer = await ana.call("emit_event", project=key, name=name, payload=payload)
    assert answer["listeners"] == ["daily_scrum"]
    assert "unheard" not in answer


async def again(ana: Agent, key: str) -> None:
    """The next sprint, with what the last one left."""
    plan = await ana.call("plan_sprint", project=key)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)


async def test_time_that_passes_needs_nobody_who_listens(ana: Agent) -> None:
    key = await a_sprint(ana)

    assert "unheard" not in await ana.call("emit_event", project=key, name="time_passed")


@requirement("ceremonies.listeners")
async def test_an_event_says_for_whom_it_counts(ana: Agent) -> None:
    policy = {
        "sprint": {"strategy": "event_driven", "transition_event": "deployed"},
        "ceremonies": {"daily_scrum": {"on": "deployed", "debounce": 2}},
    }
    key = await a_sprint(ana, policy)

    text = told(await ana.answer("emit_event", project=key, name="deployed"))

    assert "It counts for: daily_scrum, sprint." in text


async def test_a_template_that_a_running_sprint_does_not_take_is_named(ana: Agent) -> None:
    key = await a_sprint(ana)

    answer = await ana.call("setup_project", project=key, cadence="enterprise", sprint_days=7)
    text = told(await ana.answer("setup_project", project=key, cadence="enterprise"))

    kept = f"{key}-S1 keeps template startup, which it began with: enterprise is for the next sprint."
    assert answer["kept"] == [kept, f"{key}-S1 keeps its 14 days, as it was planned."]
    assert kept in text
    assert "kept" not in await ana.call("setup_project", project=key, name="Shop")
    assert "kept" not in await ana.call("setup_project", project=await a_project(ana), cadence="startup")


@requirement("ceremonies.answer")
async def test_a_sprint_that_is_closed_while_in_progress_says_what_is_due_by_that(ana: Agent) -> None:
    key = await a_sprint(ana)
    await tick(ana, key)

    closed = await ana.call("close_sprint", sprint="current", project=key)
    await ana.call("trigger_ceremony", project=key, ceremony="retrospective")

    said = f"Due now: sprint_review, retrospective of {key}-S1; list_ceremonies shows in a moment"
    assert closed["next"].startswith(said)
    assert {one["ceremony"] for one in (await look(ana, key))["unanswered"]} >= {"retrospective"}


@requirement("ceremonies.answer")
async def test_a_sprint_whose_last_item_is_done_says_what_is_due_before_and_after_a_worker_saw_it(
    ana: Agent,
) -> None:
    key = await a_sprint(ana, items=2)
    await tick(ana, key)
    await finish(ana, key, 1)
    assert "Due now" not in told(await ana.answer("get_sprint", sprint=f"{key}-S1"))

    await finish(ana, key, 2)
    before = await ana.call("get_sprint", sprint=f"{key}-S1")
    await tick(ana, key)
    after = await ana.call("get_sprint", sprint=f"{key}-S1")

    assert (before["state"], after["state"]) == ("active", "completed")
    assert f"sprint_review, retrospective of {key}-S1; list_ceremonies" in before["next"]
    assert f"Due now: sprint_review, retrospective of {key}-S1; list_ceremonies" in after["next"]


async def test_a_sprint_whose_ceremonies_are_answered_says_of_none_that_it_is_due(ana: Agent) -> None:
    off = {name: {"enabled": False} for name in ("sprint_planning", "sprint_review", "retrospective")}
    key = await a_sprint(ana, {"ceremonies": off})
    await finish(ana, key, 1)

    closed = await ana.call("close_sprint", sprint="current", project=key)

    assert closed["next"] == "Next: get_velocity, plan_sprint."


@requirement("ceremonies.dry-run")
@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_ceremony_of_a_team_s_own_needs_an_open_sprint(
    ana: Agent, refused: Refused, module_database: str, *, dry_run: bool
) -> None:
    key = await a_sprint(ana, {"ceremonies": {"design_review": {"every_n_completions": 3}}})
    await ana.call("close_sprint", sprint="current", project=key)
    await ana.call("trigger_ceremony", project=key, ceremony="sprint_review")
    before = await dump(module_database)

    text = await refused("trigger_ceremony", project=key, ceremony="design_review", dry_run=dry_run)

    assert f"{key} has no sprint that design_review could be about. Call plan_sprint" in text
    assert await dump(module_database) == before


async def test_a_ceremony_that_no_milestone_brings_about_says_what_is_missing(ana: Agent) -> None:
    key = await a_project(ana, (1, 1), cadence="startup")
    goals = {"first": {"items": [f"{key}-1"], "ceremony": "sprint_review"}}
    policy = {
        "sprint": {"strategy": "milestone_driven", "milestones": goals},
        "ceremonies": {"sprint_review": {"strategy": "milestone_driven"}},
    }

    text = told(await ana.answer("set_ceremonies", project=key, policy=policy))

    assert "it goes to review when somebody takes it there: transition_milestone names none." in text
    assert "ceremonies.daily_scrum.milestones: none is its own, so that it is never due." in text
    plan = await ana.call("plan_sprint", project=key)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    coming = {one["ceremony"]: one["reason"] for one in (await look(ana, key))["coming"]}
    assert (
        coming["daily_scrum"] == "No milestone is its own: set_ceremonies gives it one, between two sprints."
    )
