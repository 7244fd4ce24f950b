"""record_ceremony and emit_event: what people and other programs tell, and what comes of it."""

import re
from typing import Any

import pytest

from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.ceremonial import HOUR, a_sprint, delivered, finish, look, tick
from tests.tools.conftest import Refused


async def test_what_came_of_it_is_answered_with_the_ids_of_its_actions(ana: Agent) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "retrospective")

    recorded = await ana.call(
        "record_ceremony",
        occurrence=name.lower(),
        notes="We talked.\nThen we agreed.",
        decisions=["Pair more"],
        attendees=["Ana", "Bo"],
        actions=[{"text": "Mend the pipeline", "owner": "Bo", "due": "2026-03-09"}, {"text": "Ask Cy"}],
    )

    assert recorded["status"] == "held"
    assert recorded["actions"] == [
        {
            "id": f"{name}-A1",
            "text": "Mend the pipeline",
            "owner": "Bo",
            "due": "2026-03-09",
            "status": None,
        },
        {"id": f"{name}-A2", "text": "Ask Cy", "owner": None, "due": None, "status": None},
    ]
    assert name not in [one["occurrence"] for one in (await look(ana, key))["unanswered"]]


async def test_an_action_is_changed_by_its_id(ana: Agent) -> None:
    key = await a_sprint(ana)
    first = await delivered(ana, key, "retrospective")
    await ana.call("record_ceremony", occurrence=first, actions=[{"text": "Ask Cy"}])
    second = await delivered(ana.at(MONDAY + HOUR), key, "retrospective", MONDAY + HOUR)

    recorded = await ana.call(
        "record_ceremony", occurrence=second, actions=[{"id": f"{first}-a1", "status": "done"}]
    )

    assert [(one["id"], one["status"]) for one in recorded["actions"]] == [(f"{first}-A1", "done")]


@requirement("ceremonies.gates")
async def test_a_gate_that_is_answered_lets_the_sprint_go_on(ana: Agent) -> None:
    gates = {name: {"gate": True} for name in ("sprint_review", "retrospective")}
    key = await a_sprint(ana, {"ceremonies": gates}, items=2)
    await finish(ana, key, 1, 2)
    assert "sprint_review" in await tick(ana, key)
    assert "sprint_review" in (await look(ana, key))["waits_for"]

    review = await delivered(ana, key, "sprint_review")
    reviewed = await ana.call("record_ceremony", occurrence=review, notes="Good")
    retro = await delivered(ana, key, "retrospective")
    over = await ana.call("record_ceremony", occurrence=retro, skipped="Nobody had time")

    assert (reviewed["was"], reviewed["state"]) == ("in_review", "retrospective")
    assert (over["status"], over["state"]) == ("skipped", "completed")
    assert (await ana.call("get_sprint", sprint=f"{key}-S1"))["state"] == "completed"


@requirement("ceremonies.answer")
async def test_looking_back_at_a_sprint_that_is_over_is_still_asked_for_and_its_dailies_are_not(
    ana: Agent,
) -> None:
    key = await a_sprint(ana, items=1)
    daily = await delivered(ana, key, "daily_scrum")
    review = await delivered(ana, key, "sprint_review")
    await ana.call("close_sprint", sprint="current", project=key)

    listed = await look(ana, key)
    status = (await ana.call("get_status", project=key))["projects"][0]

    assert listed["sprint"] == f"{key}-S2"
    assert daily not in [one["occurrence"] for one in listed["unanswered"]]
    assert status["unanswered"] == [review]
    assert f"occurrence={review!r}" in listed["next"]


@requirement("ceremonies.answer")
async def test_only_the_last_of_several_dailies_is_asked_for(ana: Agent) -> None:
    key = await a_sprint(ana)
    for hours in (0, 1, 2):
        last = await delivered(ana, key, "daily_scrum", MONDAY + hours * HOUR)

    status = (await ana.at(MONDAY + 3 * HOUR).call("get_status", project=key))["projects"][0]
    listed = await look(ana, key, MONDAY + 3 * HOUR)

    assert status["unanswered"] == [last]
    assert [one["occurrence"] for one in listed["unanswered"]] == [last]
    assert f"occurrence={last!r}" in listed["next"]


@requirement("ceremonies.answer")
async def test_what_is_due_for_over_a_minute_is_told_with_what_to_look_at(ana: Agent) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": {"every_n_completions": 1}}})
    await finish(ana, key, 1)
    assert "daily_scrum" in await tick(ana, key)

    at_once = await ana.call("get_status", project=key)
    late = told(await ana.at(MONDAY + HOUR).answer("get_status", project=key))

    assert "late" not in at_once["projects"][0]
    assert re.search(r"Due for over a minute and not prepared: \d ceremon.* whether a worker runs", late)


async def test_what_is_due_of_an_earlier_sprint_is_listed(ana: Agent) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": {"every_n_completions": 1}}}, items=1)
    await finish(ana, key, 1)
    await tick(ana, key)

    listed = await look(ana, key)

    assert listed["sprint"] == f"{key}-S2"
    assert {"daily_scrum", "sprint_review"} <= {one["ceremony"] for one in listed["due"]}


