"""Calls made from the published schemas, and then broken: none finds an internal error."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult

from scrum.ceremonies.policy.settings import KEYS
from scrum.ceremonies.terms import FIVE, Strategy, Trigger
from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_tools.json import is_array, is_object
from scrum_tools.toolsets import Toolset, tools
from tests.requirements import requirement
from tests.tools.agent import Agent, agent, told
from tests.tools.conftest import a_project

EXAMPLES = 50
TOOLS = tools(frozenset({Toolset.ALL}), read_only=False)

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "0", "[]", "{}", "null", "NaN", "1e999", "current", "-", "#1", "9999-12-31"]),
    st.text(max_size=20),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)
PLAUSIBLE: dict[str, list[Any]] = {
    "days": [1, 7, 14, -1],
    "sprint_days": [7, 14],
    "max_points": [1, 3, 8],
    "rank": [1, 2, 3],
    "target_confidence": [0.05, 0.5, 0.95],
    "focus_factor": [0.1, 1],
    "name": ["Ana", "Bo", "Cy", "deployed", "budget_spent"],
    "source": ["git", "webhook"],
    "ceremony": ["daily_scrum", "retrospective", "planning"],
    "occurrence": ["{occurrence}", "{key}-S1-C1", "{key}-S1-C9"],
    "report": ["{occurrence}", "{key}-S1-C9", ""],
    "id": ["{occurrence}-A1", ""],
    "title": ["Pay by card", "日本語"],
    "goal": ["Sell"],
    "sprint": ["current", "next", "{key}-S1", "{key}-S2", "-"],
    "item": ["{key}-1", "{key}-2", "{key}-3", "{key}-9"],
    "items": ["{key}-1", "{key}-3", "{key}-4"],
    "keys": ["{key}-1", "{key}-3"],
    "must_include": ["{key}-4", "{key}-5"],
    "exclude": ["{key}-3"],
    "depends_on": ["{key}-1", "{key}-2", "#1", "#2"],
    "plan_id": ["{plan}"],
    "plan": ["{plan}"],
    "assignee": ["Ana", "bo", ""],
    "member": ["Ana", "Bo"],
    "remove": ["Bo"],
    "timezone": ["Europe/Berlin", "Mars/Olympus"],
    "country": ["DE", "US", "XX"],
    "workdays": ["mon", "tue", "sun"],
    "start": ["2026-03-02", "2026-03-16"],
    "end": ["2026-03-10", "0001-01-01"],
    "due": ["2026-03-31", "0001-01-01", "9999-12-31"],
    "cursor": ["", "1", "3", "1772442000000000.00000000000070008000000000000000"],
}
_WORDS = [*KEYS, *FIVE, "sprint", "ceremonies", "simulation", "mode", "name", "items", "spent", "team_day"]
_FREE = st.recursive(
    st.one_of(
        JUNK, st.sampled_from([*Strategy, *Trigger, "daily", "9:00", "FREQ=DAILY;BYDAY=MO", 0.5, 3, 10])
    ),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.sampled_from(_WORDS), inside, max_size=4)
    ),
    max_leaves=12,
)
"""What people could write as a policy, or as what came with an event."""


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a plain schema allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    make = _STRATEGIES.get(schema["type"])
    return make(schema) if make else _text(schema)


def _object(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "properties" not in schema:
        return st.dictionaries(st.one_of(st.sampled_from(_WORDS), st.text(max_size=9)), _FREE, max_size=4)
    required = {name: fitting(schema["properties"][name]) for name in schema.get("required", [])}
    others = {name: fitting(one) for name, one in schema["properties"].items() if name not in required}
    return st.fixed_dictionaries(required, optional=others)


def _array(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.lists(fitting(schema["items"]), max_size=4)


def _integer(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.integers(schema.get("minimum"), schema.get("maximum"))


def _number(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.floats(schema.get("minimum"), schema.get("maximum"), allow_nan=False, allow_infinity=False)


def _boolean(_: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.booleans()


def _text(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.dates().map(str) if schema.get("format") == "date" else st.text(max_size=400)


_STRATEGIES = {
    "object": _object,
    "array": _array,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}


@st.composite
def calls(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    """Arguments that fit the schema, with ids that may be there; half of them broken in one place."""
    given = plausible(draw, draw(fitting(schema)), "")
    given = {**given, **({"project": "{key}"} if "project" in schema["properties"] else {})}
    return broken(draw, given) if draw(st.booleans()) else given


def plausible(draw: st.DrawFn, value: Any, name: str) -> Any:
    if is_object(value):
        return {key: plausible(draw, one, key) for key, one in value.items()}
    if is_array(value):
        return [plausible(draw, one, name) for one in value]
    if name in PLAUSIBLE and draw(st.integers(0, 9)):
        return draw(st.sampled_from(PLAUSIBLE[name]))
    return value


def broken(draw: st.DrawFn, given: dict[str, Any]) -> dict[str, Any]:
    """Without one argument, with one too many, or with another value in one place, however deep."""
    how = draw(st.sampled_from(["drop", "add", "swap"]))
    if how == "add":
        return {**given, draw(st.text(max_size=10)): draw(JUNK)}
    if how == "drop" and given:
        left_out = draw(st.sampled_from(sorted(given)))
        return {name: value for name, value in given.items() if name != left_out}
    return {**given, **swapped(draw, given)} if given else given


def swapped(draw: st.DrawFn, value: Any) -> Any:
    deeper = draw(st.booleans())
    if is_object(value) and value:
        name = draw(st.sampled_from(sorted(value)))
        return {**value, name: swapped(draw, value[name])}
    if deeper and is_array(value) and value:
        return [swapped(draw, value[0]), *value[1:]]
    return draw(JUNK)


@pytest.fixture(scope="module")
def errors() -> Iterator[list[str]]:
    """What was logged as an error."""
    seen: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(self.format(record))

    handler = Listening(logging.ERROR)
    logging.getLogger().addHandler(handler)
    yield seen
    logging.getLogger().removeHandler(handler)


@dataclass(frozen=True)
class Fuzzed:
    """An agent on an event loop of its own, because hypothesis tests are not asynchronous, and ids that it knows."""

    agent: Agent
    portal: BlockingPortal

    def answer(self, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        return self.portal.call(partial(self.agent.answer, tool, **arguments))


@pytest.fixture(scope="module")
def fuzzed(settings: Settings) -> Iterator[Fuzzed]:
    with start_blocking_portal() as portal:
        server = build(settings, ServerRuntime(settings))
        with portal.wrap_async_context_manager(agent(server)) as connected:
            yield Fuzzed(connected, portal)


@pytest.fixture
def words(fuzzed: Fuzzed) -> dict[str, str]:
    return fuzzed.portal.call(started, fuzzed.agent)


async def started(ana: Agent) -> dict[str, str]:
    """Ids of a project with a running sprint, of a plan that is not committed, and of a ceremony that waits."""
    key = await a_project(ana, (1, 2, 3, None, 5))
    plan = await ana.call("plan_sprint", project=key, must_include=[f"{key}-1", f"{key}-2"])
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    another = await ana.call("plan_sprint", project=key)
    daily = await ana.call("trigger_ceremony", project=key, ceremony="daily_scrum")
    return {"key": key, "plan": another["plan_id"], "occurrence": daily["occurrence"]}


def with_words(value: Any, words: dict[str, str]) -> Any:
    """Ids in the place of their names."""
    if is_object(value):
        return {name: with_words(one, words) for name, one in value.items()}
    if is_array(value):
        return [with_words(one, words) for one in value]
    return value.format(**words) if isinstance(value, str) and value in SHAPES else value


SHAPES = {"{key}", *(shape for shapes in PLAUSIBLE.values() for shape in shapes if "{" in str(shape))}


@requirement("input.never-internal", "tools.answer-schemas")
@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
@bounded(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_call_finds_an_internal_error(
    fuzzed: Fuzzed, words: dict[str, str], errors: list[str], tool: Tool, data: st.DataObject
) -> None:
    arguments = with_words(data.draw(calls(tool.parameters)), words)

    answer = fuzzed.answer(tool.name, arguments)

    assert told(answer)
    assert errors == []
