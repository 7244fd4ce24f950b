from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from scrum_adapters.redis import Wire, connect
from scrum_adapters.redis_streams import Stream
from tests.adapters.redis_server import RedisServer, a_redis, programs


@pytest.fixture(scope="session", params=programs())
def redis_program(request: pytest.FixtureRequest) -> Path:
    return programs()[request.param]


@pytest.fixture(scope="session")
def shared_redis(redis_program: Path) -> Iterator[RedisServer]:
    with a_redis(redis_program) as server:
        server.start()
        yield server


@pytest.fixture
def own_redis(redis_program: Path) -> Iterator[RedisServer]:
    """Of this test alone, with data that survive it."""
    with a_redis(redis_program) as server:
        server.start()
        yield server


@pytest.fixture
async def client(shared_redis: RedisServer) -> AsyncGenerator[Redis]:
    async with connect(shared_redis.url) as connected:
        yield connected


@pytest.fixture
async def own_client(own_redis: RedisServer) -> AsyncGenerator[Redis]:
    async with connect(own_redis.url) as connected:
        yield connected


@pytest.fixture
def name() -> str:
    """Of a stream that no other test knows."""
    return f"test.{uuid4().hex}"


@pytest.fixture
async def stream(client: Redis, name: str) -> Stream:
    """Empty, with one group."""
    made = Stream(client, name, ["chronicle"])
    await made.prepare()
    return made


@pytest.fixture
async def own_stream(own_client: Redis) -> Stream:
    made = Stream(own_client, "scrum.core", ["chronicle"])
    await made.prepare()
    return made


@pytest.fixture
def wire(client: Redis) -> Wire:
    return Wire(client)


@pytest.fixture
def own_wire(own_client: Redis) -> Wire:
    return Wire(own_client)
