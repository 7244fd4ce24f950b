"""get_velocity in every unit, of sprints of our own and imported ones."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from scrum.sprint.usecases import import_history
from scrum.sprint.velocity import PastSprint, Source, Unit
from scrum_storage.store import open_store
from tests.builders import MONDAY, by
from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.conftest import Refused, a_project
from tests.tools.database import events

TEN_MINUTES = timedelta(minutes=10)
OF_OURS = {
    Unit.POINTS_PER_SPRINT: 8,
    Unit.ITEMS_PER_SPRINT: 2,
    Unit.POINTS_PER_WORKING_DAY: 384,
    Unit.POINTS_PER_PERSON_DAY: 192,
    Unit.POINTS_PER_HOUR: 48,
    Unit.POINTS_PER_ITEM: 4,
    Unit.POINTS_PER_BUDGET: 0.02,
}
FULL = PastSprint("Full", Source.IMPORTED, 40, 10, days=10, working_days=8, person_days=16, spent=1_000)
OF_FULL = {
    Unit.POINTS_PER_SPRINT: 40,
    Unit.ITEMS_PER_SPRINT: 10,
    Unit.POINTS_PER_WORKING_DAY: 5,
    Unit.POINTS_PER_PERSON_DAY: 2.5,
    Unit.POINTS_PER_HOUR: 0.1666667,
    Unit.POINTS_PER_ITEM: 4,
    Unit.POINTS_PER_BUDGET: 0.04,
}


async def imported(database: str, key: str, *sprints: PastSprint) -> None:
    async with open_store(database) as store:
        await import_history(store.start, key, dict(enumerate(sprints)), by=by())


async def running(ana: Agent, points: Sequence[int] = (3, 5)) -> str:
    """A project whose sprint runs since MONDAY; all of its items are done."""
    key = await a_project(ana, tuple(points))
    mine = [f"{key}-{n}" for n, _ in enumerate(points, start=1)]
    plan = await ana.call("plan_sprint", project=key, must_include=mine)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    done = [{"item": item, "status": "done"} for item in mine]
    await ana.call("update_items", project=key, changes=done)
    return key


async def closed(ana: Agent, **arguments: Any) -> str:
    """A project whose sprint of 8 points lasted ten minutes."""
    key = await running(ana)
    await ana.at(MONDAY + TEN_MINUTES).call("close_sprint", sprint=f"{key}-S1", **arguments)
    return key


@pytest.fixture(scope="module")
async def mixed(ana: Agent, module_database: str) -> str:
    """A project with a sprint of its own, an imported one, and one of which only the points are known."""
    key = await closed(ana, spent=400)
    await imported(module_database, key, PastSprint("Bare", Source.IMPORTED, 12), FULL)
    return key


def test_no_unit_is_forgotten() -> None:
    assert OF_OURS.keys() == OF_FULL.keys() == set(Unit)


@requirement("velocity.units")
@pytest.mark.parametrize("unit", [unit for unit in Unit if unit is not Unit.POINTS_PER_SPRINT])
async def test_a_unit_counts_the_sprints_that_have_what_it_needs(ana: Agent, mixed: str, unit: Unit) -> None:
    found = await ana.call("get_velocity", project=mixed, unit=unit)

    assert found["values"] == [
        {"sprint": "Full", "value": OF_FULL[unit], "source": "imported"},
        {"sprint": f"{mixed}-S1", "value": OF_OURS[unit], "source": "ledger"},
    ]
    assert (found["unit"], found["window"], found["n"], found["left_out"]) == (unit, 10, 2, 1)
    assert found["mean"] == found["median"] == pytest.approx((OF_FULL[unit] + OF_OURS[unit]) / 2, rel=1e-6)
    assert found["spread"] == pytest.approx(abs(OF_FULL[unit] - OF_OURS[unit]) / 2**0.5, rel=1e-6)
    assert found["n_by_source"] == {"imported": 1, "ledger": 1}


@requirement("velocity.units")
async def test_points_are_known_of_every_sprint(ana: Agent, mixed: str) -> None:
    found = await ana.call("get_velocity", project=mixed)

    assert [value["value"] for value in found["values"]] == [12, 40, 8]
    assert (found["n"], found["mean"], found["median"], found["left_out"]) == (3, 20, 12, 0)
    assert (found["sources"], found["n_by_source"]) == (["imported", "ledger"], {"imported": 2, "ledger": 1})


async def test_the_text_says_the_sample_of_each_source_and_what_is_left_out(ana: Agent, mixed: str) -> None:
    per_sprint = told(await ana.answer("get_velocity", project=mixed))
    per_budget = told(await ana.answer("get_velocity", project=mixed, unit="points_per_budget"))

    assert "sample standard deviation 17.44, source imported (2) and ledger (1)" in per_sprint
    assert "Left out" not in per_sprint
    assert "0.03 points per budget on average over 2 sprints (window 10" in per_budget
    assert "Left out: 1 sprint without what they spent" in per_budget


async def test_the_window_counts_sprints_that_have_what_the_unit_needs(ana: Agent, mixed: str) -> None:
    answer = await ana.answer("get_velocity", project=mixed, unit="points_per_item", window=1)

    found: Any = answer.structured_content
    assert (found["n"], found["n_by_source"], found["spread"]) == (1, {"ledger": 1}, None)
    assert "on average over 1 sprint (window 1," in told(answer)


async def test_where_nothing_was_spent_it_is_told_how_to_say_it(ana: Agent) -> None:
    key = await closed(ana)

    answer = await ana.answer("get_velocity", project=key, unit="points_per_budget")

    assert f"{key} has no points per budget yet. Left out: 1 sprint without what they spent" in told(answer)
    assert "close_sprint" in told(answer)


async def test_few_points_for_many_tokens_are_not_zero(ana: Agent) -> None:
    key = await closed(ana, spent=400_000_000)

    answer = await ana.answer("get_velocity", project=key, unit="points_per_budget")

    assert (answer.structured_content or {})["mean"] == 2e-8
    assert "2e-08 points per budget" in told(answer)


@requirement("velocity.units")
async def test_what_a_sprint_spent_is_told_where_it_is_seen(ana: Agent, module_database: str) -> None:
    key = await running(ana)
    later = ana.at(MONDAY + TEN_MINUTES)

    at_the_close = await later.answer("close_sprint", sprint=f"{key}-S1", spent=1234567.25)
    seen = await later.call("get_sprint", sprint=f"{key}-S1")

    event = (await events(module_database, key))[-1]
    assert "Spent: 1234567.25." in told(at_the_close)
    assert ((at_the_close.structured_content or {})["spent"], seen["spent"]) == (1234567.25, 1234567.25)
    assert (event["type"], event["version"], event["data"]["spent"]) == ("SprintClosed", 2, 1234567.25)


async def test_what_was_not_said_is_not_told_as_nothing_spent(ana: Agent, module_database: str) -> None:
    key = await closed(ana)

    seen = await ana.answer("get_sprint", sprint=f"{key}-S1")

    assert "spent" not in (seen.structured_content or {})
    assert "Spent" not in told(seen)
    assert (await events(module_database, key))[-1]["data"]["spent"] is None


@requirement("input.refused")
async def test_a_cost_that_cannot_be_closes_nothing(ana: Agent, refused: Refused) -> None:
    key = await running(ana)

    for spent, expected in (
        (0, "0.0001"),
        (-5, "0.0001"),
        (10**12, "999999999"),
        (True, "not true or false"),
    ):
        text = await refused("close_sprint", sprint=f"{key}-S1", spent=spent)
        assert "spent: " in text
        assert expected in text
