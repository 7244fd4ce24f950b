"""A stream has one owner: two databases that share a Redis by mistake are told, and lose nothing."""

import pytest
from redis.asyncio import Redis

from scrum_adapters.redis_streams import Foreign, Stream
from tests.adapters.events import add


async def test_a_stream_of_another_database_is_refused_with_what_to_set(client: Redis, name: str) -> None:
    await Stream(client, name, ["chronicle"], owner="ours").prepare()

    with pytest.raises(Foreign, match="SCRUM_REDIS_PREFIX"):
        await Stream(client, name, ["chronicle"], owner="theirs").prepare()
    await Stream(client, name, ["chronicle"], owner="ours").prepare()


async def test_who_only_looks_neither_owns_nor_is_refused(client: Redis, name: str) -> None:
    looking = Stream(client, name, ["chronicle"])
    await looking.standing()
    ours = Stream(client, name, ["chronicle"], owner="ours")
    await ours.prepare()

    await add(ours, 1)

    assert len((await looking.standing())[1]) == 1
