"""Live resources: who watches one hears that it changed, whichever process changed it."""

import asyncio
import json
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from mcp import Client
from mcp.server import MCPServer
from mcp.shared.memory import create_client_server_memory_streams
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCRequest

from scrum_adapters.redis import connect
from scrum_adapters.redis_streams import Stream
from scrum_server.live import LiveResources
from scrum_storage.embedded.programs import find_programs
from scrum_storage.embedded.servers import Servers
from tests.builders import MONDAY, SHOP
from tests.server.watching import BACKLOG, VELOCITY, watching
from tests.tools.agent import ERAS, LEGACY, MODERN, PATIENCE

pytestmark = pytest.mark.filterwarnings("ignore:resources/.*subscribe is removed")  # older clients call it


def an_event(kind: str = "ItemAdded", version: int = 1, **data: Any) -> tuple[UUID, str]:
    """As the relay adds it to the stream."""
    number = uuid4()
    envelope = {
        "id": str(number), "type": kind, "version": version, "project": SHOP, "aggregate": f"{SHOP}-1",
        "aggregate_version": 1, "occurred_at": MONDAY.isoformat(), "actor": "ana", "reason": "",
        "correlation_id": str(uuid4()), "causation_id": None, "data": data,
    }  # fmt: skip
    return number, json.dumps(envelope)


def item_added() -> tuple[UUID, str]:
    return an_event(title="A", points=1, priority="medium")


def history_imported() -> tuple[UUID, str]:
    return an_event("HistoryImported", sprints=1, different=1)


@asynccontextmanager
async def streams(url: str, name: str = "") -> AsyncGenerator[Stream]:
    """A stream of this test alone."""
    async with connect(url) as client:
        stream = Stream(client, name or f"test-{uuid4().hex}.core", ["chronicle"])
        await stream.prepare()
        yield stream


@pytest.fixture
async def stream(servers: Servers) -> AsyncGenerator[Stream]:
    async with streams(servers.redis) as made:
        yield made