async def test_what_waits_is_listed_once(ana: Agent) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")

    assert told(await ana.answer("list_ceremonies", project=key)).count(f"{name} daily_scrum") == 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"name": ""}, r"^name"),
        ({"name": "task_completed"}, r"recorded by scrum-mcp itself"),
        ({"name": "budget_spent"}, r"^payload\.spent"),
        ({"name": "budget_spent", "payload": {"spent": "much"}}, r"^payload\.spent"),
        ({"name": "deployed", "payload": {"log": "x" * 5_000}}, r"^payload is \d+ characters long"),
        ({"name": "deployed", "payload": [1]}, r"^payload: .*dictionary"),
    ],
)
async def test_an_event_that_cannot_be_is_refused(
    ana: Agent, refused: Refused, arguments: dict[str, Any], expected: str
) -> None:
    key = await a_sprint(ana)

    assert re.search(expected, await refused("emit_event", project=key, **arguments))


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ({"skipped": " "}, r"^skipped is empty"),
        ({"skipped": "No time", "notes": "We met"}, r"^skipped: .*one or the other"),
        ({"notes": "x" * 4_001}, r"notes is 4001 characters long"),
        ({"decisions": ["Yes"] * 21}, r"decisions has 21 entries; the limit is 20"),
        ({"attendees": [f"P{n}" for n in range(51)]}, r"attendees has 51 entries"),
        ({"actions": [{"text": " "}]}, r"actions #1: text is empty"),
        ({"actions": [{"id": "SHOP-1", "status": "done"}]}, r"actions #1: id 'SHOP-1' is no action item"),
        ({"actions": [{"text": "Go", "due": "soon"}]}, r"actions\[0\]\.due: must be a day"),
        ({"actions": [{"text": "Go", "state": "open"}]}, r"actions\[0\]\.state: is no field here"),
    ],
)
async def test_an_outcome_that_cannot_be_is_refused_and_the_ceremony_still_waits(
    ana: Agent, refused: Refused, outcome: dict[str, Any], expected: str
) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")

    assert re.search(expected, await refused("record_ceremony", occurrence=name, **outcome))


async def test_what_was_answered_is_not_answered_again(ana: Agent, refused: Refused) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")
    await ana.call("record_ceremony", occurrence=name, notes="Fine")

    assert "was held already. Call trigger_ceremony to hold another" in await refused(
        "record_ceremony", occurrence=name
    )
    assert "was held already" in await refused("record_ceremony", occurrence=name, skipped="Twice")


async def test_what_was_held_before_it_was_prepared_is_told_to_have_no_report(ana: Agent) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": {"every_n_completions": 1}}})
    await finish(ana, key, 1)
    due = await ana.call("emit_event", project=key, name="time_passed")
    name, ceremony = due["became_due"][0]["occurrence"], due["became_due"][0]["ceremony"]

    text = told(await ana.answer("record_ceremony", occurrence=name, notes="Fine"))

    assert text.startswith(
        f"{name} {ceremony} is held.\nIt was held before its report was made, so none is kept of it.\n"
    )
    name = await delivered(ana, key, "daily_scrum")
    text = told(await ana.answer("record_ceremony", occurrence=name, notes="Fine"))
    assert "none is kept" not in text


async def test_an_event_says_what_became_due_by_it(ana: Agent) -> None:
    policy = {"ceremonies": {"daily_scrum": {"strategy": "event_driven", "on": "deployed", "debounce": 1}}}
    key = await a_sprint(ana, policy)
    await tick(ana, key)

    text = told(await ana.answer("emit_event", project=key, name="Deployed", payload={"version": "1.2"}))

    assert re.search(rf"Due by it \(1\):\n{key}-S1-C\d+ daily_scrum, due", text)


async def test_a_ceremony_says_for_whom_it_is(ana: Agent) -> None:
    daily = {"every_n_completions": 1, "participants": ["Ana", "Bo"]}
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": daily}})
    await finish(ana, key, 1)

    text = told(await ana.answer("emit_event", project=key, name="looked"))

    assert re.search(r"-C\d+ daily_scrum for Ana, Bo, due", text)


async def test_a_day_or_an_owner_of_an_action_is_taken_back(ana: Agent) -> None:
    key = await a_sprint(ana)
    first = await delivered(ana, key, "retrospective")
    agreed = {"text": "Ask Cy", "owner": "Bo", "due": "2026-03-09"}
    await ana.call("record_ceremony", occurrence=first, actions=[agreed])
    second = await delivered(ana.at(MONDAY + HOUR), key, "retrospective", MONDAY + HOUR)
    freed = {"id": f"{first}-A1", "clear": ["owner", "due"]}

    recorded = await ana.call("record_ceremony", occurrence=second, actions=[freed])

    assert [(one["id"], one["clear"]) for one in recorded["actions"]] == [(f"{first}-A1", ["owner", "due"])]
