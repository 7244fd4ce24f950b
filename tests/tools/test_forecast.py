"""forecast, as an agent asks it."""

from typing import Any

from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.conftest import Refused, a_project, items


async def test_without_history_it_answers_and_says_how_little_it_knows(ana: Agent, shop: str) -> None:
    answer = await ana.call("forecast", project=shop)

    assert (answer["n"], answer["evidence"], answer["scope"]["points"]) == (0, "none", 16)
    assert "No past sprint" in answer["notes"][0]
    low, high = answer["done"][-1]["low"], answer["done"][-1]["high"]
    assert low < high or not high


async def test_how_much_by_a_day_comes_with_intervals_around_each_other(ana: Agent, shop: str) -> None:
    answer = await ana.call("forecast", project=shop, by_date="2026-04-10", confidence=0.5)

    half, most, nearly_all = answer["points_by_date"]
    assert nearly_all["low"] <= most["low"] <= half["low"] <= answer["points"] <= half["high"]
    assert half["high"] <= most["high"] <= nearly_all["high"]
    assert answer["sprints"][0]["start"] == "2026-03-02"
    assert "by_date" not in answer.get("done", [])


@requirement("forecast.never-certain")
async def test_the_least_scope_by_a_late_day_is_never_certain(ana: Agent, shop: str) -> None:
    answer = await ana.call("forecast", project=shop, points=1, by_date="2028-12-31")

    assert 0.5 < answer["chance"] <= 0.95


@requirement("forecast.together")
async def test_projects_that_share_nobody_say_that_independence_is_assumed(ana: Agent) -> None:
    first = await a_project(ana, (3, 5))
    second = await a_project(ana, (3, 5))
    await ana.call("set_team", project=second, members=[{"name": "Cy"}], mode="replace")

    answer = await ana.call("forecast", project=first, by_date="2026-05-29", and_projects=[second])

    both = answer["together"]
    assert both["low"] <= both["independent"] <= both["high"] == min(both["chances"])
    assert "assumed, not known" in both["assumed"]


@requirement("forecast.together")
async def test_projects_that_share_people_get_bounds_alone(ana: Agent) -> None:
    first, second = await a_project(ana, (3, 5)), await a_project(ana, (8,))

    result = await ana.answer("forecast", project=first, by_date="2026-05-29", and_projects=[second])

    structured: Any = result.structured_content
    together: Any = structured["together"]
    assert together["shared_people"] == ["Ana", "Bo"]
    assert together.get("independent") is None
    assert "Ana, Bo work for more than one of them" in told(result)


async def test_the_whole_answer_of_a_large_backlog_fits(ana: Agent) -> None:
    key = await a_project(ana)
    for _ in range(5):
        await ana.call("add_items", project=key, items=items(*[13] * 200))

    answer = await ana.call("forecast", project=key)

    assert answer["scope"]["points"] == 13_000
    assert any("40 sprints were looked ahead" in note for note in answer["notes"])
    assert answer.get("done_by", "") == ""


async def test_a_bad_question_changes_nothing(shop: str, refused: Refused) -> None:
    assert "items and points" in await refused("forecast", project=shop, items=[f"{shop}-1"], points=3)
    assert "Give by_date too" in await refused("forecast", project=shop, and_projects=[shop])
    assert "must be from today" in await refused("forecast", project=shop, by_date="2020-01-01")
