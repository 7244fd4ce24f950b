"""A sprint whose time runs faster is told in the days of its own clock."""

import re
from datetime import datetime, timedelta
from typing import Any

from scrum.text import shortened
from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.ceremonial import a_sprint, finish, start, tick
from tests.tools.conftest import a_project

FAST = {"sprint": {"time_scale": 1_000}}
DAY = timedelta(seconds=86.4)
"""Of the project."""
HALF = MONDAY + timedelta(minutes=10)
"""Ten minutes are six days and almost 23 hours of the project: it is Monday, 9 March, 07:40."""


async def a_fast_sprint(ana: Agent, policy: dict[str, Any] = FAST) -> str:
    """Two of its ten items are done on the third day of its clock, and one is blocked on the fourth."""
    key = await a_sprint(ana, policy)
    await finish(ana.at(MONDAY + 2 * DAY), key, 1, 2)
    blocked = {"item": f"{key}-3", "blocked": True, "reason": "No key for the door"}
    await ana.at(MONDAY + 3 * DAY).call("update_items", project=key, changes=[blocked])
    return key


async def the_sprint(ana: Agent, key: str, at: datetime) -> dict[str, Any]:
    return await ana.at(at).call("get_sprint", project=key, sprint=f"{key}-S1")


async def the_report(ana: Agent, key: str, kind: str, at: datetime) -> str:
    return told(await ana.at(at).answer("get_report", project=key, sprint=f"{key}-S1", kind=kind))


def left(sprint: dict[str, Any]) -> list[int]:
    return [day["remaining"] for day in sprint["burndown"] if "remaining" in day]


@requirement("ceremonies.virtual", "ceremonies.own-time")
async def test_half_a_fast_sprint_is_told_by_its_daily_as_half_of_its_days(ana: Agent) -> None:
    key = await a_fast_sprint(ana)

    daily = await the_report(ana, key, "daily_scrum", HALF)

    assert daily.startswith(f"Daily scrum of {key}-S1, 2026-03-09 07:40 UTC")
    for line in (
        "Time runs 1000 times faster for the project: its days and moments are told, not the real ones.",
        "Working day 6 of 10; it ends 2026-03-15.",
        "The ideal line goes from 5 to 4 points today; 8 remain, 3 over where it began today.",
        "the 50% of the working days that are left, today included.",
        f"Blocked: {key}-3 'Item 3' for 2 working days (since 2026-03-05 09:00 UTC): 'No key for the door'.",
        "behind the burndown, 8 points remained on 2026-03-08, 5 on the ideal line.",
    ):
        assert line in daily, shortened(daily, 2_000)


@requirement("ceremonies.virtual", "ceremonies.own-time")
async def test_half_a_fast_sprint_has_half_of_its_burndown_and_its_chance_falls(ana: Agent) -> None:
    key = await a_fast_sprint(ana)

    every = [await the_sprint(ana, key, MONDAY + days * DAY) for days in (4, 7, 10, 13)]
    half = await the_sprint(ana, key, HALF)

    chances = [one["chance_to_finish"] for one in every]
    assert chances == sorted(set(chances), reverse=True)
    assert (half["days_left"], len(half["burndown"]), left(half)) == (7, 14, [10, 10, *[8] * 6])
    assert (half["time_scale"], half["project_time"]) == (1_000, "2026-03-09T07:40:00Z")
    assert {risk["name"]: risk["evidence"] for risk in half["risks"]}[
        "blocked items"
    ] == f"{key}-3 for 4 days"


async def test_in_real_time_nothing_is_said_of_clocks(ana: Agent) -> None:
    key = await a_fast_sprint(ana, {})

    sprint = await the_sprint(ana, key, HALF)
    texts = [await the_report(ana, key, kind, HALF) for kind in ("daily_scrum", "sprint_review")]
    texts.append(told(await ana.at(HALF).answer("get_sprint", project=key, sprint="current")))

    assert not any("faster" in text for text in texts)
    assert (sprint["days_left"], left(sprint), "project_time" in sprint) == (14, [8], False)
    assert sprint["burndown"][0]["day"] == "2026-03-02"


@requirement("ceremonies.own-time")
async def test_a_fast_sprint_begins_on_the_day_that_its_clock_shows_at_the_start(ana: Agent) -> None:
    """It was planned five days of its clock before."""
    key = await a_project(ana, (1,), cadence="startup")
    await ana.call("set_ceremonies", project=key, policy=FAST)
    plan = await ana.call("plan_sprint", project=key, must_include=[f"{key}-1"])
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)

    started = await ana.at(MONDAY + 5 * DAY).call("start_sprint", project=key, sprint="next")
    changing = {"project": key, "sprint": "current", "action": "extend"}
    shorter = await ana.at(MONDAY + 15 * DAY).refused("change_sprint", **changing, days=-4)

    assert (started["start"], started["end"], started["days_left"]) == ("2026-03-07", "2026-03-20", 14)
    assert "would end 2026-03-16, before today (2026-03-17)" in shorter


