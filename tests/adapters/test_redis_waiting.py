"""Waiting for news: as long as asked, not a moment longer, and in nobody's way."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest

from scrum_adapters.redis import RedisUnavailable, Wire
from scrum_adapters.redis_answers import Entry
from scrum_adapters.redis_streams import Stream
from tests.adapters.events import add, blocked
from tests.adapters.redis_server import RedisServer

GROUP = "chronicle"
SOON = 2.0
"""Seconds, for what takes a millisecond."""


async def timed(work: Coroutine[Any, Any, list[Entry]]) -> tuple[list[Entry], float]:
    clock = asyncio.get_running_loop().time
    began = clock()
    return await work, clock() - began


async def test_reading_and_following_end_when_the_time_is_over(stream: Stream) -> None:
    for work in (stream.read(GROUP, "ana", 10, 0.3), stream.tail(None, 0.3)):
        entries, seconds = await timed(work)

        assert entries == []
        assert 0.29 < seconds < 0.3 + SOON


async def test_a_wait_of_less_than_a_millisecond_ends(stream: Stream) -> None:
    async with asyncio.timeout(SOON):
        assert await stream.read(GROUP, "ana", 10, 0.0001) == []


async def test_a_wait_longer_than_any_other_answer_may_take_is_no_failure(stream: Stream) -> None:
    entries, seconds = await timed(stream.read(GROUP, "ana", 10, 5.5))

    assert entries == []
    assert seconds > 5.4


async def test_news_end_the_wait(own_stream: Stream, own_wire: Wire) -> None:
    async with asyncio.timeout(SOON), asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(own_stream.read(GROUP, "ana", 10, 60))
        following = tasks.create_task(own_stream.tail(None, 60))
        await blocked(own_wire, 2)
        [(event, _)] = await add(own_stream, 1)

    assert [entry.id for entry in reading.result()] == [event]
    assert [entry.id for entry in following.result()] == [event]


async def test_those_who_wait_are_in_nobodys_way(own_stream: Stream, own_wire: Wire) -> None:
    async with asyncio.timeout(SOON), asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(own_stream.tail(None, 60)) for _ in range(50)]
        await blocked(own_wire, 50)
        await add(own_stream, 1)

    assert all(len(one.result()) == 1 for one in waiting)


async def test_a_wait_that_is_cancelled_ends_at_once_and_takes_nothing_along(
    own_stream: Stream, own_wire: Wire
) -> None:
    reading = asyncio.ensure_future(own_stream.read(GROUP, "ana", 10, 60))
    await blocked(own_wire)

    reading.cancel()
    async with asyncio.timeout(SOON):
        await asyncio.wait([reading])
    events = await add(own_stream, 3)

    assert reading.cancelled()
    read = await own_stream.read(GROUP, "bo", 10, 1)
    assert [entry.id for entry in (*read, *await own_stream.own(GROUP, "ana", 10))] == [
        event for event, _ in events
    ]


async def test_whenever_a_read_is_cancelled_nothing_is_lost_and_no_answer_is_somebody_elses(
    stream: Stream,
) -> None:
    events = {event for event, _ in await add(stream, 60)}
    got: set[UUID] = set()
    for ticks in range(60):
        reading = asyncio.ensure_future(stream.read(GROUP, "ana", 1, 0))
        for _ in range(ticks % 20):
            await asyncio.sleep(0)  # as many turns of the loop: each stops the read elsewhere
        reading.cancel()
        with suppress(asyncio.CancelledError):
            got.update(entry.id for entry in await reading)
        assert (await stream.standing())[1].keys() == {GROUP}

    held = {entry.id for entry in await stream.own(GROUP, "ana", 100)}
    unread = {entry.id for entry in await stream.read(GROUP, "ana", 100, 0)}
    assert held | unread == events
    assert got <= held
    assert not held & unread


async def test_one_who_waits_hears_at_once_that_the_server_ended(
    own_redis: RedisServer, own_stream: Stream, own_wire: Wire
) -> None:
    reading = asyncio.ensure_future(own_stream.read(GROUP, "ana", 10, 60))
    await blocked(own_wire)

    own_redis.end()

    async with asyncio.timeout(SOON):
        with pytest.raises(RedisUnavailable):
            await reading
