"""What a server says names only the tools that it offers."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp_types import TextContent, TextResourceContents

from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_tools.toolsets import OFFERED, sayable
from tests.requirements import requirement
from tests.tools.agent import Agent, agent, told
from tests.tools.ceremonial import a_sprint, delivered

ALL = frozenset(one.function.__name__ for one in OFFERED)
SOME: list[dict[str, Any]] = [
    {"toolsets": ("core",)},
    {"toolsets": ("core", "ceremonies")},
    {"toolsets": ("ceremonies",)},
    {"toolsets": ("memory",)},
    {"read_only": True},
]


@asynccontextmanager
async def offering(settings: Settings, some: dict[str, Any]) -> AsyncGenerator[Agent]:
    chosen = settings.model_copy(update=some)
    async with agent(build(chosen, ServerRuntime(chosen))) as connected:
        yield connected


async def tools_of(one: Agent) -> set[str]:
    return {tool.name for tool in (await one.client.list_tools()).tools}


@requirement("tools.offered")
@pytest.mark.parametrize("some", SOME)
async def test_prompts_and_instructions_name_only_tools_that_are_offered(
    ana: Agent, settings: Settings, some: dict[str, Any]
) -> None:
    key = await a_sprint(ana)

    async with offering(settings, some) as one:
        offered = await tools_of(one)
        texts = [one.client.instructions or ""]
        for listed in (await one.client.list_prompts()).prompts:
            content = (await one.client.get_prompt(listed.name, {"project": key})).messages[0].content
            assert isinstance(content, TextContent)
            texts.append(content.text.partition("\n\n1. ")[2])

    for text in texts:
        assert [name for name in ALL - offered if f"{name} " in text.replace("(", " ")] == []


@pytest.mark.parametrize(
    ("some", "expected"),
    [
        (SOME[0], ["sprint_planning", "run_sprint"]),
        (SOME[2], ["daily_scrum", "backlog_refinement", "sprint_review", "retrospective"]),
        (SOME[3], []),
        (SOME[4], []),
    ],
)
async def test_a_prompt_is_there_where_its_tools_are(
    settings: Settings, some: dict[str, Any], expected: list[str]
) -> None:
    async with offering(settings, some) as one:
        assert [prompt.name for prompt in (await one.client.list_prompts()).prompts] == expected


@pytest.mark.parametrize(
    ("some", "expected"), [(SOME[0], "daily_scrum."), (SOME[4], "daily_scrum: get_report.")]
)
async def test_the_status_names_what_waits_with_the_tools_that_are_offered(
    ana: Agent, settings: Settings, some: dict[str, Any], expected: str
) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")

    async with offering(settings, some) as one:
        status = told(await one.answer("get_status", project=key))

    assert f"Waiting for an answer: {name} {expected}" in status
    assert ("not offered here: update_items, close_sprint" in status) is ("read_only" in some)


@requirement("tools.offered")
@pytest.mark.parametrize("some", SOME)
async def test_descriptions_name_only_tools_that_are_offered(
    settings: Settings, some: dict[str, Any]
) -> None:
    async with offering(settings, some) as one:
        tools = (await one.client.list_tools()).tools
        offered = {tool.name for tool in tools}

    described = {tool.name: tool.description or "" for tool in tools}
    assert all(described.values())
    assert {name: told for name, told in described.items() if _named(told) - offered} == {}


@requirement("tools.offered")
@pytest.mark.parametrize(
    ("some", "tool", "arguments"),
    [
        (SOME[4], "get_sprint", {"sprint": "current"}),
        (SOME[4], "list_ceremonies", {}),
        (SOME[4], "list_items", {"where": {"estimated": False}}),
        (SOME[3], "search_episodes", {"query": "A"}),
        (SOME[2], "set_ceremonies", {"template": "solo", "dry_run": True}),
    ],
)
async def test_a_next_step_says_which_of_its_tools_are_not_offered(
    ana: Agent, settings: Settings, some: dict[str, Any], tool: str, arguments: dict[str, Any]
) -> None:
    key = await a_sprint(ana)

    async with offering(settings, some) as one:
        offered = await tools_of(one)
        answer = await one.answer(tool, project=key, **arguments)

    steps = [line.partition("Next: ")[2] for line in told(answer).splitlines() if "Next: " in line]
    assert steps
    for step in steps:
        lacking = _named(step) - offered
        assert lacking == _named(step.partition("(not offered here: ")[2])
    if "next" in (answer.structured_content or {}):
        assert str(answer.structured_content["next"]) in told(answer)


@requirement("tools.offered")
async def test_a_resource_says_which_tools_of_its_next_step_are_not_offered(
    ana: Agent, settings: Settings
) -> None:
    key = await a_sprint(ana)

    async with offering(settings, SOME[4]) as one:
        (content,) = (await one.client.read_resource(f"scrum://{key}/sprint/current")).contents

    assert isinstance(content, TextResourceContents)
    assert "(not offered here: update_items, change_sprint, close_sprint)." in content.text


async def test_where_all_tools_are_offered_none_is_said_to_be_missing(ana: Agent) -> None:
    key = await a_sprint(ana)

    assert "not offered" not in told(await ana.answer("get_sprint", project=key, sprint="current"))


async def test_what_people_wrote_is_no_next_step(ana: Agent, settings: Settings) -> None:
    key = await a_sprint(ana)
    title = "Next: drop set_team."
    await ana.call("add_items", project=key, items=[{"title": title}])

    async with offering(settings, SOME[4]) as one:
        text = told(await one.answer("list_items", project=key, where={"sprint": ""}))

    assert title in text
    assert "set_team" not in text.replace(title, "")


def _named(text: str) -> set[str]:
    """The tools in it; `forecast` is a word as well."""
    return {name for name in ALL - {"forecast"} if re.search(rf"\b{name}\b", text)}


def test_a_line_of_which_nothing_can_be_said_is_no_more() -> None:
    text = "Call get_status. Then plan_sprint tells.\nCall list_items.\nTalk."

    assert sayable(text, {"get_status"}) == "Call get_status.\nTalk."
    assert sayable(text, ALL) == text