@dataclass
class Replica:
    """What a server process has of live resources, and an MCP server over it without stores."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    live: LiveResources = field(default_factory=LiveResources)
    server: MCPServer[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.server = MCPServer("test", subscriptions=self.live.subscribers.bus)
        self.live.subscribers.serve(self.server)

    @asynccontextmanager
    async def following(self, stream: Stream) -> AsyncGenerator["Replica"]:
        """Once it has looked at Redis: then it tells everything to those who were there before."""
        async with self.beginning(stream):
            async with watching(self.server, MODERN, [BACKLOG]) as (_, heard):
                await heard.next()
            yield self

    @asynccontextmanager
    async def beginning(self, stream: Stream) -> AsyncGenerator[None]:
        async def find() -> Stream:
            return stream

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.live.run({"core": find}, self.stop))
            try:
                yield
            finally:
                self.stop.set()


@pytest.fixture
async def replica(stream: Stream) -> AsyncGenerator[Replica]:
    async with Replica().following(stream) as following:
        yield following


@pytest.mark.parametrize("mode", ERAS)
async def test_who_watches_a_resource_hears_that_it_changed(
    replica: Replica, stream: Stream, mode: str
) -> None:
    async with watching(replica.server, mode, [VELOCITY]) as (_, heard):
        await stream.add([item_added(), history_imported()])

        assert await heard.next() == VELOCITY


@pytest.mark.parametrize("mode", ERAS)
async def test_it_hears_of_it_in_its_own_words(replica: Replica, stream: Stream, mode: str) -> None:
    async with watching(replica.server, mode, ["scrum://shop/items/shop-1"]) as (_, heard):
        await stream.add([item_added()])

        assert await heard.next() == "scrum://shop/items/shop-1"


async def test_every_replica_tells_its_own_clients(stream: Stream) -> None:
    async with (
        Replica().following(stream) as one,
        Replica().following(stream) as other,
        watching(one.server, MODERN, [BACKLOG]) as (_, ana),
        watching(other.server, MODERN, [BACKLOG]) as (_, bo),
    ):
        await stream.add([item_added()])

        assert [await ana.next(), await bo.next()] == [BACKLOG, BACKLOG]


async def test_many_changes_of_a_resource_are_told_together(replica: Replica, stream: Stream) -> None:
    async with watching(replica.server, MODERN, [BACKLOG, VELOCITY]) as (_, heard):
        await stream.add([*(item_added() for _ in range(1_000)), history_imported()])

        assert 1 <= len((await heard.until(VELOCITY))[:-1]) < 20


async def test_what_was_published_before_redis_was_known_is_told(stream: Stream) -> None:
    replica = Replica()
    async with watching(replica.server, MODERN, [BACKLOG]) as (_, heard):
        await stream.add([item_added()])
        async with replica.beginning(stream):
            assert await heard.next() == BACKLOG


async def test_who_unsubscribed_hears_no_more(replica: Replica, stream: Stream) -> None:
    async with watching(replica.server, LEGACY, [BACKLOG, VELOCITY]) as (client, heard):
        await client.unsubscribe_resource(BACKLOG)  # type: ignore[deprecated]  # pyright: ignore[reportDeprecated] - older clients call it
        await stream.add([item_added(), history_imported()])

        assert await heard.until(VELOCITY) == [VELOCITY]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_client_that_left_is_forgotten(replica: Replica, mode: str) -> None:
    async with watching(replica.server, mode, [BACKLOG]):
        assert replica.live.subscribers.uris == {BACKLOG}

    assert replica.live.subscribers.uris == frozenset()


async def test_a_resource_is_told_as_long_as_one_client_watches_it(replica: Replica, stream: Stream) -> None:
    async with watching(replica.server, MODERN, [BACKLOG]) as (_, heard):
        async with watching(replica.server, MODERN, [BACKLOG]):
            pass
        await stream.add([item_added()])

        assert await heard.next() == BACKLOG


async def test_what_is_no_event_stops_nothing(replica: Replica, stream: Stream) -> None:
    async with watching(replica.server, MODERN, [BACKLOG]) as (_, heard):
        await stream.add([(uuid4(), body) for body in ("no JSON", "[]", "{}", '{"type": "X", "version": 1}')])
        await stream.add([item_added()])

        assert await heard.next() == BACKLOG


async def test_an_event_of_a_newer_version_may_have_changed_everything(
    replica: Replica, stream: Stream
) -> None:
    async with watching(replica.server, MODERN, [BACKLOG, VELOCITY]) as (_, heard):
        await stream.add([an_event("ItemAdded", version=99)])

        assert [await heard.next(), await heard.next()] == [BACKLOG, VELOCITY]


async def test_a_client_that_does_not_read_holds_up_no_other(replica: Replica, stream: Stream) -> None:
    async with stuck(replica.server, VELOCITY), watching(replica.server, LEGACY, [BACKLOG]) as (_, heard):
        await stream.add([history_imported()])
        await stream.add([item_added()])

        assert await heard.next() == BACKLOG


def _request(method: str, params: dict[str, Any]) -> JSONRPCRequest:
    return JSONRPCRequest(jsonrpc="2.0", id=method, method=method, params=params)


_INITIALIZE = _request(
    "initialize",
    {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
)


@asynccontextmanager
async def stuck(server: MCPServer[Any], uri: str) -> AsyncGenerator[None]:
    """An older client that subscribes and then reads nothing more."""
    inner = server._lowlevel_server  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it alone takes streams
    async with create_client_server_memory_streams() as ((read, write), own), asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(inner.run(*own, inner.create_initialization_options()))
        for request in (_INITIALIZE, _request("resources/subscribe", {"uri": uri})):
            await write.send(SessionMessage(request))
            await read.receive()
        yield
        serving.cancel()


async def test_streams_end_when_the_server_stops(replica: Replica) -> None:
    async with (
        Client(replica.server, mode=MODERN, cache=None) as client,
        client.listen(resource_subscriptions=[BACKLOG]) as listening,
    ):
        replica.stop.set()

        async with asyncio.timeout(PATIENCE):
            assert [event async for event in listening] == []


@dataclass
class OwnRedis:
    """A server of this test alone, to be killed and started again."""

    folder: Path
    process: Process | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.folder}/redis.sock?db=0"

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            find_programs().redis, "--port", "0", "--unixsocket", "redis.sock", "--save", "",
            cwd=self.folder, stdout=PIPE,
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            while b"eady to accept" not in await cast("asyncio.StreamReader", self.process.stdout).readline():
                pass

    async def kill(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()


@pytest.fixture
async def redis(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[OwnRedis]:
    own = OwnRedis(tmp_path_factory.mktemp("r"))
    await own.start()
    yield own
    await own.kill()


async def test_after_redis_lost_its_data_everything_may_have_changed_and_news_go_on(redis: OwnRedis) -> None:
    async with (
        streams(redis.url) as stream,
        Replica().following(stream) as replica,
        watching(replica.server, MODERN, [BACKLOG, VELOCITY]) as (_, heard),
    ):
        await stream.add([item_added()])
        await heard.until(BACKLOG)
        await redis.kill()
        await redis.start()
        assert [await heard.next(), await heard.next()] == [BACKLOG, VELOCITY]

        await stream.add([history_imported()])

        assert await heard.until(VELOCITY)


async def test_it_stops_at_once_while_redis_is_away(redis: OwnRedis) -> None:
    async with asyncio.timeout(PATIENCE), streams(redis.url) as stream, Replica().following(stream):
        await redis.kill()


async def test_it_waits_for_a_redis_that_is_not_there_yet(redis: OwnRedis) -> None:
    await redis.kill()
    replica = Replica()
    async with connect(redis.url) as client, AsyncExitStack() as stack:
        stream = Stream(client, "test.core", ["chronicle"])
        _, heard = await stack.enter_async_context(watching(replica.server, MODERN, [BACKLOG]))
        await stack.enter_async_context(replica.beginning(stream))
        await redis.start()

        assert await heard.next() == BACKLOG
