"""Ceremonies are held, listed and told, and what cannot be is refused."""

import re
from typing import Any

import pytest

from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.ceremonial import DAY, FIVE, HOUR, a_sprint, delivered, finish, look, start, tick
from tests.tools.conftest import Refused, a_project
from tests.tools.database import dump


@requirement("ceremonies.told", "ceremonies.answer")
@pytest.mark.parametrize("ceremony", FIVE)
async def test_a_ceremony_that_is_asked_for_is_told_kept_and_waits_for_an_answer(
    ana: Agent, ceremony: str
) -> None:
    key = await a_sprint(ana)
    await tick(ana, key)

    told_now = await ana.call("trigger_ceremony", project=key, ceremony=ceremony)

    name = told_now["occurrence"]
    kept = await ana.call("get_report", project=key, report=name)
    assert (kept["title"], kept["sections"], kept["figures"]) == (
        told_now["title"],
        told_now["sections"],
        told_now["figures"],
    )
    assert kept["report"] == name
    assert name in [one["occurrence"] for one in (await look(ana, key))["unanswered"]]


async def test_the_text_of_a_daily_says_who_finished_what(ana: Agent) -> None:
    key = await a_sprint(ana)
    await ana.call("update_items", project=key, changes=[{"item": f"{key}-1", "assignee": "Ana"}])
    await finish(ana, key, 1)

    text = told(await ana.answer("trigger_ceremony", project=key, ceremony="daily_scrum"))

    assert f"Finished: {key}-1 'Item 1', 1 point." in text
    assert re.search(rf"Next: record_ceremony with occurrence='{key}-S1-C\d+'\.", text)


async def test_a_ceremony_may_be_called_as_people_call_it(ana: Agent) -> None:
    key = await a_sprint(ana)

    assert (await ana.call("trigger_ceremony", project=key.lower(), ceremony="Daily Scrum"))["ceremony"] == (
        "daily_scrum"
    )


@requirement("ceremonies.dry-run")
@pytest.mark.parametrize("ceremony", FIVE)
async def test_a_dry_run_tells_what_it_would_say_and_changes_nothing(
    ana: Agent, module_database: str, ceremony: str
) -> None:
    key = await a_sprint(ana)
    before = await dump(module_database)

    preview = await ana.call("trigger_ceremony", project=key, ceremony=ceremony, dry_run=True)

    assert await dump(module_database) == before
    assert preview["occurrence"] == ""
    made = await ana.call("trigger_ceremony", project=key, ceremony=ceremony)
    assert preview["title"] == made["title"]
    assert _told(preview) == _told(made)


@requirement("ceremonies.dry-run")
async def test_a_dry_run_of_a_planning_makes_no_plan(ana: Agent, module_database: str) -> None:
    key = await a_project(ana, (3, 5))
    before = await dump(module_database)

    rehearsed = told(
        await ana.answer("trigger_ceremony", project=key, ceremony="sprint_planning", dry_run=True)
    )
    looked_at = await ana.call("get_report", project=key, kind="sprint_planning")

    assert await dump(module_database) == before
    assert "2 items with 8 points" in rehearsed
    assert "A preview, not kept, made" in rehearsed
    assert "PLAN-" not in rehearsed
    assert "commit_plan commits" not in rehearsed
    assert looked_at.get("plan_id", "") == ""
    assert looked_at["sections"][0]["lines"][1].startswith("A preview, not kept, made ")


async def test_a_planning_makes_a_plan_and_says_how_to_commit_it(ana: Agent) -> None:
    key = await a_project(ana, (3, 5))

    text = told(await ana.answer("trigger_ceremony", project=key, ceremony="sprint_planning"))

    found = re.search(r"commit_plan with plan_id='(PLAN-\w+)'", text)
    assert found
    assert (await ana.call("commit_plan", plan_id=found[1], confirm=True))["sprint"] == f"{key}-S1"


async def test_a_ceremony_of_the_team_s_own_is_held_like_the_others(ana: Agent) -> None:
    key = await a_sprint(ana, {"ceremonies": {"design_review": {"every_n_completions": 2}}})
    await finish(ana, key, 1, 2)
    assert "design_review" in await tick(ana, key)

    made = await ana.call("trigger_ceremony", project=key, ceremony="design_review")
    recorded = await ana.call("record_ceremony", occurrence=made["occurrence"], notes="Blue")

    assert (recorded["ceremony"], recorded["status"]) == ("design_review", "held")


async def test_one_that_is_due_is_prepared_rather_than_doubled(ana: Agent) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": {"every_n_completions": 1}}})
    await finish(ana, key, 1)
    due = await ana.call("emit_event", project=key, name="time_passed")
    (name,) = (one["occurrence"] for one in due["became_due"] if one["ceremony"] == "daily_scrum")

    assert await delivered(ana, key, "daily_scrum") == name


