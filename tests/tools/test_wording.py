"""plan_sprint with Ollama: its words where they are good, and the same plan without them."""

import json
import logging
import re
import socket
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_storage.embedded.servers import Servers
from tests.adapters.ollama_server import (
    MODEL,
    OllamaServer,
    Reply,
    an_ollama,
    answers,
    never,
    says,
    sends,
    sends_text,
)
from tests.requirements import requirement
from tests.tools.agent import Agent, agent
from tests.tools.conftest import settings_for

SOON, PATIENT = 0.2, 30.0
Helped = Callable[..., AbstractAsyncContextManager[Agent]]


@pytest.fixture
def ollama() -> Iterator[OllamaServer]:
    with an_ollama() as started:
        yield started


@pytest.fixture
def helped(servers: Servers, module_database: str) -> Helped:
    """An agent whose server asks an Ollama."""

    @asynccontextmanager
    async def connected(url: str, seconds: float = PATIENT) -> AsyncGenerator[Agent]:
        asking = settings_for(servers, module_database, ollama_url=SecretStr(url), ollama_seconds=seconds)
        async with agent(build(asking, ServerRuntime(asking))) as one:
            yield one

    return connected


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def apart(plan: dict[str, Any]) -> dict[str, Any]:
    """All of a plan but its words."""
    return {name: value for name, value in plan.items() if name not in ("reasoning", "worded_by")}


def opened(reasoning: str) -> str:
    """What a model may word: when the sprint is and who is there."""
    found = re.match(r"The sprint is from .*?\. It has .*?\.(?= )", reasoning)
    assert found
    return found[0]


def good(reasoning: str) -> str:
    return opened(reasoning).replace("is from", "runs from")


def worded_well(reasoning: str) -> str:
    return reasoning.replace("is from", "runs from", 1)


async def test_without_ollama_a_plan_is_composed(ana: Agent, shop: str) -> None:
    plan = await ana.call("plan_sprint", project=shop)

    assert plan["worded_by"] == "composer"


@requirement("plan.words")
async def test_a_good_text_is_told_by_the_plan_and_by_its_explanation(
    ana: Agent, shop: str, ollama: OllamaServer, helped: Helped
) -> None:
    composed = await ana.call("plan_sprint", project=shop)
    ollama.replies = [says(good(composed["reasoning"]).replace(" ", "\n ", 1))]

    async with helped(ollama.url) as bo:
        answer = await bo.answer("plan_sprint", project=shop)
        worded: Any = answer.structured_content
    explained = await ana.call("explain_decision", plan=worded["plan_id"])

    assert worded["reasoning"] == worded_well(composed["reasoning"]) != composed["reasoning"]
    assert worded["worded_by"] == MODEL
    assert f"worded by {MODEL}" in str(answer.content)
    assert apart(worded) == apart(composed)
    assert explained["plan"] == worded


async def test_a_model_gets_the_days_and_the_capacity_and_no_titles(
    shop: str, ollama: OllamaServer, helped: Helped
) -> None:
    ollama.replies = [says("")]

    async with helped(ollama.url) as bo:
        plan = await bo.call("plan_sprint", project=shop)

    (asked,) = ollama.asked
    assert opened(plan["reasoning"]) == asked.told[1]
    assert plan["selected"]
    assert not [one for one in plan["selected"] if one["title"] in json.dumps(asked.body)]


def another_number(reasoning: str) -> Reply:
    return says(good(reasoning).replace("10 working", "77 working"))


def a_foreign_item(reasoning: str) -> Reply:
    return says(f"{good(reasoning)} It needs SHOP-99.")


def the_whole_reasoning(reasoning: str) -> Reply:
    return says(worded_well(reasoning))


@requirement("plan.words")
@pytest.mark.parametrize("reply", [another_number, a_foreign_item, the_whole_reasoning])
async def test_a_text_that_says_more_than_the_facts_is_not_used(
    ana: Agent, shop: str, ollama: OllamaServer, helped: Helped,
    reply: Callable[[str], Reply], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    composed = await ana.call("plan_sprint", project=shop)
    ollama.replies = [reply(composed["reasoning"])]

    with caplog.at_level(logging.INFO, "scrum_adapters.ollama"):
        async with helped(ollama.url) as bo:
            plan = await bo.call("plan_sprint", project=shop)

    assert plan == composed
    assert [asked.path for asked in ollama.asked] == ["/api/chat"]
    assert "is not used, because it" in caplog.text


@requirement("plan.words")
@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (never, SOON),
        (sends({"error": "out of order"}, 500), PATIENT),
        (sends({"error": f'model "{MODEL}" not found'}, 404), PATIENT),
        (sends_text("<html>"), PATIENT),
        (answers({"words": "Good."}), PATIENT),
    ],
)
async def test_a_model_that_fails_changes_nothing(
    ana: Agent, shop: str, ollama: OllamaServer, helped: Helped, reply: Reply, seconds: float
) -> None:
    composed = await ana.call("plan_sprint", project=shop)
    ollama.replies = [reply]

    async with helped(ollama.url, seconds) as bo:
        plan = await bo.call("plan_sprint", project=shop)

    assert plan == composed
    assert ollama.asked


@requirement("plan.words")
async def test_where_nobody_listens_nothing_changes(ana: Agent, shop: str, helped: Helped) -> None:
    composed = await ana.call("plan_sprint", project=shop)

    async with helped(closed_port()) as bo:
        assert await bo.call("plan_sprint", project=shop) == composed


async def test_a_worded_plan_is_committed_as_it_was_decided(
    ana: Agent, own: str, ollama: OllamaServer, helped: Helped
) -> None:
    composed = await ana.call("plan_sprint", project=own)
    ollama.replies = [says(good(composed["reasoning"]))]

    async with helped(ollama.url) as bo:
        plan = await bo.call("plan_sprint", project=own)
        await bo.call("commit_plan", plan_id=plan["plan_id"], confirm=True)
    explained = await ana.call("explain_decision", sprint="next", project=own)

    assert explained["plan"]["reasoning"] == worded_well(composed["reasoning"])


async def part(ana: Agent) -> tuple[bool, dict[str, Any] | None]:
    """Whether all is well, and what the status says of Ollama."""
    status = await ana.call("get_status")
    return status["healthy"], next((one for one in status["parts"] if one["name"] == "ollama"), None)


@requirement("ollama.optional")
async def test_the_status_says_whether_ollama_can_word_and_that_nothing_needs_it(
    ana: Agent, ollama: OllamaServer, helped: Helped
) -> None:
    assert (await part(ana))[1] is None

    async with helped(ollama.url) as bo:
        healthy, there = await part(bo)
        ollama.models = []
        still_healthy, missing = await part(bo)
        told = str((await bo.answer("get_status")).content)

    assert there
    assert (healthy, there["ok"], there["detail"]) == (True, True, f"has {MODEL}")
    assert missing
    assert (still_healthy, missing["ok"]) == (True, False)
    assert f"Run `ollama pull {MODEL}`" in missing["detail"]
    assert "All that is needed works" in told
    assert "ollama out of use, not needed" in told
