"""Ceremonies as resources, in prompts and completions."""

import pytest
from mcp import MCPError
from mcp_types import PromptReference, ResourceTemplateReference, TextContent, TextResourceContents

from tests.tools.agent import Agent, told
from tests.tools.ceremonial import FIVE, a_sprint, delivered, tick

REPORTS = ResourceTemplateReference(type="ref/resource", uri="scrum://{project}/reports/{id}")


async def read(ana: Agent, uri: str) -> str:
    (content,) = (await ana.client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content.text


async def test_the_resource_of_ceremonies_tells_what_the_tool_tells(ana: Agent) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")

    text = await read(ana, f"scrum://{key.lower()}/ceremonies")

    assert f"{name} daily_scrum, delivered" in text
    assert "Coming:" in text


async def test_a_kept_report_is_a_resource(ana: Agent) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")

    text = await read(ana, f"scrum://{key}/reports/{name.lower()}")

    assert text == told(await ana.answer("get_report", project=key, report=name))


async def test_a_report_of_another_project_is_not_there(ana: Agent) -> None:
    key, other = await a_sprint(ana), await a_sprint(ana)
    name = await delivered(ana, other, "daily_scrum")

    with pytest.raises(MCPError, match="has kept no report"):
        await read(ana, f"scrum://{key}/reports/{name}")


async def test_names_of_ceremonies_and_ids_of_reports_are_completed(ana: Agent) -> None:
    key = await a_sprint(ana, {"ceremonies": {"design_review": {"every_n_completions": 2}}})
    name = await delivered(ana, key, "daily_scrum")
    prompt = PromptReference(type="ref/prompt", name="daily_scrum")
    context = {"project": key}

    every = await ana.client.complete(prompt, {"name": "ceremony", "value": ""}, context)
    some = await ana.client.complete(prompt, {"name": "ceremony", "value": "D"}, context)
    occurrences = await ana.client.complete(prompt, {"name": "occurrence", "value": name[:-1]}, context)
    reports = await ana.client.complete(REPORTS, {"name": "id", "value": ""}, context)

    assert every.completion.values == [*FIVE, "design_review"]
    assert some.completion.values == ["daily_scrum", "design_review"]
    assert name in occurrences.completion.values
    assert reports.completion.values == [name]


async def test_what_is_not_prepared_yet_is_no_report_to_complete(ana: Agent) -> None:
    key = await a_sprint(ana)
    assert await tick(ana, key)

    found = await ana.client.complete(REPORTS, {"name": "id", "value": ""}, {"project": key})

    assert found.completion.values == []


async def test_a_prompt_says_which_ceremony_waits(ana: Agent) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "daily_scrum")

    content = (await ana.client.get_prompt("daily_scrum", {"project": key})).messages[0].content

    assert isinstance(content, TextContent)
    assert f"Waiting for an answer: {name} daily_scrum" in content.text


async def test_there_is_a_prompt_for_each_ceremony_and_one_for_the_whole_sprint(ana: Agent) -> None:
    listed = (await ana.client.list_prompts()).prompts

    assert [prompt.name for prompt in listed] == [*FIVE, "run_sprint"]
    assert all(prompt.description for prompt in listed)
