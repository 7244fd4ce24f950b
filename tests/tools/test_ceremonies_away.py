"""Ceremonies while a store is away, and when several ask at once."""

import asyncio
from datetime import timedelta

from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.ceremonial import a_sprint, delivered, finish, look, tick
from tests.tools.database import rows


@requirement("ceremonies.away")
async def test_a_ceremony_that_cannot_be_kept_now_is_due_and_is_prepared_later(
    ana: Agent, away: Agent
) -> None:
    key = await a_sprint(ana)

    text = await away.refused("trigger_ceremony", project=key, ceremony="daily_scrum")

    assert "is due, and is prepared by itself once this is mended" in text
    assert "Nothing was changed" not in text
    (due,) = (one for one in (await look(away, key))["fired"] if one["ceremony"] == "daily_scrum")
    assert due["status"] == "due"
    assert due["occurrence"] in text
    assert await delivered(ana, key, "daily_scrum") == due["occurrence"]


async def test_a_preview_says_what_is_missing_while_the_chronicle_is_away(ana: Agent, away: Agent) -> None:
    key = await a_sprint(ana)

    text = told(await away.answer("trigger_ceremony", project=key, ceremony="daily_scrum", dry_run=True))

    assert "The chronicle cannot be read now" in text
    assert f"Daily scrum of {key}-S1" in text


async def test_actions_and_kept_reports_are_refused_while_the_chronicle_is_away(
    ana: Agent, away: Agent
) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")

    for arguments in ({"kind": "actions"}, {"report": name}):
        assert "Nothing of it is lost" in await away.refused("get_report", project=key, **arguments)


async def test_an_outcome_is_recorded_while_the_chronicle_is_away(ana: Agent, away: Agent) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "retrospective")

    recorded = await away.call("record_ceremony", occurrence=name, actions=[{"text": "Ask Cy"}])

    assert recorded["actions"][0]["id"] == f"{name}-A1"


@requirement("ceremonies.unreported")
async def test_a_review_that_took_place_opens_its_gate_while_the_chronicle_is_away(
    ana: Agent, away: Agent
) -> None:
    key = await a_sprint(ana, {"ceremonies": {"sprint_review": {"gate": True}}}, items=1)
    await finish(ana, key, 1)
    assert "sprint_review" in await tick(ana, key)
    text = await away.refused("trigger_ceremony", project=key, ceremony="sprint_review")
    assert "record_ceremony takes what came of it" in text

    listed = (await look(away, key))["fired"]
    (review,) = (one["occurrence"] for one in listed if one["ceremony"] == "sprint_review")
    recorded = await away.call("record_ceremony", occurrence=review, decisions=["Ship it"])

    assert (recorded["was"], recorded["status"]) == ("in_review", "held")
    assert recorded["state"] != "in_review"


async def test_a_ceremony_that_is_asked_for_twice_within_a_minute_says_so(ana: Agent) -> None:
    key = await a_sprint(ana)
    first = await delivered(ana, key, "daily_scrum")

    later = [MONDAY + timedelta(seconds=seconds) for seconds in (30, 95)]
    twice, much_later = [
        await ana.at(at).call("trigger_ceremony", project=key, ceremony="daily_scrum") for at in later
    ]

    assert twice["repeated"].startswith(f"{first} was delivered less than a minute before")
    assert "repeated" not in much_later


async def test_two_that_ask_at_once_hold_what_is_there_once(ana: Agent, module_database: str) -> None:
    key = await a_sprint(ana)

    named = set(await asyncio.gather(*(delivered(ana, key, "daily_scrum") for _ in range(4))))

    found = await rows(
        module_database,
        "SELECT key FROM core.occurrences WHERE sprint = $1 AND ceremony = 'daily_scrum'",
        f"{key}-S1",
    )
    assert 1 <= len(named) <= 4
    assert len({row["key"] for row in found}) == len(found) == len(named)
