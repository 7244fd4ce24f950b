"""The listing: what a model is shown of the tools, and what is promised about them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
from mcp_types import Tool

from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_tools.json import is_array, is_object
from tests.requirements import requirement
from tests.tools.agent import SCRUM_MCP, Agent, agent
from tests.tools.conftest import a_project
from tests.tools.database import dump

NAMES = [
    "setup_project", "set_team", "add_items", "update_items", "list_items", "plan_sprint", "commit_plan",
    "start_sprint", "change_sprint", "get_sprint", "close_sprint", "get_velocity", "forecast", "trigger_ceremony",
    "list_ceremonies", "set_ceremonies", "record_ceremony", "get_report", "search_episodes", "record_episode", "list_strategies", "set_strategy", "explain_decision", "emit_event", "get_status",
]  # fmt: skip
READING = [
    "list_items", "plan_sprint", "get_sprint", "get_velocity", "forecast", "list_ceremonies", "get_report",
    "search_episodes", "list_strategies", "explain_decision", "get_status",
]  # fmt: skip
FREE = {"set_ceremonies": "policy", "emit_event": "payload"}
"""Arguments whose keys are chosen by others."""

_PRINT = """
import asyncio
from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
settings = Settings()
server = build(settings, ServerRuntime(settings))
for tool in asyncio.run(server.list_tools()):
    print(tool.model_dump_json(by_alias=True, exclude_none=True))
