"""What Redis loses is noticed: it signs differently, and says what is missing."""

import asyncio
import signal
from uuid import uuid4

from redis.asyncio import Redis

from scrum.deliveries import Place
from scrum_adapters.redis import Wire
from scrum_adapters.redis_streams import Stream
from tests.adapters.events import add, blocked
from tests.adapters.redis_server import RedisServer

GROUP = "chronicle"


async def signature(stream: Stream) -> str:
    return (await stream.floor())[0]


async def restart(server: RedisServer, how: int) -> None:
    """While the loop runs on, so that it hears of it."""
    await asyncio.to_thread(server.end, how)
    await asyncio.to_thread(server.start)


async def test_the_signature_is_the_same_in_every_answer(stream: Stream) -> None:
    server, places = await stream.add([(uuid4(), "{}")])

    answers = {server, await signature(stream), (await stream.standing())[0]}
    asked, _ = await stream.missing([(uuid4(), place) for place in places])

    assert answers == {asked}


async def test_a_restart_changes_the_signature_and_what_was_kept_is_not_missing(
    own_redis: RedisServer, own_stream: Stream
) -> None:
    events = await add(own_stream, 3)
    before = await signature(own_stream)
    await restart(own_redis, signal.SIGTERM)

    after, missing = await own_stream.missing(events)

    assert after != before
    assert missing == set()
    assert len(await own_stream.read(GROUP, "ana", 10, 0)) == 3


async def test_what_was_read_before_a_kill_is_still_pending(
    own_redis: RedisServer, own_stream: Stream
) -> None:
    events = await add(own_stream, 2)
    await own_stream.read(GROUP, "ana", 1, 0)
    await restart(own_redis, signal.SIGKILL)

    assert [entry.id for entry in await own_stream.own(GROUP, "ana", 10)] == [events[0][0]]
    assert [entry.id for entry in await own_stream.read(GROUP, "ana", 10, 0)] == [events[1][0]]


async def test_after_a_flush_the_signature_is_new_and_everything_is_missing(
    own_stream: Stream, own_wire: Wire
) -> None:
    events = await add(own_stream, 3)
    before = await signature(own_stream)
    await own_wire.ask("FLUSHALL")

    after, missing = await own_stream.missing(events)

    assert after != before
    assert missing == {event for event, _ in events}
    assert await own_stream.floor() == (after, Place(0, 0))


async def test_what_is_added_after_a_flush_is_heard(own_stream: Stream, own_wire: Wire) -> None:
    before = await signature(own_stream)
    await own_wire.ask("FLUSHALL")

    server, places = await own_stream.add([(uuid4(), "{}")])

    assert server != before
    assert [entry.place for entry in await own_stream.read(GROUP, "ana", 10, 0)] == places


async def test_one_who_waits_for_news_goes_on_waiting_over_a_flush(
    own_stream: Stream, own_wire: Wire
) -> None:
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(own_stream.read(GROUP, "ana", 10, 5))
        await blocked(own_wire)
        await own_wire.ask("FLUSHALL")
        [(event, _)] = await add(own_stream, 1)

    assert [entry.id for entry in reading.result()] == [event]


async def test_a_stream_that_redis_evicted_changes_the_signature(
    stream: Stream, wire: Wire, name: str
) -> None:
    events = await add(stream, 2)
    before = await signature(stream)
    await wire.ask("DEL", name)

    server, _ = await stream.add([(uuid4(), "{}")])

    assert server != before
    assert (await stream.missing(events))[1] == {event for event, _ in events}


async def test_a_stream_without_groups_that_was_evicted_changes_the_signature(
    client: Redis, wire: Wire, name: str
) -> None:
    unheard = Stream(client, name, [])
    before = await signature(unheard)
    await wire.ask("DEL", name)

    assert await signature(unheard) != before


async def test_a_lost_group_changes_the_signature(stream: Stream, wire: Wire, name: str) -> None:
    before = await signature(stream)
    await wire.ask("XGROUP", "DESTROY", name, GROUP)

    await stream.read(GROUP, "ana", 10, 0)

    assert await signature(stream) != before


async def test_after_a_loss_in_part_exactly_that_is_missing(stream: Stream, wire: Wire, name: str) -> None:
    events = await add(stream, 5)
    lost = [events[1], events[4]]
    await wire.ask("XDEL", name, *(str(place) for _, place in lost))

    assert (await stream.missing(events))[1] == {event for event, _ in lost}


async def test_another_event_at_the_same_place_does_not_count(stream: Stream) -> None:
    [(_, place)] = await add(stream, 1)
    event = uuid4()

    assert (await stream.missing([(event, place)]))[1] == {event}


async def test_nothing_is_missing_of_nothing(stream: Stream) -> None:
    assert (await stream.missing([]))[1] == set()


async def test_a_pending_entry_that_was_deleted_changes_the_signature_before_it_counts_as_heard(
    stream: Stream, wire: Wire, name: str
) -> None:
    events = await add(stream, 3)
    before = await signature(stream)
    await stream.read(GROUP, "ana", 10, 0)
    await wire.ask("XDEL", name, str(events[0][1]))

    left = await stream.own(GROUP, "ana", 1)

    assert [entry.id for entry in left] == [events[1][0]]
    assert await signature(stream) != before
    assert events[0][1] <= (await stream.floor())[1] < events[1][1]


async def test_a_deleted_entry_of_a_dead_consumer_is_noticed_when_it_is_taken_over(
    stream: Stream, wire: Wire, name: str
) -> None:
    events = await add(stream, 2)
    before = await signature(stream)
    await stream.read(GROUP, "ana", 10, 0)
    await wire.ask("XDEL", name, *(str(place) for _, place in events))

    assert await stream.take_over(GROUP, "bo", 0, 1) == []
    server, floor = await stream.floor()
    assert server != before
    assert floor == events[-1][1]