async def test_velocity_counts_the_working_days_of_a_fast_sprint_and_the_hours_of_the_wall(
    ana: Agent,
) -> None:
    key = await a_fast_sprint(ana)
    over = ana.at(MONDAY + 11.5 * DAY)
    await over.call("close_sprint", project=key, sprint="current")

    units = ("points_per_sprint", "points_per_working_day", "points_per_hour")
    means = [(await over.call("get_velocity", project=key, unit=unit))["mean"] for unit in units]

    assert means == [2, 0.2, round(2 / (11.5 * 24 / 1_000), 6)]


@requirement("ceremonies.virtual", "ceremonies.own-time")
async def test_of_a_fast_sprint_that_runs_the_days_that_its_clock_left_are_foretold(ana: Agent) -> None:
    key = await a_fast_sprint(ana)

    coming = (await ana.at(HALF).call("forecast", project=key))["sprints"]
    asked = {"project": key, "by_date": "2026-03-08"}
    past = await ana.at(HALF).refused("forecast", **asked)

    assert [(one["start"], one["end"]) for one in coming[:2]] == [
        ("2026-03-09", "2026-03-15"),
        ("2026-03-16", "2026-03-29"),
    ]
    assert (coming[0]["working_days"], coming[0]["share"]) == (5, 0.5)
    assert "it must be from today (2026-03-09)" in past


async def test_a_plan_that_is_made_beside_a_fast_sprint_begins_when_that_is_really_over(ana: Agent) -> None:
    key = await a_fast_sprint(ana)
    await ana.call("add_items", project=key, items=[{"title": "Later", "points": 1}])

    plan = await ana.at(HALF).call("plan_sprint", project=key, must_include=[f"{key}-11"])

    assert plan["start"] == "2026-03-02"


async def test_the_next_sprint_begins_with_its_own_clock_at_the_real_time(ana: Agent) -> None:
    key = await a_fast_sprint(ana)
    await ana.at(MONDAY + 14 * DAY).call("close_sprint", project=key, sprint="current")
    again = ana.at(MONDAY + 15 * DAY)

    await start(again, key)

    sprint = await again.call("get_sprint", project=key, sprint="current")
    assert (sprint["sprint"], sprint["start"], sprint["days_left"]) == (f"{key}-S2", "2026-03-02", 14)


async def test_a_fast_sprint_that_is_over_is_as_old_as_real_time_makes_it(ana: Agent) -> None:
    """A month after its end."""
    key = await a_fast_sprint(ana)
    await ana.at(MONDAY + 11 * DAY).call("close_sprint", project=key, sprint="current")

    text = await the_report(ana, key, "retrospective", MONDAY + 11 * DAY + timedelta(days=30))

    assert text.startswith(f"Retrospective of {key}-S1, 2026-04-12 09:00 UTC")
    assert f"{key}-3 'Item 3': 6 working days: 'No key for the door'." in text


async def test_what_a_sprint_took_stays_as_it_was_when_the_next_ones_run_in_real_time(ana: Agent) -> None:
    key = await a_fast_sprint(ana)
    over = ana.at(MONDAY + 11.5 * DAY)
    await over.call("close_sprint", project=key, sprint="current")

    await over.call("set_ceremonies", project=key, policy={"sprint": {"time_scale": 1}})

    rate = await over.call("get_velocity", project=key, unit="points_per_working_day")
    assert rate["mean"] == 0.2


async def test_a_fast_sprint_that_nobody_closes_does_not_grow_older_by_centuries(ana: Agent) -> None:
    """A day is 273 years of its clock."""
    key = await a_fast_sprint(ana, {"sprint": {"time_scale": 100_000, "auto_transition": False}})

    sprint = await the_sprint(ana, key, MONDAY + timedelta(days=1))

    assert (sprint["end"], sprint["project_time"][:10]) == ("2026-03-15", "2027-03-16")
    assert sprint["risks"][0]["name"] == "overdue"


@requirement("ceremonies.virtual")
async def test_what_comes_on_a_fast_clock_is_told_by_the_second_and_with_the_day_of_the_project(
    ana: Agent,
) -> None:
    daily = {"strategy": "calendar", "time_of_day": "09:30"}
    key = await a_sprint(ana, {**FAST, "ceremonies": {"daily_scrum": daily}})
    await tick(ana, key)

    before = told(await ana.answer("list_ceremonies", project=key))
    await tick(ana, key, MONDAY + DAY / 48)
    after = told(await ana.answer("list_ceremonies", project=key))

    assert (
        "daily_scrum (calendar), 2026-03-02 09:00:01 UTC: Its next slot (2026-03-02 09:30 UTC for the project)."
        in before
    )
    assert re.search(
        r"daily_scrum, due 2026-03-02 09:00:01 UTC: .*\(2026-03-02 09:30 UTC for the project", after
    )
