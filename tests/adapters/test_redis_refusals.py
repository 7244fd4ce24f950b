"""When Redis cannot do what it is asked, the caller hears why, in its words."""

import asyncio
import signal
from pathlib import Path
from uuid import uuid4

import pytest

from scrum.deliveries import Place
from scrum_adapters.redis import RedisUnavailable, Wire, connect, facts, ping
from scrum_adapters.redis_streams import Stream
from tests.adapters.events import add
from tests.adapters.redis_server import RedisServer

EVENT = (uuid4(), "{}")


async def in_stream(stream: Stream) -> int:
    return len(await stream.tail(Place(0, 0), 0))


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    async with connect(f"unix://{tmp_path}/nobody.sock") as client:
        with pytest.raises(RedisUnavailable, match="doctor"):
            await Stream(client, "s", []).add([EVENT])


@pytest.mark.parametrize("options", ["?db=first", "?colour=red", "?max_connections=-1"])
async def test_an_address_with_options_that_cannot_be_is_unavailable(tmp_path: Path, options: str) -> None:
    with pytest.raises(RedisUnavailable):
        await ping(f"unix://{tmp_path}/redis.sock{options}")


async def test_options_of_an_address_do_not_change_how_answers_are_read(
    shared_redis: RedisServer, name: str
) -> None:
    async with connect(f"{shared_redis.url}?protocol=3&decode_responses=yes&socket_timeout=0.001") as client:
        stream = Stream(client, name, ["chronicle"])
        events = await add(stream, 2)

        assert [entry.id for entry in await stream.read("chronicle", "ana", 10, 0)] == [
            event for event, _ in events
        ]
        assert await stream.read("chronicle", "ana", 10, 0.1) == []


async def test_the_version_is_told(shared_redis: RedisServer, wire: Wire) -> None:
    told = facts(await wire.ask("INFO", "server"))["redis_version"]

    assert await ping(shared_redis.url) == told
    assert int(told.partition(".")[0]) >= 6


async def test_without_memory_nothing_is_added(own_stream: Stream, own_wire: Wire) -> None:
    await own_wire.ask("CONFIG", "SET", "maxmemory", "1")

    with pytest.raises(RedisUnavailable, match="maxmemory"):
        await own_stream.add([EVENT, EVENT])

    assert await in_stream(own_stream) == 0


async def test_with_a_full_disk_nothing_is_added(
    own_redis: RedisServer, own_stream: Stream, own_wire: Wire
) -> None:
    (own_redis.folder / "dump.rdb").mkdir()  # where Redis cannot put its file
    await own_wire.ask("CONFIG", "SET", "save", "3600 1")
    await own_wire.ask("BGSAVE")
    async with asyncio.timeout(10):
        while facts(await own_wire.ask("INFO", "persistence"))["rdb_last_bgsave_status"] != "err":
            pass

    with pytest.raises(RedisUnavailable, match="MISCONF"):
        await own_stream.add([EVENT])

    assert await in_stream(own_stream) == 0


async def test_a_replica_takes_nothing(own_stream: Stream, own_wire: Wire) -> None:
    await own_wire.ask("REPLICAOF", "127.0.0.1", "1")

    with pytest.raises(RedisUnavailable, match="read only replica"):
        await own_stream.add([EVENT])


async def test_a_server_that_still_loads_is_unavailable(own_redis: RedisServer, own_wire: Wire) -> None:
    for key in range(150):  # more than the 2 MB that it loads before it looks who asks
        await own_wire.ask("SET", key, "x" * 65_536)
    await own_wire.ask("CONFIG", "SET", "rdbcompression", "no")
    await own_wire.ask("SAVE")
    await asyncio.to_thread(own_redis.end, signal.SIGTERM)
    own_redis.begin("--appendonly", "no", "--key-load-delay", "20000")

    async with asyncio.timeout(8):
        while "loading" not in await refusal(own_redis.url):
            pass


async def refusal(url: str) -> str:
    async with connect(url) as client:
        with pytest.raises(RedisUnavailable) as refused:
            await Stream(client, "scrum.core", ["chronicle"]).add([EVENT])
    return str(refused.value)


async def test_a_key_of_somebody_else_is_no_stream(stream: Stream, wire: Wire, name: str) -> None:
    await wire.ask("SET", name, "a text")

    with pytest.raises(RedisUnavailable, match="WRONGTYPE"):
        await stream.add([EVENT])
    with pytest.raises(RedisUnavailable, match="WRONGTYPE"):
        await stream.read("chronicle", "ana", 10, 0)


async def test_when_only_some_are_added_all_count_as_not_added(stream: Stream, wire: Wire, name: str) -> None:
    greatest = 2**64 - 1
    await wire.ask("XADD", name, f"{greatest}-{greatest - 1}", "the last", "but one")

    with pytest.raises(RedisUnavailable, match="ID"):
        await stream.add([EVENT, EVENT])

    assert await in_stream(stream) == 2


async def test_what_an_event_says_is_not_in_the_refusal(stream: Stream, wire: Wire, name: str) -> None:
    await wire.ask("SET", name, "a text")

    with pytest.raises(RedisUnavailable) as refused:
        await stream.add([(uuid4(), "salary")])

    assert "salary" not in str(refused.value)


async def test_a_server_that_hangs_is_unavailable_and_its_late_answer_is_nobodys(
    own_redis: RedisServer, own_stream: Stream
) -> None:
    await add(own_stream, 1)
    own_redis.send(signal.SIGSTOP)

    with pytest.raises(RedisUnavailable, match="in time"):
        await own_stream.add([EVENT])

    own_redis.send(signal.SIGCONT)
    assert len(await own_stream.read("chronicle", "ana", 1, 0)) == 1
    assert (await own_stream.standing())[1]["chronicle"].pending == 1


async def test_the_same_client_goes_on_after_the_server_was_away(
    own_redis: RedisServer, own_stream: Stream
) -> None:
    events = await add(own_stream, 1)
    await asyncio.to_thread(own_redis.end)
    with pytest.raises(RedisUnavailable):
        await own_stream.add([EVENT])
    await asyncio.to_thread(own_redis.start)

    events += await add(own_stream, 1)

    assert [entry.id for entry in await own_stream.read("chronicle", "ana", 10, 0)] == [
        event for event, _ in events
    ]
