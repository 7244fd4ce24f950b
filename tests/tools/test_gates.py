"""A sprint that waits for a ceremony names it as the next step, and says so when people pass it over."""

from collections.abc import AsyncGenerator

import pytest

from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from tests.requirements import requirement
from tests.tools.agent import Agent, agent, told
from tests.tools.ceremonial import a_sprint, delivered, finish, look, tick
from tests.tools.database import rows

GATES = {"ceremonies": {name: {"gate": True} for name in ("sprint_review", "retrospective")}}


@pytest.fixture(scope="module")
async def core_only(settings: Settings) -> AsyncGenerator[Agent]:
    """An agent of a server that offers no ceremonies."""
    some = settings.model_copy(update={"toolsets": ("core",)})
    async with agent(build(some, ServerRuntime(some))) as connected:
        yield connected


async def in_review(ana: Agent) -> str:
    key = await a_sprint(ana, GATES, items=2)
    await finish(ana, key, 1, 2)
    assert "sprint_review" in await tick(ana, key)
    return key


async def reason_of(database: str, sprint: str) -> str:
    """With which it was closed."""
    (closed,) = await rows(database, _CLOSED, sprint)
    return str(closed["reason"])


_CLOSED = "SELECT reason FROM core.outbox WHERE type = 'SprintClosed' AND aggregate = $1"


async def nexts(ana: Agent, key: str) -> list[str]:
    """Of the tools that say where a sprint stands."""
    status = await ana.call("get_status", project=key)
    sprint = await ana.call("get_sprint", project=key)
    return [sprint["next"], f"Next: {status['projects'][0]['next']}.", (await look(ana, key))["next"]]


@requirement("ceremonies.gate-own")
async def test_a_review_from_before_the_sprint_waited_for_one_does_not_take_it_on(ana: Agent) -> None:
    key = await a_sprint(ana, GATES, items=2)
    early = await delivered(ana, key, "sprint_review")
    await finish(ana, key, 1, 2)
    assert "sprint_review" in await tick(ana, key)
    wanted = await delivered(ana, key, "sprint_review")

    answers = [await ana.call("record_ceremony", occurrence=name, notes="We met") for name in (early, wanted)]

    assert [one["state"] for one in answers] == ["in_review", "retrospective"]


@requirement("ceremonies.gates")
async def test_every_next_step_of_a_sprint_in_review_is_its_review(ana: Agent) -> None:
    key = await in_review(ana)
    name = await delivered(ana, key, "sprint_review")
    await delivered(ana, key, "backlog_refinement")

    answers = await nexts(ana, key)

    for answer in answers:
        assert answer == (
            f"Next: get_report with report={name!r}, then record_ceremony with occurrence={name!r}: "
            f"{key}-S1 waits for its sprint_review."
        )


async def test_a_review_that_is_not_prepared_is_told_before_it_is_answered(ana: Agent) -> None:
    key = await in_review(ana)

    for answer in await nexts(ana, key):
        assert answer.startswith("Next: trigger_ceremony with ceremony='sprint_review' tells it")


async def test_a_sprint_in_review_without_a_gate_is_closed_next(ana: Agent) -> None:
    key = await a_sprint(ana, {"sprint": {"auto_transition": False}}, items=2)
    await ana.call("change_sprint", sprint="current", project=key, action="review")

    sprint = await ana.answer("get_sprint", project=key)

    assert f"{key}-S1 is in review," in told(sprint)
    assert "Next: close_sprint." in told(sprint)


@requirement("ceremonies.gates", "ceremonies.passed")
async def test_people_may_pass_a_gate_and_are_told_which(ana: Agent) -> None:
    key = await in_review(ana)
    name = await delivered(ana, key, "sprint_review")

    moved = await ana.answer("change_sprint", sprint="current", project=key, action="retrospective")

    assert (
        f"It passed over sprint_review {name}, which nobody held. record_ceremony still takes what came of it."
        in told(moved)
    )
    assert "waits for its retrospective" in told(moved)
    assert (await ana.call("record_ceremony", occurrence=name, notes="Late"))["status"] == "held"


@requirement("ceremonies.gates")
async def test_a_sprint_that_is_closed_past_its_gate_says_so_in_its_history(
    ana: Agent, module_database: str
) -> None:
    key = await in_review(ana)
    name = await delivered(ana, key, "sprint_review")

    closed = await ana.call("close_sprint", sprint="current", project=key)

    passed_over = f"It passed over sprint_review {name}, which nobody held."
    assert closed["passed_over"].startswith(passed_over)
    assert await reason_of(module_database, f"{key}-S1") == passed_over


async def test_a_reason_that_was_given_stays(ana: Agent, module_database: str) -> None:
    key = await in_review(ana)
    await delivered(ana, key, "sprint_review")

    await ana.call("close_sprint", sprint="current", project=key, reason="The demo was on Friday")

    assert await reason_of(module_database, f"{key}-S1") == "The demo was on Friday"


async def test_where_ceremonies_are_not_offered_the_next_step_is_to_close(
    ana: Agent, core_only: Agent
) -> None:
    key = await in_review(ana)
    name = await delivered(ana, key, "sprint_review")

    sprint = await core_only.call("get_sprint", project=key)
    status = await core_only.call("get_status", project=key)
    closed = await core_only.call("close_sprint", sprint="current", project=key)

    assert sprint["next"] == "Next: close_sprint."
    assert status["projects"][0]["next"] == "close_sprint"
    assert closed["passed_over"] == f"It passed over sprint_review {name}, which nobody held."


async def test_a_review_that_was_asked_for_and_held_before_does_not_open_the_gate(ana: Agent) -> None:
    key = await a_sprint(ana, {"sprint": {"auto_transition": False}, **GATES}, items=2)
    asked = await ana.call("trigger_ceremony", project=key, ceremony="sprint_review")
    await ana.call("record_ceremony", occurrence=asked["occurrence"], notes="Too early")

    text = await ana.call("change_sprint", sprint="current", project=key, action="review")

    assert "waits for its sprint_review" in text["next"]


async def test_one_of_two_reviews_that_is_held_opens_the_gate(ana: Agent) -> None:
    key = await in_review(ana)
    first = await delivered(ana, key, "sprint_review")
    await ana.call("trigger_ceremony", project=key, ceremony="sprint_review")
    await ana.call("record_ceremony", occurrence=first, notes="Liked")

    assert "waits for its sprint_review" not in (await ana.call("get_sprint", project=key))["next"]


async def test_what_looks_back_is_about_the_last_sprint_while_the_next_is_only_planned(ana: Agent) -> None:
    key = await in_review(ana)
    await ana.call("close_sprint", project=key, sprint="current")
    await ana.call("add_items", project=key, items=[{"title": "More", "points": 1}])
    plan = await ana.call("plan_sprint", project=key)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)

    told = await ana.call("trigger_ceremony", project=key, ceremony="retrospective")

    assert told["occurrence"].startswith(f"{key}-S1-")
