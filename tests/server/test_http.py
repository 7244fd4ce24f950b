"""HTTP: stateless, on loopback only, and honest about its health."""

import asyncio
from collections.abc import AsyncGenerator

import httpx2 as httpx
import pytest
from mcp import Client

from scrum_storage.embedded.servers import Servers
from tests.requirements import requirement
from tests.tools.agent import ERAS, LEGACY, MODERN, PATIENCE, Agent, agent, environment
from tests.tools.processes import http_server
from tests.tools.race import one_sprint, two_plans

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "by-hand", "version": "1"},
    },
}
ACCEPT = {"accept": "application/json, text/event-stream"}
ROUNDS = 4


@pytest.fixture
async def two_urls(servers: Servers, database: str) -> AsyncGenerator[tuple[str, str]]:
    """Two servers on one database."""
    settings = environment(servers, database)
    async with http_server(settings) as one, http_server(settings) as other:
        yield one, other


@pytest.fixture
async def url(servers: Servers, database: str) -> AsyncGenerator[str]:
    async with http_server(environment(servers, database)) as address:
        yield address


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        yield client


async def test_health_is_live_and_ready_with_what_each_part_says(url: str, http: httpx.AsyncClient) -> None:
    live = await http.get(url.replace("/mcp", "/health/live"))
    ready = await http.get(url.replace("/mcp", "/health/ready"))

    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert ready.status_code == 200
    assert ready.json()["parts"]["postgresql"]["ok"]
    assert ready.json()["parts"]["redis"]["ok"]


async def test_a_server_without_its_database_is_live_but_not_ready(
    servers: Servers, http: httpx.AsyncClient
) -> None:
    away = environment(servers, "postgresql+asyncpg://nobody@127.0.0.1:1/none")
    async with http_server(away) as url:
        live = await http.get(url.replace("/mcp", "/health/live"))
        ready = await http.get(url.replace("/mcp", "/health/ready"))
        async with agent(url) as ana:
            status = await ana.call("get_status")

    assert live.status_code == 200
    assert ready.status_code == 503
    assert "cannot be reached" in ready.json()["parts"]["postgresql"]["detail"]
    assert not status["healthy"]
    assert "PostgreSQL at 127.0.0.1/none cannot be reached" in status["parts"][0]["detail"]


@pytest.mark.parametrize("header", [{"origin": "https://evil.example"}, {"host": "evil.example"}])
async def test_a_foreign_origin_or_host_is_refused(
    url: str, http: httpx.AsyncClient, header: dict[str, str]
) -> None:
    answer = await http.post(url, json=INITIALIZE, headers={**ACCEPT, **header})

    assert answer.status_code in (403, 421)


async def test_no_session_is_kept(url: str, http: httpx.AsyncClient) -> None:
    answer = await http.post(url, json=INITIALIZE, headers=ACCEPT)

    assert answer.status_code == 200
    assert answer.json()["result"]["protocolVersion"] == "2025-11-25"
    assert "mcp-session-id" not in answer.headers


@requirement("eras")
@pytest.mark.parametrize("mode", ERAS)
async def test_two_servers_answer_one_project_alternately(two_urls: tuple[str, str], mode: str) -> None:
    async with agent(two_urls[0], mode) as first, agent(two_urls[1], mode) as second:
        await first.call("setup_project", project="SHOP")
        await second.call("add_items", project="SHOP", items=[{"title": "A", "points": 1}])
        plan = await first.call("plan_sprint", project="SHOP")
        await second.call("commit_plan", plan_id=plan["plan_id"], confirm=True)
        await first.call("start_sprint", sprint="next", project="SHOP")
        sprint = await second.call("get_sprint", project="SHOP")

    assert sprint["state"] == "active"


@requirement("plan.once")
@pytest.mark.parametrize("mode", ERAS)
async def test_two_clients_that_commit_at_once_make_one_sprint_and_one_refusal(
    two_urls: tuple[str, str], database: str, mode: str
) -> None:
    async with agent(two_urls[0], mode) as ana, agent(two_urls[1], mode) as bo:
        for n in range(ROUNDS):
            mine, yours = await two_plans(ana, f"RACE{n}")

            answers = await asyncio.gather(
                ana.answer("commit_plan", plan_id=mine, confirm=True),
                bo.answer("commit_plan", plan_id=yours, confirm=True),
            )

            refusals = [str(answer.content) for answer in answers if answer.is_error]
            await one_sprint(database, f"RACE{n}", refusals)


@requirement("eras")
async def test_each_era_is_spoken(url: str) -> None:
    for mode, version in ((MODERN, "2026-07-28"), (LEGACY, "2025-11-25"), ("auto", "2026-07-28")):
        async with Client(url, mode=mode) as client:
            assert client.protocol_version == version
            assert (await Agent(client).call("get_status"))["healthy"]
