"""What list_ceremonies says of what comes next is what then happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.ceremonial import DAY, HOUR, a_sprint, coming, finish, look, tick

FRIDAY_BEFORE_SUMMER_TIME = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
QUIET: dict[str, Any] = {"sprint": {"auto_transition": False}}


def daily(**settings: Any) -> dict[str, Any]:
    return {**QUIET, "ceremonies": {"daily_scrum": settings}}


@requirement("ceremonies.preview")
@pytest.mark.parametrize(
    ("start", "zone", "expected"),
    [
        (MONDAY, "UTC", MONDAY + DAY),
        (MONDAY + 4 * DAY, "UTC", MONDAY + 7 * DAY),
        (FRIDAY_BEFORE_SUMMER_TIME, "Europe/Berlin", datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
        (FRIDAY_BEFORE_SUMMER_TIME, "America/New_York", datetime(2026, 3, 27, 13, 0, tzinfo=UTC)),
    ],
)
async def test_a_slot_fires_when_it_was_foretold_and_no_minute_before(
    ana: Agent, start: datetime, zone: str, expected: datetime
) -> None:
    policy = daily(strategy="calendar", time_of_day="09:00")
    key = await a_sprint(ana.at(start), policy, timezone=zone)
    await tick(ana, key, start + MINUTE)

    at, reason = await coming(ana, key, "daily_scrum", start + MINUTE)

    assert at == expected, reason
    assert reason == "Its next slot."
    assert "daily_scrum" not in await tick(ana, key, expected - MINUTE)
    assert await tick(ana, key, expected) == ["daily_scrum"]


async def test_times_are_told_in_the_time_zone_of_the_project(ana: Agent) -> None:
    policy = daily(strategy="calendar", time_of_day="09:00")
    key = await a_sprint(ana.at(FRIDAY_BEFORE_SUMMER_TIME), policy, timezone="Europe/Berlin")

    told = await look(ana, key, FRIDAY_BEFORE_SUMMER_TIME)

    (at,) = (one["at"] for one in told["coming"] if one["ceremony"] == "daily_scrum")
    assert at == "2026-03-30T09:00:00+02:00"


@requirement("ceremonies.preview")
@pytest.mark.parametrize(
    ("rule", "before", "event"),
    [
        (
            {"strategy": "event_driven", "on": "deployed", "debounce": 2},
            "0 of 2 events since it last counted (deployed).",
            {"name": "deployed"},
        ),
        (
            {"strategy": "external_trigger", "sources": ["git"]},
            "Nothing new came from git.",
            {"name": "pushed", "source": "git"},
        ),
    ],
)
async def test_an_event_that_was_waited_for_fires_it(
    ana: Agent, rule: dict[str, Any], before: str, event: dict[str, str]
) -> None:
    key = await a_sprint(ana, daily(**rule))
    await tick(ana, key)
    assert await coming(ana, key, "daily_scrum") == (None, before)

    times = rule.get("debounce", 1)
    told = [await ana.call("emit_event", project=key, **event) for _ in range(times)]

    due = [[one["ceremony"] for one in one["became_due"]] for one in told]
    assert due == [*[[]] * (times - 1), ["daily_scrum"]]


@requirement("ceremonies.preview")
async def test_completions_that_are_missing_fire_it(ana: Agent) -> None:
    key = await a_sprint(ana, daily(every_n_completions=3))
    await finish(ana, key, 1)
    await tick(ana, key, MONDAY + HOUR)
    foretold = await coming(ana, key, "daily_scrum", MONDAY + HOUR)
    assert foretold == (None, "1 of 3 completions since it last counted; 2 to go.")

    await finish(ana, key, 2)
    assert "daily_scrum" not in await tick(ana, key, MONDAY + 2 * HOUR)
    await finish(ana, key, 3)

    assert await tick(ana, key, MONDAY + 3 * HOUR) == ["daily_scrum"]


@requirement("ceremonies.preview")
async def test_a_share_of_the_budget_that_is_spent_fires_it(ana: Agent) -> None:
    policy = {
        "sprint": {"auto_transition": False, "strategy": "budget_driven", "budget": 200},
        "ceremonies": {"daily_scrum": {"budget_thresholds": [50]}, "backlog_refinement": {"enabled": False}},
    }
    key = await a_sprint(ana, policy)
    await tick(ana, key)
    assert await coming(ana, key, "daily_scrum") == (None, "0 % of the budget is spent; it is due at 50 %.")

    due = [await _spend(ana, key, total) for total in (99, 100, 150)]

    assert due == [[], ["daily_scrum"], []]


@requirement("ceremonies.preview")
async def test_a_milestone_that_is_done_fires_it(ana: Agent) -> None:
    key = await a_sprint(ana)
    await ana.call("close_sprint", sprint="current", project=key)
    await ana.call("add_items", project=key, items=[{"title": "A", "points": 1}, {"title": "B", "points": 1}])
    goal = {"beta": {"items": [f"{key}-11", f"{key}-12"]}}
    policy = daily(strategy="milestone_driven", milestones=goal)
    await ana.call("set_ceremonies", project=key, policy=policy)
    plan = await ana.call("plan_sprint", project=key, must_include=[f"{key}-11", f"{key}-12"])
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    await finish(ana, key, 11)
    assert "daily_scrum" not in await tick(ana, key)

    _, reason = await coming(ana, key, "daily_scrum")
    await finish(ana, key, 12)

    assert "beta" in reason
    assert "daily_scrum" in await tick(ana, key, MONDAY + HOUR)


@requirement("ceremonies.preview")
async def test_a_stall_fires_when_it_was_foretold(ana: Agent) -> None:
    policy = daily(strategy="throughput_adaptive", window=2, stall_after=8)
    key = await a_sprint(ana, policy)
    for number in (1, 2, 3):
        await finish(ana.at(MONDAY + number * HOUR), key, number)
    last = MONDAY + 3 * HOUR
    await tick(ana, key, last)

    at, _ = await coming(ana, key, "daily_scrum", last)

    assert at is not None
    assert "daily_scrum" not in await tick(ana, key, at - MINUTE)
    assert "daily_scrum" in await tick(ana, key, at)


@requirement("ceremonies.preview")
async def test_the_end_of_the_days_takes_the_sprint_to_its_review_when_it_was_foretold(ana: Agent) -> None:
    key = await a_sprint(ana, {"sprint": {"strategy": "calendar"}})
    await tick(ana, key)
    at, _ = await coming(ana, key, "sprint_review")
    waits = (await look(ana, key))["waits_for"]
    assert at is not None
    assert f"{at:%Y-%m-%d}" in waits

    await tick(ana, key, at - MINUTE)
    assert (await ana.call("get_sprint", sprint=f"{key}-S1"))["state"] == "active"
    due = await tick(ana, key, at)

    assert "sprint_review" in due
    assert (await ana.call("get_sprint", sprint=f"{key}-S1"))["state"] != "active"


async def _spend(ana: Agent, key: str, total: float) -> list[str]:
    told = await ana.call("emit_event", project=key, name="budget_spent", payload={"spent": total})
    return [one["ceremony"] for one in told["became_due"]]
