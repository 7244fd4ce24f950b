"""Resources, the prompt and completions."""

import re

import pytest
from mcp import MCPError
from mcp_types import (
    PromptReference,
    ResourceTemplateReference,
    TextContent,
    TextResourceContents,
)

from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from tests.tools.agent import ERAS, Agent, agent
from tests.tools.conftest import a_project

BACKLOG, ITEM = "scrum://{project}/backlog", "scrum://{project}/items/{item}"


@pytest.fixture(scope="module")
async def shop(ana: Agent) -> str:
    """A project with a running sprint of one item, and one left in the backlog."""
    key = await a_project(ana, (3, 5))
    change = {"item": f"{key}-2", "title": "Pay by card", "description": "Line one\nLine two"}
    await ana.call("update_items", project=key, changes=[change])
    plan = await ana.call("plan_sprint", project=key, must_include=[f"{key}-1"], exclude=[f"{key}-2"])
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    return key


async def read(ana: Agent, uri: str) -> str:
    (content,) = (await ana.client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    assert content.mime_type == "text/plain"
    return content.text


async def test_the_templates_are_those_of_the_contract(ana: Agent) -> None:
    listed = (await ana.client.list_resource_templates()).resource_templates

    assert {template.uri_template for template in listed} == {
        BACKLOG,
        "scrum://{project}/sprint/current",
        "scrum://{project}/velocity",
        "scrum://{project}/strategies",
        "scrum://{project}/ceremonies",
        "scrum://{project}/reports/{id}",
        ITEM,
    }


@pytest.mark.parametrize("mode", ERAS)
async def test_a_resource_tells_what_its_tool_tells(settings: Settings, shop: str, mode: str) -> None:
    async with agent(build(settings, ServerRuntime(settings)), mode) as bo:
        assert f"{shop}-2 'Pay by card'" in await read(bo, f"scrum://{shop}/backlog")
        assert f"{shop}-S1 is active" in await read(bo, f"scrum://{shop}/sprint/current")
        assert "has no points per sprint yet" in await read(bo, f"scrum://{shop}/velocity")
        assert (await read(bo, f"scrum://{shop}/items/{shop}-2")).endswith("Line one\nLine two")


async def test_an_id_in_lower_case_is_understood(ana: Agent, shop: str) -> None:
    assert "Pay by card" in await read(ana, f"scrum://{shop.lower()}/items/{shop.lower()}-2")


@pytest.mark.parametrize(
    "path",
    ["NONE/backlog", "NONE/sprint/current", "NONE/velocity", "NONE/items/NONE-1", "{shop}/items/{shop}-99"],
)
async def test_what_is_not_there_is_a_clean_protocol_error(ana: Agent, shop: str, path: str) -> None:
    with pytest.raises(MCPError) as raised:
        await ana.client.read_resource("scrum://" + path.replace("{shop}", shop))

    assert "There is no project 'NONE'" in str(raised.value) or "has no item" in str(raised.value)


@pytest.mark.parametrize(
    "path", ["%00/backlog", "%F0%9F/velocity", "x" * 5_000 + "/backlog", "../backlog", "-/items/%0A"]
)
async def test_a_strange_address_is_a_clean_protocol_error(ana: Agent, path: str) -> None:
    with pytest.raises(MCPError) as raised:
        await ana.client.read_resource("scrum://" + path)

    assert "Error reading resource" not in str(raised.value) or ":" in str(raised.value)
    assert len(str(raised.value)) < 7_000


async def test_a_project_without_a_sprint_says_how_to_get_one(ana: Agent) -> None:
    key = await a_project(ana)

    assert "plan_sprint" in await read(ana, f"scrum://{key}/sprint/current")


async def test_the_prompt_of_a_planning_knows_where_the_project_stands(ana: Agent, shop: str) -> None:
    got = await ana.client.get_prompt("sprint_planning", {"project": shop.lower(), "goal": "Sell 'things'"})

    content = got.messages[0].content
    assert isinstance(content, TextContent)
    assert f"{shop}-S1 is active" in content.text
    assert "Sell \u2019things\u2019" in content.text


@pytest.mark.parametrize(
    "name", ["daily_scrum", "backlog_refinement", "sprint_review", "retrospective", "run_sprint"]
)
async def test_the_prompt_of_a_ceremony_knows_the_project_and_names_tools_that_there_are(
    ana: Agent, shop: str, name: str
) -> None:
    got = await ana.client.get_prompt(name, {"project": shop})

    content = got.messages[0].content
    assert isinstance(content, TextContent)
    assert f"{shop}-S1 is active" in content.text
    assert "{" not in content.text
    tools = {tool.name for tool in (await ana.client.list_tools()).tools}
    named = set(
        re.findall(
            r"\b(?:get|list|set|add|update|record|trigger|emit|plan|change|explain)_[a-z]+", content.text
        )
    )
    assert named - {"plan_id"} <= tools
    assert "record_ceremony" in content.text


@pytest.mark.parametrize("project", ["NONE", "", "\x00"])
async def test_a_planning_of_nothing_is_a_clean_protocol_error(ana: Agent, project: str) -> None:
    with pytest.raises(MCPError) as raised:
        await ana.client.get_prompt("sprint_planning", {"project": project})

    assert re.search("There is no project 'NONE'|'' is no project key", str(raised.value))


async def test_completions_know_projects_sprints_and_items(ana: Agent, shop: str) -> None:
    template = ResourceTemplateReference(type="ref/resource", uri=ITEM)
    prompt = PromptReference(type="ref/prompt", name="sprint_planning")

    projects = await ana.client.complete(prompt, {"name": "project", "value": shop.lower()})
    items = await ana.client.complete(template, {"name": "item", "value": ""}, {"project": shop})
    sprints = await ana.client.complete(template, {"name": "sprint", "value": f"{shop}-s"}, {"project": shop})

    assert shop in projects.completion.values
    assert items.completion.values == [f"{shop}-1", f"{shop}-2"]
    assert sprints.completion.values == [f"{shop}-S1"]


async def test_a_completion_of_what_is_unknown_is_empty(ana: Agent) -> None:
    template = ResourceTemplateReference(type="ref/resource", uri=ITEM)

    for argument, context in (
        ({"name": "item", "value": ""}, {"project": "NONE"}),
        ({"name": "item", "value": ""}, None),
        ({"name": "project", "value": "\x00"}, None),
        ({"name": "colour", "value": ""}, {"project": "NONE"}),
    ):
        assert (await ana.client.complete(template, argument, context)).completion.values == []


async def test_every_open_item_that_begins_so_is_completed_however_long_the_backlog_is(ana: Agent) -> None:
    key = await a_project(ana, (1,) * 150)

    found = await ana.client.complete(
        ResourceTemplateReference(uri=ITEM),
        {"name": "item", "value": f"{key}-14"},
        context_arguments={"project": key},
    )

    assert found.completion.values == [f"{key}-14", *(f"{key}-{n}" for n in range(140, 150))]
