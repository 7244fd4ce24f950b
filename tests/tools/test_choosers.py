"""What is said of rules that choose items, and of a sprint that went as predicted."""

import pytest

from tests.tools.agent import Agent, told
from tests.tools.test_learning import AFTER, remember, said_of
from tests.tools.test_worked_examples import a_team_of_five, played


async def watched(ana: Agent, database: str, finished: int, effect: str = "cap 1") -> str:
    """A project whose first sprint only watched this rule."""
    key = await a_team_of_five(ana, database, 45)
    await ana.call("set_strategy", project=key, name="small", effect=effect)
    await played(ana, await ana.call("plan_sprint", project=key), finished=finished)
    await remember(database, key)
    return key


@pytest.mark.parametrize(
    ("finished", "expected"),
    [(30, "a failure with what it leaves out."), (45, "a success with what it leaves out.")],
)
async def test_a_rule_for_items_is_compared_by_what_it_leaves_out(
    ana: Agent, module_database: str, finished: int, expected: str
) -> None:
    key = await watched(ana, module_database, finished)

    assert await said_of(ana, key, "small") == [f"small v1 (shadow): {expected}"]


async def test_a_sprint_without_what_a_rule_leaves_out_says_nothing_of_it(
    ana: Agent, module_database: str
) -> None:
    key = await watched(ana, module_database, 30, "cap 900")

    assert await said_of(ana, key, "small") == ["small v1 (shadow): a failure."]


async def test_a_list_says_of_a_rule_for_items_how_often_its_items_fell_short(
    ana: Agent, module_database: str
) -> None:
    key = await watched(ana, module_database, 30)

    lines = told(await ana.answer("list_strategies", project=key)).splitlines()

    (small,) = [line for line in lines if line.startswith("small v1")]
    (buffer,) = [line for line in lines if line.startswith("velocity_buffer v")]
    assert "fell short in " in small
    assert small.endswith("n=1) of the watched sprints that had what it leaves out.")
    assert buffer.endswith("n=1) of the sprints that watched it.")


@pytest.mark.parametrize(
    ("beyond", "expected"),
    [
        (0, "That is as predicted, inside"),
        (-1, "That is -1 point against"),
        (-2, "That is -2 points against"),
    ],
)
async def test_an_explanation_says_how_far_the_outcome_was_from_the_prediction(
    ana: Agent, module_database: str, beyond: int, expected: str
) -> None:
    key = await a_team_of_five(ana, module_database, 45)
    plan = await ana.call("plan_sprint", project=key, target_confidence=0.3)
    await played(ana, plan, finished=round(plan["forecast"]["p50"]) + beyond)

    text = told(await ana.at(AFTER).answer("explain_decision", project=key, sprint=f"{key}-S1"))

    assert expected in text
