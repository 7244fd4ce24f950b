"""Who commits a plan: people, an agent that a person agreed with, or the server within limits."""

import asyncio
import os
import subprocess
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, Literal

import pytest
from mcp.client.session import ClientRequestContext, ElicitationFnT
from mcp_types import ElicitRequestParams, ElicitResult

from scrum.clock import system
from scrum.sprint.usecases import import_history
from scrum.sprint.velocity import PastSprint, Source
from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_storage.embedded.servers import Servers
from scrum_storage.store import open_store
from tests.builders import by
from tests.requirements import requirement
from tests.tools.agent import ERAS, LEGACY, MODERN, SCRUM_MCP, Agent, agent, environment, stdio_agent
from tests.tools.conftest import a_project
from tests.tools.database import events
from tests.tools.processes import http_server

Action = Literal["accept", "decline", "cancel"]
Places = dict[str, Callable[..., AbstractAsyncContextManager[Agent]]]


class Person:
    """Answers whatever is asked, and remembers it."""

    def __init__(self, action: Action = "accept", *, approve: bool = True) -> None:
        self.asked: list[str] = []
        self._answer = ElicitResult(
            action=action, content={"approve": approve} if action == "accept" else None
        )

    async def __call__(self, _: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.asked.append(params.message)
        return self._answer


@asynccontextmanager
async def over_http(
    settings: dict[str, str], mode: str, *, asked: ElicitationFnT | None = None
) -> AsyncGenerator[Agent]:
    async with http_server(settings) as url, agent(url, mode, asked=asked) as connected:
        yield connected


async def a_plan(ana: Agent, **settings: Any) -> tuple[str, dict[str, Any]]:
    key = await a_project(ana, (1, 2, 3), **settings)
    return key, await ana.call("plan_sprint", project=key)


@requirement("autonomy")
async def test_suggest_hands_over_the_proposal_and_a_person_commits_it(
    ana: Agent, servers: Servers, module_database: str
) -> None:
    key, plan = await a_plan(ana, autonomy="suggest")

    text = await ana.refused("commit_plan", plan_id=plan["plan_id"], confirm=True)

    assert f"`scrum-mcp commit {plan['plan_id']}`" in text
    assert plan["reasoning"] in text
    today = ana.at(system())
    fresh = await today.call("plan_sprint", project=key)
    said = await asyncio.to_thread(commit, environment(servers, module_database), fresh["plan_id"])
    assert f"{key}-S1 is planned" in said
    assert (await events(module_database, key))[-1]["actor"] not in ("", "local")


@requirement("autonomy")
@pytest.mark.parametrize(
    ("transport", "mode"),
    [("here", MODERN), ("here", LEGACY), ("stdio", MODERN), ("stdio", LEGACY), ("http", MODERN)],
)
@pytest.mark.parametrize(
    ("action", "approve", "made"),
    [("accept", True, True), ("accept", False, False), ("decline", False, False), ("cancel", False, False)],
)
async def test_confirm_asks_the_person_behind_the_client(  # noqa: PLR0913 - one table of cases
    ana: Agent, places: Places, transport: str, mode: str,
    action: Action, approve: bool, made: bool,
) -> None:  # fmt: skip
    key, plan = await a_plan(ana)
    person = Person(action, approve=approve)

    async with places[transport](mode, asked=person) as bo:
        answer = await bo.answer("commit_plan", plan_id=plan["plan_id"])

    assert len(person.asked) == 1
    assert plan["reasoning"] in person.asked[0]
    assert f"{key} asks a person before each commitment" in person.asked[0]
    assert answer.is_error is not made
    assert made or "did not approve" in str(answer.content)


async def test_confirm_true_does_not_go_past_a_person_who_can_be_asked(ana: Agent, places: Places) -> None:
    _, plan = await a_plan(ana)
    person = Person("decline")

    async with places["here"](MODERN, asked=person) as bo:
        text = await bo.refused("commit_plan", plan_id=plan["plan_id"], confirm=True)

    assert person.asked
    assert "did not approve" in text


@requirement("autonomy")
@pytest.mark.parametrize(("transport", "mode"), [("here", era) for era in ERAS] + [("http", LEGACY)])
async def test_where_the_client_cannot_ask_confirm_is_needed(
    ana: Agent, places: Places, transport: str, mode: str
) -> None:
    key, plan = await a_plan(ana)

    person = Person() if transport == "http" else None  # stateless HTTP cannot reach it in the older era
    async with places[transport](mode, asked=person) as bo:
        text = await bo.refused("commit_plan", plan_id=plan["plan_id"])
        made = await bo.call("commit_plan", plan_id=plan["plan_id"], confirm=True)

    assert "call commit_plan again with confirm=true" in text
    assert made["sprint"] == f"{key}-S1"


@requirement("autonomy")
async def test_autonomous_commits_within_its_limits(ana: Agent, module_database: str) -> None:
    key = await a_project(ana, (3, 5, 8, 8, 8), autonomy="autonomous")
    await history(module_database, key, [20, 22, 18, 21, 19, 20])
    plan = await ana.call("plan_sprint", project=key)

    made = await ana.call("commit_plan", plan_id=plan["plan_id"])

    assert made["sprint"] == f"{key}-S1"


@requirement("autonomy")
async def test_autonomous_asks_with_too_little_evidence(ana: Agent) -> None:
    _, plan = await a_plan(ana, autonomy="autonomous")

    text = await ana.refused("commit_plan", plan_id=plan["plan_id"])

    assert "there is too little evidence (0 past sprints)" in text


@requirement("autonomy")
async def test_autonomous_asks_above_what_is_as_likely_as_not(ana: Agent, module_database: str) -> None:
    key = await a_project(ana, (13, 13, 13, 13), autonomy="autonomous")
    await history(module_database, key, [20, 22, 18, 21, 19, 20])
    plan = await ana.call("plan_sprint", project=key, must_include=[f"{key}-{n}" for n in range(1, 5)])

    text = await ana.refused("commit_plan", plan_id=plan["plan_id"])

    assert "52 points are more than the 20 that are as likely as not" in text


@pytest.fixture(scope="module")
async def places(servers: Servers, settings: Settings, module_database: str) -> Places:
    """Ways to connect: in this process, with a process of its own, or over HTTP."""

    def here(mode: str, *, asked: ElicitationFnT | None = None) -> AbstractAsyncContextManager[Agent]:
        return agent(build(settings, ServerRuntime(settings)), mode, asked=asked)

    surroundings = environment(servers, module_database)
    return {
        "here": here,
        "stdio": partial(stdio_agent, surroundings),
        "http": partial(over_http, surroundings),
    }


async def history(database: str, project: str, completed: list[int]) -> None:
    past = {
        float(n): PastSprint(f"Sprint {n}", Source.IMPORTED, points, days=14)
        for n, points in enumerate(completed, 1)
    }
    async with open_store(database) as store:
        await import_history(store.start, project, past, by=by())


def commit(settings: dict[str, str], plan: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own program
        [SCRUM_MCP, "commit", plan], check=False, capture_output=True, text=True, timeout=60,
        env={**os.environ, **settings},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
