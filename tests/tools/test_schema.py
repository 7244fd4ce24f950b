"""What is published of answers: few words, and still true and strict."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError, validate
from mcp_types import Tool
from pydantic import BaseModel

from scrum_tools.json import is_array, is_object
from scrum_tools.schema import brief
from tests.requirements import requirement
from tests.tools.agent import Agent

_WRONG: Any = [[]]


class _Leaf(BaseModel):
    """For whoever reads the code."""

    title: str
    required: int | None = None


class _Branch(BaseModel):
    leaves: list[_Leaf]
    only: _Leaf | None = None


class _Tree(BaseModel):
    branch: _Branch
    anyOf: list[_Leaf]  # noqa: N815 - a word of JSON Schema as a name


@pytest.fixture(scope="module")
async def answers(ana: Agent, planned: str) -> dict[str, dict[str, Any]]:
    return {
        "get_sprint": await ana.call("get_sprint", sprint=f"{planned}-S1", detail="items"),
        "list_items": await ana.call("list_items", project=planned),
        "forecast": await ana.call("forecast", project=planned, points=5),
        "explain_decision": await ana.call("explain_decision", project=planned, sprint="next"),
    }


def test_fields_that_are_called_as_a_word_of_the_schema_stay() -> None:
    assert brief(_Tree.model_json_schema()) == {
        "properties": {
            "branch": {
                "properties": {
                    "leaves": {"items": {"type": "object"}, "type": "array"},
                    "only": {"anyOf": [{"$ref": "#/$defs/_Leaf"}, {"type": "null"}]},
                },
                "type": "object",
            },
            "anyOf": {"items": {"$ref": "#/$defs/_Leaf"}, "type": "array"},
        },
        "type": "object",
        "$defs": {
            "_Leaf": {
                "properties": {"title": {"type": "string"}, "required": {"type": ["integer", "null"]}},
                "type": "object",
            }
        },
    }


def test_what_is_used_once_stands_where_it_is_used() -> None:
    assert brief(_Branch.model_json_schema() | {"properties": {"only": {"$ref": "#/$defs/_Leaf"}}}) == {
        "properties": {
            "only": {
                "properties": {"title": {"type": "string"}, "required": {"type": ["integer", "null"]}},
                "type": "object",
            }
        },
        "type": "object",
    }


async def test_every_schema_is_one_and_refers_to_what_it_has(ana: Agent) -> None:
    for tool in (await ana.client.list_tools()).tools:
        schema = tool.output_schema or {}
        Draft202012Validator.check_schema(schema)
        used = {node["$ref"].removeprefix("#/$defs/") for node in _objects(schema) if "$ref" in node}
        assert used == set(schema.get("$defs", {})), tool.name


@requirement("tools.answer-schemas")
async def test_an_answer_with_a_value_of_another_type_is_refused(
    ana: Agent, answers: dict[str, dict[str, Any]]
) -> None:
    tools: dict[str, Tool] = {tool.name: tool for tool in (await ana.client.list_tools()).tools}

    for name, answer in answers.items():
        schema = tools[name].output_schema or {}
        validate(answer, schema)
        for field in answer:
            with pytest.raises(ValidationError):
                validate(answer | {field: _WRONG}, schema)


def _objects(node: Any) -> list[dict[str, Any]]:
    if is_array(node):
        return [found for one in node for found in _objects(one)]
    if is_object(node):
        return [node, *(found for one in node.values() for found in _objects(one))]
    return []
