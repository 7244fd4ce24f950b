"""Live resources between real processes."""

import asyncio
from statistics import median
from time import perf_counter

import pytest
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.server.subscriptions import ResourceUpdated
from mcp_types import METHOD_NOT_FOUND

from scrum_storage.embedded.servers import Servers
from tests.builders import SHOP
from tests.server.watching import BACKLOG, watching
from tests.tools.agent import LEGACY, MODERN, PATIENCE, SCRUM_MCP, agent, environment
from tests.tools.processes import address, http_server, running

pytestmark = pytest.mark.filterwarnings("ignore:resources/.*subscribe is removed")  # older clients call it

ROUNDS = 10


def settings(servers: Servers, database: str) -> dict[str, str]:
    prefix = database.partition("?")[0].rpartition("/")[2]
    return environment(servers, database, SCRUM_REDIS_PREFIX=prefix)


async def test_what_one_server_changes_the_clients_of_all_hear_within_a_second(
    servers: Servers, database: str
) -> None:
    own = settings(servers, database)
    process = stdio_client(StdioServerParameters(command=SCRUM_MCP, env=own))
    uris = [f"scrum://{SHOP}/items/{SHOP}-{n}" for n in range(1, ROUNDS + 1)]
    async with (
        http_server(own) as one,
        http_server(own) as other,
        agent(one) as ana,
        watching(one, MODERN, uris) as (_, beside),
        watching(other, MODERN, uris) as (_, elsewhere),
        watching(process, LEGACY, uris) as (_, older),
    ):
        waits: list[float] = []
        await ana.call("setup_project", project=SHOP)
        for uri in uris:
            for heard in (beside, elsewhere, older):
                heard.forget()
            await ana.call("add_items", project=SHOP, items=[{"title": "A"}])
            began = perf_counter()
            for heard in (beside, elsewhere, older):
                await heard.until(uri)
            waits.append(perf_counter() - began)

    assert median(waits) < 1.0, waits


async def test_what_memory_tells_is_heard_too_and_reads_differently(servers: Servers, database: str) -> None:
    uri = f"scrum://{SHOP}/strategies"
    async with http_server(settings(servers, database)) as url, agent(url) as ana:
        await ana.call("setup_project", project=SHOP)
        async with watching(url, MODERN, [uri]) as (client, heard):
            before = (await client.read_resource(uri)).contents
            heard.forget()
            await ana.call("set_strategy", project=SHOP, name="calm", effect="buffer 0.2", status="active")
            await heard.until(uri)
            after = (await client.read_resource(uri)).contents

    assert before != after
    assert "calm v1, active: buffer 0.2" in str(after)


async def test_over_http_an_older_client_is_not_told_that_it_could_watch(
    servers: Servers, database: str
) -> None:
    async with (
        http_server(settings(servers, database)) as url,
        Client(url, mode="auto") as modern,
        Client(url, mode=LEGACY) as older,
    ):
        able = [client.server_capabilities.resources for client in (modern, older)]
        with pytest.raises(MCPError) as raised:
            await older.subscribe_resource(BACKLOG)  # type: ignore[deprecated]  # pyright: ignore[reportDeprecated] - older clients call it

    assert [one and one.subscribe for one in able] == [True, False]
    assert raised.value.error.code == METHOD_NOT_FOUND


async def test_over_stdio_every_client_is_told_that_it_can_watch(servers: Servers, database: str) -> None:
    process = StdioServerParameters(command=SCRUM_MCP, env=settings(servers, database))
    async with (
        Client(stdio_client(process), mode="auto") as modern,
        Client(stdio_client(process), mode=LEGACY) as older,
    ):
        able = [client.server_capabilities.resources for client in (modern, older)]

    assert [one and one.subscribe for one in able] == [True, True]


async def test_a_server_that_is_told_to_stop_ends_the_streams_of_its_clients(
    servers: Servers, database: str
) -> None:
    own = settings(servers, database)
    async with (
        running("serve", "--http", "--port", "0", **own) as process,
        Client(await address(process), mode=MODERN, cache=None) as client,
        client.listen(resource_subscriptions=[BACKLOG]) as listening,
    ):
        process.terminate()

        async with asyncio.timeout(PATIENCE):
            assert {event async for event in listening} <= {ResourceUpdated(BACKLOG)}
            await process.wait()
