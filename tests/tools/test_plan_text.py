"""What plan_sprint tells in words."""

from typing import Any

from scrum.text import counted
from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.conftest import a_project

DAY = {"start": "2026-03-02", "end": "2026-03-02"}


async def planned(ana: Agent, key: str, **arguments: Any) -> tuple[str, Any]:
    """The text of a plan, and what is in it."""
    result = await ana.answer("plan_sprint", project=key, **arguments)
    assert not result.is_error, told(result)
    return told(result), result.structured_content


async def test_alternatives_are_told_with_the_confidence_of_each(ana: Agent, shop: str) -> None:
    text, plan = await planned(ana, shop)

    cautious, balanced, ambitious = (counted(other["points"], "point") for other in plan["alternatives"])
    assert (
        f"Alternatives: cautious {cautious} at 80%, balanced {balanced} at 50%, ambitious {ambitious} at 30%."
        in text
    )


async def test_low_risks_are_named_and_only_where_there_are_any(ana: Agent) -> None:
    key = await a_project(ana, (3, 5, 8))
    without, _ = await planned(ana, key)
    await ana.call("set_team", project=key, absences=[{"member": "Bo", **DAY}])

    text, plan = await planned(ana, key)

    assert {"name": "absences", "level": "low"}.items() <= plan["risks"][-1].items()
    assert "Low risks: absences." in text
    assert "Low risks" not in without


@requirement("plan.steps-told")
async def test_every_strategy_has_a_line_whether_it_moved_the_commitment_or_not(ana: Agent) -> None:
    key = await a_project(ana, (3, 5, 8))
    await ana.call("set_strategy", project=key, name="small_items", effect="cap 5", status="active")

    text, plan = await planned(ana, key)

    lines = [line for line in text.splitlines() if line.startswith("Strategy ")]
    assert len(lines) == len(plan["strategies"]) > 1
    assert any(line.startswith("Strategy small_items v1: cap 5") and "either way" in line for line in lines)
    assert any("velocity_buffer" in line and "only watched; would make" in line for line in lines)


async def test_the_chance_beside_the_risk_says_of_what_it_is(ana: Agent, shop: str) -> None:
    text, plan = await planned(ana, shop)

    chance = f"{plan['confidence']:.0%} to complete at least 90% of its points."
    assert f"Risk {plan['risk_level']}; {chance}" in text


async def test_the_next_step_is_to_commit(ana: Agent, shop: str) -> None:
    text, plan = await planned(ana, shop)

    assert text.splitlines()[-1] == f"Next: commit_plan with plan_id='{plan['plan_id']}'."


@requirement("plan.next-step")
async def test_with_an_open_sprint_the_next_step_is_to_close_it(ana: Agent) -> None:
    key = await a_project(ana, (3, 5))
    _, first = await planned(ana, key, must_include=[f"{key}-1"], exclude=[f"{key}-2"])
    await ana.call("commit_plan", plan_id=first["plan_id"], confirm=True, start=True)

    text, plan = await planned(ana, key)

    assert text.splitlines()[-1].startswith("Next: close_sprint, then plan_sprint again")
    assert "open" in await ana.refused("commit_plan", plan_id=plan["plan_id"], confirm=True)


@requirement("plan.what-if")
async def test_a_supposed_plan_says_first_that_it_is_one_and_never_expires(ana: Agent, shop: str) -> None:
    text, plan = await planned(ana, shop, what_if={"remove": ["Bo"]})
    _, real = await planned(ana, shop)

    assert text.splitlines()[0] == (
        f"What if, for {shop} from {plan['start']} to {plan['end']}; nothing was written."
    )
    assert "expires_at" not in plan
    assert "expires_at" in real
