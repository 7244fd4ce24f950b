"""A server that works for itself delivers what becomes due, and keeps what was agreed."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_storage.embedded.servers import Servers
from tests.conftest import administer
from tests.requirements import requirement
from tests.tools.agent import Agent, agent, told
from tests.tools.ceremonial import a_sprint, delivered, finish, look
from tests.tools.conftest import settings_for


@pytest.fixture
async def working(servers: Servers, database: str) -> AsyncGenerator[Agent]:
    settings = settings_for(servers, database, worker=True)
    async with agent(build(settings, ServerRuntime(settings))) as connected:
        yield connected


async def test_what_becomes_due_is_delivered_without_being_asked_for(working: Agent) -> None:
    key = await a_sprint(working, {"ceremonies": {"daily_scrum": {"every_n_completions": 2}}})

    await finish(working, key, 1, 2)

    async with asyncio.timeout(30):
        while not (daily := _daily(await look(working, key))):
            pass
    report = await working.call("get_report", project=key, report=daily[0]["occurrence"])
    assert "Completed: 2 points in 2 items" in str(report["sections"])
    assert report["sections"][0] == {
        "heading": "Why it is held",
        "lines": ["2 items are done; it is due after every 2 completions."],
    }


async def test_an_action_that_was_agreed_is_told_until_it_is_done(working: Agent) -> None:
    key = await a_sprint(working)
    first = await delivered(working, key, "retrospective")
    await working.call("record_ceremony", occurrence=first, actions=[{"text": "Mend it", "owner": "Bo"}])

    assert await _told(working, key, "Mend it")

    second = await delivered(working, key, "retrospective")
    await working.call(
        "record_ceremony", occurrence=second, actions=[{"id": f"{first}-A1", "status": "done"}]
    )
    assert await _told(working, key, "None is open")


async def _told(working: Agent, key: str, expected: str) -> bool:
    async with asyncio.timeout(30):
        while expected not in told(await working.answer("get_report", project=key, kind="actions")):
            pass
    return True


def _daily(listed: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in listed["unanswered"] if one["ceremony"] == "daily_scrum"]


@requirement("ceremonies.answer")
async def test_one_that_failed_is_told_with_what_to_do_and_is_tried_again(
    ana: Agent, module_database: str
) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": {"every_n_completions": 1}}})
    await finish(ana, key, 1)
    due = await ana.call("emit_event", project=key, name="time_passed")
    (name,) = (one["occurrence"] for one in due["became_due"] if one["ceremony"] == "daily_scrum")
    await administer(module_database, _FAIL.format(name))

    status = told(await ana.answer("get_status", project=key))
    listed = await look(ana, key)

    assert f"FAILED: {name} daily_scrum: trigger_ceremony tries again." in status
    assert [one["occurrence"] for one in listed["failed"]] == [name]
    assert listed["failed"][0]["told"] == "no paper"
    assert listed["next"] == f"Next: trigger_ceremony with 'daily_scrum' tries {name} again."
    assert await delivered(ana, key, "daily_scrum") == name
    mended = await look(ana, key)
    assert mended["failed"] == []
    assert mended["next"].startswith(f"Next: get_report with report='{name}', then record_ceremony")


_FAIL = "UPDATE core.occurrences SET status = 'failed', told = 'no paper' WHERE id = '{}'"