async def test_a_project_without_a_sprint_says_what_each_ceremony_waits_for(ana: Agent) -> None:
    key = await a_project(ana)

    listed = await look(ana, key)

    assert (listed["sprint"], listed["planned"]) == (f"{key}-S1", False)
    assert [one["ceremony"] for one in listed["coming"]] == FIVE
    assert all(one["reason"] for one in listed["coming"])
    assert f"{key}-S1 is not planned yet" in told(await ana.answer("list_ceremonies", project=key))


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("trigger_ceremony", {"project": "{shop}", "ceremony": "coffee"}, r"There is no ceremony 'coffee'.*daily_scrum"),
        ("trigger_ceremony", {"project": "{shop}", "ceremony": "coffee", "dry_run": True}, r"There is no ceremony"),
        ("trigger_ceremony", {"project": "NONE", "ceremony": "daily_scrum"}, r"There is no project 'NONE'"),
        ("list_ceremonies", {"project": "NONE"}, r"There is no project 'NONE'"),
        ("set_ceremonies", {"project": "NONE", "dry_run": True}, r"There is no project 'NONE'"),
        ("emit_event", {"project": "NONE", "name": "deployed"}, r"There is no project 'NONE'"),
        ("emit_event", {"project": "{shop}", "name": "deployed"}, r"has no open sprint"),
        ("record_ceremony", {"occurrence": "{shop}-S1-C99"}, r"There is no occurrence '{shop}-S1-C99'.*list_ceremonies"),
        ("record_ceremony", {"occurrence": "nonsense", "skipped": "No"}, r"There is no occurrence"),
        ("get_report", {"project": "{shop}", "report": "{shop}-S1-C99"}, r"has kept no report"),
        ("get_report", {"project": "{shop}"}, r"kind: is required"),
    ],
)  # fmt: skip
async def test_what_is_not_there_is_refused(
    refused: Refused, shop: str, tool: str, arguments: dict[str, Any], expected: str
) -> None:
    given = {k: v.replace("{shop}", shop) if isinstance(v, str) else v for k, v in arguments.items()}

    assert re.search(expected.replace("{shop}", shop), await refused(tool, **given))


@requirement("ceremonies.answer")
async def test_the_status_says_what_waits_and_what_to_call(ana: Agent) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")

    status = await ana.answer("get_status", project=key)

    assert f"Waiting for an answer: {name} daily_scrum: get_report, then record_ceremony." in told(status)
    assert (status.structured_content or {})["projects"][0]["unanswered"] == [name]


async def test_many_ceremonies_fit_into_an_answer_which_says_how_many_there_are(ana: Agent) -> None:
    many = {f"a_ceremony_of_the_team_{n}": {"every_n_completions": 1, "gap_seconds": 0} for n in range(80)}
    key = await a_sprint(ana, {"ceremonies": many}, items=3)
    for number in (1, 2):
        await finish(ana.at(MONDAY + number * HOUR), key, number)
        await tick(ana, key, MONDAY + number * HOUR)

    listed = await look(ana, key, MONDAY + 3 * HOUR)
    policy = await ana.call("set_ceremonies", project=key, dry_run=True)

    assert listed["fired_count"] >= 160
    assert len(listed["fired"]) < listed["fired_count"]
    assert listed["coming_count"] == policy["ceremonies_count"] == 85
    assert len(policy["ceremonies"]) < 85


async def test_a_policy_with_many_milestones_fits_into_an_answer(ana: Agent) -> None:
    key = await a_project(ana, (1, 2, 3))
    goals = {f"m{n}": {"items": [f"{key}-{i}" for i in range(1, 4)]} for n in range(100)}
    sprint = {"strategy": "milestone_driven", "milestones": goals, "transition_milestone": "m1"}

    answer = await ana.call("set_ceremonies", project=key, policy={"sprint": sprint})

    assert answer["sprint"]["values"]["milestones"] == "100 entries, too long to be shown"


@pytest.mark.parametrize(
    ("tool", "most"), [("list_ceremonies", 2_000), ("set_ceremonies", 3_000), ("trigger_ceremony", 2_000)]
)
async def test_a_usual_text_is_short(ana: Agent, tool: str, most: int) -> None:
    key = await a_sprint(ana, cadence="product_team")
    await tick(ana, key)
    beside: dict[str, dict[str, Any]] = {
        "trigger_ceremony": {"ceremony": "daily_scrum"},
        "set_ceremonies": {"dry_run": True},
    }

    assert len(told(await ana.answer(tool, project=key, **beside.get(tool, {})))) < most


@requirement("ceremonies.told")
async def test_a_report_is_made_of_the_facts_of_now_until_it_is_kept(ana: Agent) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")
    await finish(ana, key, 1)

    kept = await ana.call("get_report", project=key, report=name)
    now = await ana.at(MONDAY + DAY).call("get_report", project=key, kind="daily_scrum")

    assert kept["report"] == name
    assert now["report"] is None
    assert "Completed: 0 points" in str(kept["sections"])
    assert "Completed: 1 point " in str(now["sections"])
    assert "nothing was kept" in told(await ana.answer("get_report", project=key, kind="daily_scrum"))


@pytest.mark.parametrize("kind", [*FIVE, "impediments", "actions"])
async def test_every_kind_of_report_tells_something_with_and_without_a_sprint(ana: Agent, kind: str) -> None:
    key = await a_project(ana, (3, 5))
    before = await ana.call("get_report", project=key, kind=kind)
    await start(ana, key)
    during = await ana.call("get_report", project=key, kind=kind, sprint="current")

    for report in (before, during):
        assert report["title"]
        assert report["sections"]


@pytest.mark.parametrize("kind", ["sprint_review", "retrospective"])
async def test_what_looks_back_is_of_the_last_sprint_where_none_is_open(ana: Agent, kind: str) -> None:
    key = await a_sprint(ana)
    await ana.call("close_sprint", sprint="current", project=key)

    assert (await ana.call("get_report", project=key, kind=kind))["sprint"] == f"{key}-S1"


def _told(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Without what only a made one has, and how far the chronicle is."""
    return [one for one in report["sections"] if one["heading"] not in ("What came of it", "What is missing")]
