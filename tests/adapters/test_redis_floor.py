"""Up to where every group has acknowledged everything."""

import random
from uuid import UUID

import pytest
from redis.asyncio import Redis

from scrum.deliveries import Place
from scrum_adapters.redis import Wire
from scrum_adapters.redis_streams import Stream
from tests.adapters.events import add

GROUPS = ("chronicle", "memory")
NOTHING = Place(0, 0)


@pytest.fixture
async def heard_by_two(client: Redis, name: str) -> Stream:
    stream = Stream(client, name, GROUPS)
    await stream.prepare()
    return stream


async def floor(stream: Stream) -> Place:
    return (await stream.floor())[1]


async def hear(stream: Stream, group: str, count: int) -> None:
    await stream.acknowledge(group, [entry.place for entry in await stream.read(group, "ana", count, 0)])


async def test_a_group_that_has_read_nothing_holds_everything(heard_by_two: Stream) -> None:
    await add(heard_by_two, 2)
    await hear(heard_by_two, "chronicle", 2)

    assert await floor(heard_by_two) == NOTHING


async def test_when_all_is_acknowledged_the_floor_is_the_last_place(heard_by_two: Stream) -> None:
    events = await add(heard_by_two, 3)
    for group in GROUPS:
        await hear(heard_by_two, group, 3)

    assert await floor(heard_by_two) == events[-1][1]


async def test_the_slowest_group_decides(heard_by_two: Stream) -> None:
    events = await add(heard_by_two, 3)
    await hear(heard_by_two, "chronicle", 3)
    await hear(heard_by_two, "memory", 1)

    assert await floor(heard_by_two) == events[0][1]


async def test_the_floor_is_below_the_first_that_is_pending(stream: Stream) -> None:
    events = [place for _, place in await add(stream, 3)]
    await stream.read("chronicle", "ana", 3, 0)
    await stream.acknowledge("chronicle", [events[0], events[2]])

    assert events[0] <= await floor(stream) < events[1]


async def test_the_floor_fits_into_the_numbers_of_postgresql(stream: Stream) -> None:
    [(_, place)] = await add(stream, 1)
    await stream.read("chronicle", "ana", 1, 0)

    assert await floor(stream) == Place(place.ms - 1, 2**63 - 1)


async def test_without_groups_everything_is_heard(client: Redis, name: str) -> None:
    stream = Stream(client, name, [])
    before = await floor(stream)
    events = await add(stream, 2)

    assert (before, await floor(stream)) == (NOTHING, events[-1][1])


async def test_without_groups_the_floor_stays_when_the_stream_is_trimmed_away(
    client: Redis, wire: Wire, name: str
) -> None:
    stream = Stream(client, name, [])
    events = await add(stream, 2)

    await wire.ask("XTRIM", name, "MAXLEN", 0)

    assert await floor(stream) == events[-1][1]


async def test_a_group_of_a_newer_version_counts_too(client: Redis, heard_by_two: Stream, name: str) -> None:
    older = Stream(client, name, ["chronicle"])
    await add(older, 2)
    await hear(older, "chronicle", 2)

    assert await floor(older) == NOTHING
    assert (await older.standing())[1].keys() == set(GROUPS)
    assert await floor(heard_by_two) == NOTHING


async def test_a_group_that_is_missing_is_made_and_holds_everything(
    heard_by_two: Stream, wire: Wire, name: str
) -> None:
    await add(heard_by_two, 2)
    for group in GROUPS:
        await hear(heard_by_two, group, 2)
    await wire.ask("XGROUP", "DESTROY", name, "memory")

    assert await floor(heard_by_two) == NOTHING
    assert len(await heard_by_two.read("memory", "ana", 10, 0)) == 2


async def test_a_stream_that_was_never_prepared_has_a_floor(client: Redis, name: str) -> None:
    assert await floor(Stream(client, name, GROUPS)) == NOTHING


async def test_the_standing_of_a_group_tells_how_far_it_is(stream: Stream, wire: Wire, name: str) -> None:
    events = [place for _, place in await add(stream, 4)]
    await stream.read("chronicle", "ana", 1, 0)
    await stream.read("chronicle", "bo", 2, 0)
    await stream.acknowledge("chronicle", [events[0]])
    await wire.ask("XCLAIM", name, "chronicle", "bo", 0, str(events[1]), "IDLE", 90_000, "JUSTID")

    signature, standing = await stream.standing()

    group = standing["chronicle"]
    assert signature == (await stream.floor())[0]
    assert (group.delivered, group.pending, group.consumers) == (events[2], 2, 2)
    assert 90 <= group.idle < 120


async def test_a_group_with_nothing_pending_has_no_idle_time(stream: Stream) -> None:
    await add(stream, 1)
    await hear(stream, "chronicle", 1)

    assert (await stream.standing())[1]["chronicle"].idle == 0


@pytest.mark.parametrize("seed", range(10))
async def test_whatever_the_groups_do_the_floor_divides_what_all_have_heard_from_the_rest(
    heard_by_two: Stream, seed: int
) -> None:
    chance = random.Random(seed)
    added: list[tuple[UUID, Place]] = []
    open_for: dict[str, set[Place]] = {group: set() for group in GROUPS}
    for _ in range(40):
        group = chance.choice(GROUPS)
        match chance.choice(("add", "read", "acknowledge")):
            case "add":
                new = await add(heard_by_two, chance.randint(1, 3))
                added += new
                for places in open_for.values():
                    places.update(place for _, place in new)
            case "read":
                await heard_by_two.read(group, chance.choice("ab"), chance.randint(1, 4), 0)
            case _:
                mine = [entry.place for who in "ab" for entry in await heard_by_two.own(group, who, 100)]
                done = chance.sample(mine, chance.randint(0, len(mine)))
                await heard_by_two.acknowledge(group, done)
                open_for[group].difference_update(done)

        now = await floor(heard_by_two)
        unheard = set[Place]().union(*open_for.values())
        first = min(unheard, default=None)
        assert [place for _, place in added if place <= now] == [
            place for _, place in added if first is None or place < first
        ]