"""


@pytest.fixture(scope="module")
async def tools(ana: Agent) -> list[Tool]:
    return (await ana.client.list_tools()).tools


@pytest.fixture(scope="module")
async def reader(settings: Settings) -> AsyncGenerator[Agent]:
    """An agent of a server that only reads."""
    only = Settings.model_validate({**dict(settings), "read_only": True})
    async with agent(build(only, ServerRuntime(only))) as connected:
        yield connected


@requirement("tools.budget")
async def test_the_tools_have_the_names_and_the_order_of_the_contract(tools: list[Tool]) -> None:
    assert [tool.name for tool in tools] == NAMES


@requirement("tools.budget")
@pytest.mark.parametrize(("toolsets", "budget"), [("all", 24_000), ("core", 14_000)])
async def test_what_a_model_is_shown_is_within_the_budget(
    settings: Settings, toolsets: str, budget: int
) -> None:
    chosen = settings.with_options(host=None, port=None, toolsets=toolsets, read_only=False)
    tools = await build(chosen, ServerRuntime(chosen)).list_tools()
    shown = [{"name": t.name, "description": t.description, "inputSchema": t.input_schema} for t in tools]

    assert len(json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()) <= budget


async def test_the_whole_listing_fits_into_one_line_of_64_kib(tools: list[Tool]) -> None:
    """What many clients read of stdio at most."""
    shown = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]

    assert len(json.dumps(shown, separators=(",", ":"))) < 63 * 1024
    schemas = [node for tool in tools for node in _nodes(tool.output_schema or {})]
    assert not any(isinstance(node.get("title"), str) for node in schemas)


async def test_the_ceremonies_are_a_set_of_their_own(settings: Settings) -> None:
    chosen = settings.with_options(host=None, port=None, toolsets="ceremonies", read_only=False)

    assert [tool.name for tool in await build(chosen, ServerRuntime(chosen)).list_tools()] == [
        "trigger_ceremony", "list_ceremonies", "set_ceremonies", "record_ceremony", "get_report", "emit_event",
    ]  # fmt: skip


@requirement("tools.budget")
async def test_the_listing_has_the_same_bytes_in_every_process() -> None:
    def listing(seed: str) -> bytes:
        process = [sys.executable, "-c", _PRINT]
        return subprocess.run(  # noqa: S603 - our own program
            process, check=True, capture_output=True, timeout=60, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout

    assert listing("1") == listing("2") != b""


@requirement("tools.plain")
async def test_the_schemas_are_plain(tools: list[Tool]) -> None:
    for tool in tools:
        assert tool.input_schema["properties"], tool.name
        words = {word for node in _nodes(tool.input_schema) for word in node}
        assert not words & {"anyOf", "oneOf", "allOf", "$ref", "$defs"}, tool.name
        assert not any(node.get("contentMediaType") for node in _nodes(tool.input_schema))


async def test_the_schemas_say_nothing_that_json_schema_does_not_know(tools: list[Tool]) -> None:
    known = {
        "type", "description", "enum", "const", "format", "items", "properties", "required",
        "additionalProperties", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    }  # fmt: skip

    for tool in tools:
        assert {word for node in _nodes(tool.input_schema) for word in node} <= known, tool.name


@pytest.mark.parametrize(
    ("tool", "argument", "least", "most"),
    [
        ("forecast", "confidence", 0.05, 0.95),
        ("forecast", "points", 1, 100_000),
        ("plan_sprint", "target_confidence", 0.05, 0.95),
        ("get_velocity", "window", 1, 100),
    ],
)
async def test_the_limits_of_a_figure_stand_in_its_schema(
    tools: list[Tool], tool: str, argument: str, least: float, most: float
) -> None:
    (schema,) = (one.input_schema["properties"][argument] for one in tools if one.name == tool)

    assert (schema["minimum"], schema["maximum"]) == (least, most)


async def test_every_object_in_a_schema_is_closed_and_every_array_typed(tools: list[Tool]) -> None:
    for tool in tools:
        for node in _nodes(tool.input_schema):
            if node.get("type") == "object":
                free = tool.input_schema["properties"].get(FREE.get(tool.name, ""))
                assert node == free or node["additionalProperties"] is False, (tool.name, node)
            if node.get("type") == "array":
                assert node["items"]["type"], (tool.name, node)


async def test_a_description_is_short_and_names_what_comes_next(tools: list[Tool]) -> None:
    for tool in tools:
        sentences = re.findall(r"[.!?](?=\s|$)", tool.description or "")
        assert 1 <= len(sentences) <= 2, tool.description
        assert "Next: " in (tool.description or "")


async def test_what_comes_next_exists(tools: list[Tool]) -> None:
    for tool in tools:
        following = (tool.description or "").partition("Next: ")[2]
        for name in re.findall(r"\b[a-z]+_[a-z]+\b", following):
            assert name in {*NAMES, "plan_id"}, tool.description


async def test_every_tool_publishes_what_it_answers_and_how_it_behaves(tools: list[Tool]) -> None:
    for tool in tools:
        assert tool.output_schema
        assert tool.output_schema["type"] == "object"
        assert tool.annotations
        assert tool.annotations.open_world_hint is False


async def test_only_reading_tools_say_that_they_read(tools: list[Tool]) -> None:
    reading = [tool.name for tool in tools if tool.annotations and tool.annotations.read_only_hint]

    assert reading == READING


async def test_a_reading_tool_changes_no_table_but_the_plans(ana: Agent, module_database: str) -> None:
    key = await a_project(ana, (1, 2, 3))
    plan = await ana.call("plan_sprint", project=key)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    arguments: dict[str, dict[str, Any]] = {
        "list_items": {"project": key, "descriptions": True},
        "plan_sprint": {"project": key, "max_points": 100, "allow": ["blocked", "unestimated"]},
        "get_sprint": {"project": key, "detail": "ledger"},
        "get_velocity": {"project": key},
        "forecast": {"project": key},
        "list_ceremonies": {"project": key},
        "get_report": {"project": key, "kind": "history", "sprint": "current"},
        "search_episodes": {"project": key, "query": "Pay by card"},
        "list_strategies": {"project": key, "status": "candidate"},
        "explain_decision": {"project": key, "sprint": "current"},
        "get_status": {"project": key},
    }
    await ana.call("add_items", project=key, items=[{"title": "Another", "points": 1}])
    before = await dump(module_database, without=("plans",))

    for name in READING:
        await ana.call(name, **arguments[name])

    assert await dump(module_database, without=("plans",)) == before


async def test_an_idempotent_tool_called_twice_changes_nothing_more(
    ana: Agent, tools: list[Tool], module_database: str
) -> None:
    arguments: dict[str, dict[str, Any]] = {
        "setup_project": {"project": "TWICE", "name": "Twice", "days_off": ["2026-05-01"], "country": "de"},
        "set_team": {
            "project": "TWICE",
            "members": [{"name": "Ana", "skills": ["Go"]}],
            "absences": [{"member": "ana", "start": "2026-03-03"}],
            "reason": "holidays",
        },
        "set_ceremonies": {
            "project": "TWICE",
            "template": "startup",
            "policy": {"sprint": {"every_n_completions": 3}},
        },
        "record_episode": {
            "project": "TWICE",
            "context": "Team of 2",
            "decision": "Wait",
            "outcome": "It rained",
        },
        "set_strategy": {
            "project": "TWICE",
            "name": "holidays",
            "when": "days_away > 2",
            "effect": "buffer 10%",
        },
    }
    idempotent = [t for t in tools if t.annotations and t.annotations.idempotent_hint]
    writing = [t.name for t in idempotent if t.name not in READING]
    assert writing == list(arguments)

    for name in writing:
        await ana.call(name, **arguments[name])
        before = await dump(module_database)
        await ana.call(name, **arguments[name])
        assert await dump(module_database) == before


async def test_what_overwrites_or_ends_something_says_that_it_is_destructive(tools: list[Tool]) -> None:
    destructive = {tool.name for tool in tools if tool.annotations and tool.annotations.destructive_hint}

    assert {"set_team", "update_items", "change_sprint", "close_sprint"} <= destructive
    assert not destructive & {*READING, "add_items", "commit_plan", "start_sprint"}


@requirement("tools.read-only")
async def test_a_server_that_only_reads_offers_no_writing_tool(reader: Agent) -> None:
    assert [tool.name for tool in (await reader.client.list_tools()).tools] == READING
    assert "Unknown tool" in await reader.refused("add_items", project="SHOP", items=[{"title": "A"}])


@requirement("http.loopback")
@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (("--toolsets", "core,cerimonies"), "There is no toolset 'cerimonies'"),
        (("--toolsets", ""), "There is no toolset"),
        (("--toolsets", "integrations"), "has no tools yet"),
        (("--toolsets", "core", "--http", "--port", "0", "--host", "0.0.0.0"), "is not one of 127.0.0.1"),  # noqa: S104 - it must be refused
        (("--toolsets", "core", "--http", "--port", "0", "--host", "127.0.0.2"), "is not one of 127.0.0.1"),
    ],
)
def test_an_option_that_cannot_be_ends_the_start_with_the_reason(
    option: tuple[str, ...], expected: str
) -> None:
    ended = subprocess.run(  # noqa: S603 - our own program
        [SCRUM_MCP, "serve", *option], check=False, capture_output=True, text=True, timeout=60, input=""
    )

    assert ended.returncode == 1
    assert expected in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not ended.stdout


def test_an_unknown_toolset_is_refused_with_those_that_there_are() -> None:
    ended = subprocess.run(  # noqa: S603 - our own program
        [SCRUM_MCP, "serve", "--toolsets", "none"], check=False, capture_output=True, text=True, timeout=60
    )

    assert "core, ceremonies, memory, integrations, all" in ended.stderr


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and every one inside it."""
    if is_array(schema):
        for one in schema:
            yield from _nodes(one)
    elif is_object(schema):
        properties = schema.get("properties")
        if is_object(properties):
            yield from _nodes(list(properties.values()))
        yield {name: value for name, value in schema.items() if name != "properties"}
        yield from _nodes([value for name, value in schema.items() if name != "properties"])
