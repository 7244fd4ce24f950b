"""Several servers behind one address: what one asks a person, another may be answered."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from mcp import MCPError
from mcp.client.session import ClientRequestContext
from mcp_types import INVALID_PARAMS, CallToolResult, ElicitRequestParams, ElicitResult, InputRequiredResult

from scrum_storage.embedded.servers import Servers
from tests.requirements import requirement
from tests.tools.agent import MODERN, Agent, agent, at, environment, told
from tests.tools.database import rows
from tests.tools.processes import http_server

KEYS = "SCRUM_REQUEST_STATE_KEYS"
OLD, NEW = "o" * 64, "n" * 64
APPROVED = ElicitResult(action="accept", content={"approve": True})


@asynccontextmanager
async def two_servers(
    servers: Servers, database: str, keys: dict[str, str], others: dict[str, str]
) -> AsyncGenerator[tuple[Agent, Agent]]:
    """Agents of two server processes on one database; their clients can ask people."""
    settings = environment(servers, database)
    async with (
        http_server(settings | keys) as one,
        http_server(settings | others) as other,
        agent(one, MODERN, asked=_never) as ana,
        agent(other, MODERN, asked=_never) as bo,
    ):
        yield ana, bo


async def asked(ana: Agent) -> tuple[str, InputRequiredResult]:
    """A plan, and the question that its commitment leads to."""
    await ana.call("setup_project", project="SHOP", autonomy="confirm")
    await ana.call("add_items", project="SHOP", items=[{"title": "A", "points": 1}])
    plan = (await ana.call("plan_sprint", project="SHOP"))["plan_id"]
    question = await commit(ana, plan)
    assert isinstance(question, InputRequiredResult)
    return plan, question


async def commit(
    ana: Agent, plan: str, answered: InputRequiredResult | None = None
) -> CallToolResult | InputRequiredResult:
    """One round of commit_plan: the first, or the one that brings the person's approval."""
    questions = (answered.input_requests if answered else None) or {}
    return await ana.client.session.call_tool(
        "commit_plan",
        {"plan_id": plan},
        input_responses=dict.fromkeys(questions, APPROVED) if questions else None,
        request_state=answered.request_state if answered else None,
        meta=at(ana.now.isoformat()),
        allow_input_required=True,
    )


@requirement("autonomy")
@pytest.mark.parametrize("others", [OLD, f"{OLD},{NEW}", f"{NEW},{OLD}"])
async def test_what_one_server_asks_is_answered_to_another_with_the_same_key(
    servers: Servers, database: str, others: str
) -> None:
    async with two_servers(servers, database, {KEYS: OLD}, {KEYS: others}) as (ana, bo):
        plan, question = await asked(ana)

        made = await commit(bo, plan, answered=question)

        assert isinstance(made, CallToolResult)
        assert not made.is_error, told(made)
    assert await rows(database, "SELECT id, state FROM core.sprints") == [
        {"id": "SHOP-S1", "state": "planned"}
    ]


@requirement("autonomy")
@pytest.mark.parametrize(("keys", "others"), [({}, {}), ({KEYS: OLD}, {KEYS: NEW})])
async def test_an_answer_to_a_server_with_another_key_is_refused_with_what_to_set(
    servers: Servers, database: str, keys: dict[str, str], others: dict[str, str]
) -> None:
    async with two_servers(servers, database, keys, others) as (ana, bo):
        plan, question = await asked(ana)

        with pytest.raises(MCPError, match=KEYS) as refused:
            await commit(bo, plan, answered=question)

    assert refused.value.code == INVALID_PARAMS
    assert refused.value.data == {"reason": "invalid_request_state"}
    assert await rows(database, "SELECT id FROM core.sprints") == []


async def test_an_answer_for_another_plan_is_refused_in_the_same_words(
    servers: Servers, database: str
) -> None:
    async with two_servers(servers, database, {KEYS: OLD}, {KEYS: OLD}) as (ana, bo):
        plan, question = await asked(ana)
        other = (await ana.call("plan_sprint", project="SHOP", days=7))["plan_id"]
        assert other != plan

        with pytest.raises(MCPError, match=KEYS):
            await commit(bo, other, answered=question)


async def _never(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    """That there is a callback tells the server that people can be asked; these tests answer by hand."""
    raise AssertionError(context, params.message)
