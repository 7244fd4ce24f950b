"""What consumers could not handle: listed, sent again by people and by newer versions, and never in the way."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from scrum_storage.ids import uuid7
from scrum_storage.inbox import State
from scrum_storage.store import Store
from tests.storage.letters import LATER, WHO, a_letter, due, fail, handled, ids, letters, take

FAR = datetime(9999, 1, 1, tzinfo=UTC)


async def release(store: Store, which: Collection[UUID] | None, **who: str) -> list[UUID]:
    async with store.start() as work:
        released = await work.inbox.release(which, now=LATER, **who)
        await work.commit()
    return released


async def understood(store: Store, **known: int) -> int:
    async with store.start() as work:
        count = await work.inbox.understood(WHO, known, LATER)
        await work.commit()
    return count


async def purge(store: Store, before: UUID, handled_before: datetime) -> int:
    async with store.start() as work:
        count = await work.inbox.purge(before, handled_before)
        await work.commit()
    return count


async def test_letters_are_listed_and_counted_by_consumer_and_state(core: Store) -> None:
    retry, dead = a_letter(), a_letter(state=State.DEAD, last_failed_at=LATER)
    parked = a_letter(state=State.PARKED, consumer="memory", last_failed_at=LATER + timedelta(days=1))
    await fail(core, retry, dead, parked)
    await take(core, ids(3))

    assert await letters(core) == [parked, dead, retry]
    assert await letters(core, limit=1) == [parked]
    assert await letters(core, consumer=WHO) == [dead, retry]
    assert await letters(core, state=State.DEAD) == [dead]
    async with core.start() as work:
        assert await work.inbox.count() == {
            (WHO, State.RETRY): 1,
            (WHO, State.DEAD): 1,
            ("memory", State.PARKED): 1,
        }


async def test_an_operator_sends_dead_and_parked_events_again_from_the_start(core: Store) -> None:
    dead, parked = a_letter(state=State.DEAD, attempts=5), a_letter(state=State.PARKED)
    await fail(core, dead, parked, a_letter(due_at=LATER + timedelta(days=1)))

    assert await release(core, [dead.event, uuid7()]) == [dead.event]
    assert await release(core, None) == [parked.event]

    assert await due(core, LATER) in (
        replace(dead, state=State.RETRY, attempts=0, due_at=LATER),
        replace(parked, state=State.RETRY, attempts=0, due_at=LATER),
    )


async def test_an_operator_sends_again_what_one_consumer_gave_up(core: Store) -> None:
    mine = a_letter(state=State.DEAD)
    await fail(core, mine, replace(mine, consumer="memory"))

    assert await release(core, [mine.event], consumer="memory") == [mine.event]
    assert [one.consumer for one in await letters(core, state=State.DEAD)] == [WHO]
    assert await release(core, []) == []


async def test_parked_events_are_tried_when_their_version_is_known(core: Store) -> None:
    parked = a_letter(state=State.PARKED)
    await fail(core, parked, a_letter(state=State.PARKED, consumer="memory"))

    assert await understood(core, SprintClosed=1, SprintStarted=9) == 0
    assert await understood(core, SprintClosed=2) == 1
    assert await due(core, LATER) == replace(parked, state=State.RETRY, attempts=0, due_at=LATER)


@pytest.mark.parametrize("envelope", [{}, [], "text", {"type": "SprintClosed", "version": [3]}])
async def test_a_parked_event_that_is_none_stops_nobody(core: Store, envelope: Any) -> None:
    await fail(core, a_letter(state=State.PARKED, envelope=envelope))

    assert await understood(core, SprintClosed=2) == 0


async def test_whatever_failed_can_be_stored(core: Store) -> None:
    strange = {"nul\0": ["\ud800", float("nan"), {"plain": "\\u0000 stays"}]}
    await fail(core, a_letter(reason="\0", trace="\udfff", envelope=strange))

    (letter,) = await letters(core)

    assert letter.envelope == {"nul\ufffd": ["?", "nan", {"plain": "\\u0000 stays"}]}
    assert (letter.reason, letter.trace) == ("\ufffd", "?")


async def test_only_handled_events_that_are_old_enough_are_forgotten(core: Store) -> None:
    old, waiting, limit, new = ids(4)
    await take(core, [old, limit, new])
    await fail(core, a_letter(event=waiting))

    assert await purge(core, limit, FAR) == 1
    assert await take(core, [old, limit, new]) == {old}
    assert [one.event for one in await letters(core)] == [waiting]


async def test_what_was_handled_a_moment_ago_is_remembered_however_old_the_event_is(core: Store) -> None:
    old, limit = ids(2)
    began = datetime.now(UTC)
    await take(core, [old])

    assert await purge(core, limit, began) == 0
    assert await take(core, [old]) == set()
    assert await purge(core, limit, FAR) == 1


async def test_an_event_that_was_handled_in_a_retry_is_forgotten_too(core: Store) -> None:
    letter = a_letter()
    await fail(core, letter)
    await handled(core, letter)

    assert await purge(core, uuid7(), FAR) == 1
