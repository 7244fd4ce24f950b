"""The relay's side of an outbox: nothing is lost between PostgreSQL and a Redis that may end, restart or forget."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from scrum.catalog import EVENTS
from scrum.deliveries import Place, delivery
from scrum.errors import Unavailable
from scrum_storage.ids import before, moment, uuid7
from scrum_storage.outgoing import Added, Outgoing, Sent, Unsent, Waiting
from scrum_storage.store import KINDS, Kind, Store, open_store
from tests.storage.messages import HERE, Taking, an_event, publish, sent

END = Place(10**12, 0)


@pytest.fixture
def outgoing(core: Store) -> Outgoing:
    return core.outgoing


@pytest.fixture(params=KINDS, ids=[kind.name for kind in KINDS])
async def any_store(database: str, request: pytest.FixtureRequest) -> AsyncGenerator[Store[Any]]:
    kind: Kind[Any] = request.param
    async with open_store(database, kind) as store:
        yield store


async def test_every_store_sends_and_settles_what_it_published(any_store: Store[Any]) -> None:
    await publish(any_store, an_event(1), an_event(2))

    taken = await sent(any_store.outgoing)

    assert len(taken) == 2
    assert await any_store.outgoing.settle(HERE, END) == 2
    assert await any_store.outgoing.waiting() == Waiting(0, None, 0)


async def test_what_travels_becomes_the_event_again(core: Store, outgoing: Outgoing) -> None:
    event = an_event(4, days=["2026-03-02"], text='Ünïcode "quoted" \\u0000 \n')
    taking = Taking()
    await publish(core, event)

    await outgoing.send(10, taking)

    ((one,),) = taking.batches
    received = delivery("core", json.loads(one.envelope), EVENTS)
    assert (received.id, received.event, received.cause) == (one.id, event, None)


async def test_events_are_sent_in_the_order_of_their_commits_and_once(
    core: Store, outgoing: Outgoing
) -> None:
    await publish(core, *(an_event(number) for number in range(1, 6)))
    taking = Taking()

    counts = [await outgoing.send(2, taking) for _ in range(4)]

    envelopes = [json.loads(one.envelope) for batch in taking.batches for one in batch]
    assert counts == [2, 2, 1, 0]
    assert [envelope["aggregate_version"] for envelope in envelopes] == [1, 2, 3, 4, 5]


async def test_nothing_unsent_asks_nobody_to_add(outgoing: Outgoing) -> None:
    taking = Taking()

    assert await outgoing.send(10, taking) == 0
    assert taking.batches == []


async def test_what_could_not_be_added_is_sent_the_next_time(core: Store, outgoing: Outgoing) -> None:
    await publish(core, an_event())

    async def fails(_: Sequence[Unsent]) -> Added:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await outgoing.send(10, fails)

    assert len(await sent(outgoing)) == 1


async def test_a_relay_killed_after_adding_sends_the_same_again(core: Store, outgoing: Outgoing) -> None:
    await publish(core, an_event(1), an_event(2))
    first = Taking()

    async def killed(unsent: Sequence[Unsent]) -> Added:
        added = await first(unsent)
        await end_connections(core, "state = 'idle in transaction'")
        return added

    with pytest.raises(Unavailable):
        await outgoing.send(10, killed)

    assert await sent(outgoing) == first.ids


async def test_two_relays_at_once_send_each_event_once(core: Store, outgoing: Outgoing) -> None:
    await publish(core, *(an_event(number) for number in range(1, 101)))
    both = asyncio.Barrier(2)
    taking = Taking()

    async def together(unsent: Sequence[Unsent]) -> Added:
        await both.wait()
        return await taking(unsent)

    async with asyncio.timeout(30):
        counts = await asyncio.gather(outgoing.send(50, together), outgoing.send(50, together))

    assert list(counts) == [50, 50]
    assert len(set(taking.ids)) == 100


async def test_only_what_every_group_has_heard_is_settled(core: Store, outgoing: Outgoing) -> None:
    await publish(core, *(an_event(number) for number in range(1, 5)))
    await sent(outgoing)
    await publish(core, an_event(5))

    assert await outgoing.settle(HERE, Place(1, 1)) == 2
    assert await outgoing.settle(HERE, Place(0, 99)) == 0
    assert await outgoing.settle(HERE, END) == 2
    assert (await outgoing.waiting()).unsent == 1


async def test_settling_leaves_what_another_server_took(core: Store, outgoing: Outgoing) -> None:
    await publish(core, an_event())
    await sent(outgoing, to="redis:0")

    assert await outgoing.settle(HERE, END) == 0
    assert (await outgoing.waiting()).unsettled == 1


async def test_two_relays_that_settle_at_once_settle_each_event_once(core: Store, outgoing: Outgoing) -> None:
    await publish(core, *(an_event(number) for number in range(1, 201)))
    await sent(outgoing)

    async with asyncio.timeout(30):
        counts = await asyncio.gather(*(outgoing.settle(HERE, END) for _ in range(2)))

    assert sum(counts) == 200


async def test_strays_are_what_any_other_server_took(core: Store, outgoing: Outgoing) -> None:
    taken: dict[str, list[UUID]] = {}
    for server in ("a", HERE, "z"):
        await publish(core, an_event())
        taken[server] = await sent(outgoing, to=server)
    await publish(core, an_event())

    strays = await outgoing.strays(HERE, 10)

    assert sorted(strays) == sorted(Sent(one, Place(1, 0)) for one in taken["a"] + taken["z"])
    assert len(await outgoing.strays(HERE, 1)) == 1


async def test_a_stray_that_is_in_the_stream_is_settled_there(core: Store, outgoing: Outgoing) -> None:
    await publish(core, an_event())
    await outgoing.relabel(await sent(outgoing, to="redis:0"), HERE)

    assert await outgoing.strays(HERE, 10) == []
    assert await outgoing.settle(HERE, Place(1, 0)) == 1


async def test_a_stray_that_is_nowhere_is_sent_again(core: Store, outgoing: Outgoing) -> None:
    await publish(core, an_event())
    lost = await sent(outgoing, to="redis:0")

    await outgoing.unsend(lost)

    assert await sent(outgoing) == lost
    assert await outgoing.strays(HERE, 10) == []


async def test_a_late_word_of_a_stray_changes_nothing_that_is_unsent(core: Store, outgoing: Outgoing) -> None:
    await publish(core, an_event())
    lost = await sent(outgoing, to="redis:0")
    await outgoing.unsend(lost)

    await outgoing.relabel(lost, HERE)

    assert await outgoing.settle(HERE, END) == 0
    assert await sent(outgoing) == lost


async def test_how_many_wait_and_since_when(core: Store, outgoing: Outgoing) -> None:
    began = datetime.now(UTC) - timedelta(milliseconds=1)
    await publish(core, an_event(1))
    await sent(outgoing)
    await publish(core, an_event(2))
    await publish(core, an_event(3))

    waiting = await outgoing.waiting()

    assert (waiting.unsent, waiting.unsettled) == (2, 3)
    assert waiting.oldest is not None
    assert began <= waiting.oldest <= datetime.now(UTC)
    assert await core.unsent() == 2


async def test_how_far_behind_a_place_is(core: Store, outgoing: Outgoing) -> None:
    await publish(core, *(an_event(number) for number in range(1, 4)))
    await sent(outgoing)
    await publish(core, an_event(4))

    assert [await outgoing.behind(Place(*place)) for place in ((0, 0), (1, 0), (1, 2))] == [4, 3, 1]


async def test_the_oldest_id_is_of_any_event_that_is_not_settled(core: Store, outgoing: Outgoing) -> None:
    assert await outgoing.oldest() is None

    await publish(core, an_event(1))
    (first,) = await sent(outgoing)
    await publish(core, an_event(2))

    assert await outgoing.oldest() == first


async def test_a_commit_wakes_the_relay(core: Store, outgoing: Outgoing) -> None:
    async with asyncio.timeout(30), outgoing.woken() as bell:
        assert not bell.is_set()
        await publish(core, an_event())
        await bell.wait()
        bell.clear()


async def test_a_relay_that_cannot_be_woken_any_more_is_told(core: Store, outgoing: Outgoing) -> None:
    async with asyncio.timeout(30), outgoing.woken() as bell:
        await end_connections(core, "application_name LIKE '%listens%'")
        await bell.wait()

        with pytest.raises(Unavailable):
            bell.clear()


async def test_a_server_that_is_not_there_wakes_nobody_and_says_so() -> None:
    async with open_store("postgresql+asyncpg://nobody@127.0.0.1:1/none") as store:
        with pytest.raises(Unavailable, match="cannot be reached"):
            async with store.outgoing.woken():
                pass


def test_an_id_tells_when_it_was_made() -> None:
    made = uuid7()

    assert before(moment(made)) <= made < before(moment(made) + timedelta(milliseconds=1))


async def end_connections(core: Store, which: str) -> None:
    """Others than ours, and waits until they have ended."""
    ending = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    async with core.engine.connect() as connection:
        await connection.execute(text(f"{ending} AND datname = current_database() AND {which}"))
