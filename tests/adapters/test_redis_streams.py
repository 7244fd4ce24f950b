"""What a group reads, takes over and acknowledges."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from redis.asyncio import Redis

from scrum.deliveries import Place
from scrum_adapters.redis import Wire
from scrum_adapters.redis_answers import Entry
from scrum_adapters.redis_streams import Stream
from tests.adapters.events import add

GROUP = "chronicle"
NOT_AT_ALL = timedelta(seconds=-1)


async def test_what_is_added_is_read_in_order_with_its_id_and_its_text(stream: Stream) -> None:
    given = [(uuid4(), f'{{"title": "Überweisung № {number} 🚀"}}') for number in range(3)]

    _, places = await stream.add(given)

    read = await stream.read(GROUP, "ana", 10, 0)
    assert read == [Entry(place, *one) for one, place in zip(given, places, strict=True)]
    assert places == sorted(set(places))


async def test_adding_nothing_signs_all_the_same(stream: Stream) -> None:
    assert await stream.add([]) == ((await stream.floor())[0], [])


async def test_two_consumers_of_a_group_share_what_there_is(stream: Stream) -> None:
    events = [event for event, _ in await add(stream, 5)]

    first = await stream.read(GROUP, "ana", 2, 0)
    second = await stream.read(GROUP, "bo", 10, 0)

    assert [entry.id for entry in (*first, *second)] == events
    assert len(first) == 2
    assert await stream.read(GROUP, "ana", 10, 0) == []


async def test_each_group_gets_everything(client: Redis, name: str) -> None:
    stream = Stream(client, name, ["chronicle", "memory"])
    await stream.prepare()
    await add(stream, 3)

    assert await stream.read("chronicle", "ana", 10, 0) == await stream.read("memory", "ana", 10, 0) != []


async def test_a_group_that_comes_later_hears_from_the_first_entry_on(
    client: Redis, stream: Stream, name: str
) -> None:
    await add(stream, 3)
    newer = Stream(client, name, [GROUP, "memory"])

    await newer.prepare()

    assert len(await newer.read("memory", "ana", 10, 0)) == 3


async def test_preparing_again_changes_nothing(stream: Stream) -> None:
    signature, _ = await stream.floor()
    await add(stream, 1)

    await stream.prepare()

    assert (await stream.floor())[0] == signature
    assert len(await stream.read(GROUP, "ana", 10, 0)) == 1


async def test_many_may_prepare_at_once(client: Redis, name: str) -> None:
    streams = [Stream(client, name, ["chronicle", "memory"]) for _ in range(20)]

    await asyncio.gather(*(stream.prepare() for stream in streams))

    assert (await streams[0].standing())[1].keys() == {"chronicle", "memory"}


async def test_own_tells_what_was_read_and_not_acknowledged_oldest_first(stream: Stream) -> None:
    await add(stream, 4)
    read = await stream.read(GROUP, "ana", 10, 0)
    await stream.acknowledge(GROUP, [read[1].place])

    assert await stream.own(GROUP, "ana", 2) == [read[0], read[2]]
    assert await stream.own(GROUP, "bo", 2) == []


async def test_own_does_not_count_as_a_delivery_so_that_an_outage_makes_no_poison(stream: Stream) -> None:
    await add(stream, 1)
    await stream.read(GROUP, "ana", 10, 0)

    times = [(await stream.own(GROUP, "ana", 10))[0].times for _ in range(12)]

    assert times == [1] * 12


async def test_own_keeps_others_from_taking_over(stream: Stream, wire: Wire, name: str) -> None:
    [(_, place)] = await add(stream, 1)
    await stream.read(GROUP, "ana", 10, 0)
    await wire.ask("XCLAIM", name, GROUP, "ana", 0, str(place), "IDLE", 60_000, "JUSTID")

    await stream.own(GROUP, "ana", 10)

    assert await stream.take_over(GROUP, "bo", 30, 10) == []


async def test_taking_over_counts_deliveries(stream: Stream) -> None:
    await add(stream, 2)
    await stream.read(GROUP, "ana", 10, 0)

    taken = [await stream.take_over(GROUP, who, 0, 10) for who in ("bo", "cy", "di")]

    assert [[entry.times for entry in entries] for entries in taken] == [[2, 2], [3, 3], [4, 4]]
    assert await stream.own(GROUP, "di", 10) == taken[-1]
    assert await stream.own(GROUP, "ana", 10) == []


async def test_what_is_not_idle_for_long_enough_is_not_taken_over(stream: Stream) -> None:
    await add(stream, 1)
    await stream.read(GROUP, "ana", 10, 0)

    assert await stream.take_over(GROUP, "bo", 30, 10) == []


async def test_what_is_idle_is_found_behind_what_is_not(stream: Stream, wire: Wire, name: str) -> None:
    await add(stream, 300)
    places = [entry.place for entry in await stream.read(GROUP, "ana", 300, 0)]
    await wire.ask("XCLAIM", name, GROUP, "ana", 0, str(places[-1]), "IDLE", 60_000, "JUSTID")

    assert [entry.place for entry in await stream.take_over(GROUP, "bo", 30, 1)] == places[-1:]


async def test_those_who_take_over_at_once_get_each_entry_once(stream: Stream, wire: Wire, name: str) -> None:
    await add(stream, 50)
    places = [entry.place for entry in await stream.read(GROUP, "ana", 50, 0)]
    await wire.ask("XCLAIM", name, GROUP, "ana", 0, *map(str, places), "IDLE", 60_000, "JUSTID")

    taken = await asyncio.gather(*(stream.take_over(GROUP, f"w{number}", 30, 50) for number in range(5)))

    assert sorted(entry.place for entries in taken for entry in entries) == places


async def test_consumers_that_are_gone_are_forgotten_unless_something_is_pending(stream: Stream) -> None:
    await add(stream, 2)
    [kept] = await stream.read(GROUP, "ana", 1, 0)
    [done] = await stream.read(GROUP, "bo", 1, 0)
    await stream.acknowledge(GROUP, [done.place])

    await stream.forget(GROUP, 60)
    before = (await stream.standing())[1][GROUP].consumers
    await stream.forget(GROUP, 0)
    after = (await stream.standing())[1][GROUP].consumers

    assert (before, after) == (2, 1)
    assert await stream.own(GROUP, "ana", 10) == [kept]


async def test_acknowledging_nothing_is_nothing(stream: Stream) -> None:
    await stream.acknowledge(GROUP, [])

    assert (await stream.standing())[1][GROUP].pending == 0


async def test_the_tail_is_what_came_after_a_place(stream: Stream) -> None:
    events = await add(stream, 3)

    followed = await stream.tail(events[0][1], 0)

    assert [(entry.id, entry.place) for entry in followed] == events[1:]
    assert await stream.tail(events[-1][1], 0) == []


async def test_the_tail_goes_on_over_what_was_trimmed(stream: Stream) -> None:
    events = await add(stream, 5)
    await stream.trim(events[3][1], NOT_AT_ALL)

    assert [entry.id for entry in await stream.tail(events[0][1], 0)] == [event for event, _ in events[3:]]


async def test_trimming_keeps_what_stands_at_the_floor_and_above(stream: Stream) -> None:
    events = await add(stream, 250)

    await stream.trim(events[249][1], NOT_AT_ALL)

    assert [entry.place for entry in await stream.tail(Place(0, 0), 0)] == [events[249][1]]


async def test_trimming_keeps_what_is_younger_than_it_should_keep(
    stream: Stream, wire: Wire, name: str
) -> None:
    seconds, _ = await wire.ask("TIME")
    old, young = Place(int(seconds) * 1000 - 70_000, 0), Place(int(seconds) * 1000 - 50_000, 0)
    for place in (old, young):
        await wire.ask("XADD", name, str(place), "id", str(uuid4()), "event", "{}")
    [(_, last)] = await add(stream, 1)

    await stream.trim(last, timedelta(minutes=1))

    assert [entry.place for entry in await stream.tail(Place(0, 0), 0)] == [young, last]


async def test_what_somebody_else_put_in_has_an_id_and_a_body_that_is_no_envelope(
    stream: Stream, wire: Wire, name: str
) -> None:
    await wire.ask("XADD", name, "*", "id", "not an id", "event", b"\xff")
    await wire.ask("XADD", name, "*", "some", "thing")

    read = await stream.read(GROUP, "ana", 10, 0)

    assert [entry.body for entry in read] == ["\ufffd", ""]
    assert len({entry.id for entry in read}) == 2
    assert await stream.own(GROUP, "ana", 10) == read
