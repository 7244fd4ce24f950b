"""forecast, as an agent asks it."""

from typing import Any

import pytest

from scrum.sprint.usecases import import_history
from scrum.sprint.velocity import PastSprint, Source
from scrum_storage.store import open_store
from tests.builders import by
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
    assert both["low"] <= both["independent"] <= both["high"] == min(one["chance"] for one in both["each"])
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


@requirement("forecast.sample-each")
@requirement("forecast.together")
async def test_each_chance_of_several_projects_carries_its_sample(ana: Agent, module_database: str) -> None:
    first, second = await a_project(ana, (3, 5)), await a_project(ana, (8, None))
    async with open_store(module_database) as store:
        await import_history(store.start, first, {0: PastSprint("One", Source.IMPORTED, 12)}, by=by())

    result = await ana.answer("forecast", project=first, by_date="2026-05-29", and_projects=[second])

    structured: Any = result.structured_content
    known, unknown = structured["together"]["each"]
    assert (known["project"], known["points"], known["guessed"]) == (first, 8, 0)
    assert (known["n"], known["evidence"]) == (1, "thin")
    assert (unknown["project"], unknown["points"], unknown["guessed"]) == (second, 16, 1)
    assert (unknown["n"], unknown["evidence"]) == (0, "none")
    assert f"{first} {known['chance']:.0%} for 8 points, from 1 past sprint, evidence thin; " in told(result)
    assert "16 points, 1 item of them guessed, from 0 past sprints, evidence none. All of them: " in told(
        result
    )


async def test_the_text_tells_the_day_apart_from_the_intervals_around_it(ana: Agent, shop: str) -> None:
    result = await ana.answer("forecast", project=shop)

    answer: Any = result.structured_content
    half, _, _ = answer["done"]
    day = f"With 80% confidence it is done by {answer['done_by']} (end of {answer['done_in']}). "
    assert f"{shop} has 16 points in 3 items to complete. {day}50% of the outcomes lie between " in told(
        result
    )
    assert f"50% of the outcomes lie between {half['low']} and {half['high']}, 80% between " in told(result)


async def test_the_points_of_a_coming_sprint_are_told_as_a_sum_with_its_interval(
    ana: Agent, shop: str
) -> None:
    result = await ana.answer("forecast", project=shop, by_date="2026-05-29")

    answer: Any = result.structured_content
    last = answer["sprints"][-1]
    assert (
        f"in all {last['p50']:.0f} points by its end as likely as not, 80% between {last['p10']:.0f} and "
        f"{last['p90']:.0f}"
    ) in told(result)
    assert f"completes at least {answer['points']:.0f} points by 2026-05-29. 50% of the outcomes lie" in told(
        result
    )


async def test_no_items_are_not_all_items(ana: Agent) -> None:
    key = await a_project(ana)

    assert "items is empty. Name some, or leave it out" in await ana.refused(
        "forecast", project=key, items=[]
    )


async def test_the_whole_answer_of_a_large_backlog_fits(ana: Agent) -> None:
    key = await a_project(ana)
    for _ in range(5):
        await ana.call("add_items", project=key, items=items(*[13] * 200))

    result = await ana.answer("forecast", project=key)

    answer: Any = result.structured_content
    assert answer["scope"]["points"] == 13_000
    assert any("40 sprints were looked ahead" in note for note in answer["notes"])
    assert answer.get("done_by", "") == ""
    assert "With 80% confidence it is done beyond the 40 sprints looked ahead. 50% of the outcomes" in told(
        result
    )
    assert "later" not in told(result).splitlines()[0]
    assert (answer["sprints_count"], len(answer["sprints"]) < 40) == (40, True)
    assert told(result).splitlines()[-2] == "and 40 more sprints"
    assert "working days" not in told(result)


async def test_a_bad_question_changes_nothing(shop: str, refused: Refused) -> None:
    assert "items and points" in await refused("forecast", project=shop, items=[f"{shop}-1"], points=3)
    assert "Give by_date too" in await refused("forecast", project=shop, and_projects=[shop])
    assert "must be from today" in await refused("forecast", project=shop, by_date="2020-01-01")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"confidence": 0.96}, "confidence: should be less than or equal to 0.95"),
        ({"confidence": 0}, "confidence: should be greater than or equal to 0.05"),
        ({"confidence": True}, "confidence: must be a number, not true or false"),
        ({"points": 0}, "points: should be greater than or equal to 1"),
        ({"points": 100_001}, "points: should be less than or equal to 100000"),
    ],
)
async def test_a_figure_beyond_its_limits_is_refused(
    shop: str, refused: Refused, arguments: dict[str, Any], expected: str
) -> None:
    assert expected in await refused("forecast", project=shop, **arguments)
