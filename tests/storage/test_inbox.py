"""The inbox decides: of all who hear an event, one handles it, or sets it aside."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from scrum_storage.inbox import State
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import MONDAY
from tests.storage.letters import LATER, WHO, a_letter, again, due, fail, handled, ids, letters, take
from tests.storage.test_store import blocked


async def test_an_event_is_taken_once_by_each_consumer(core: Store) -> None:
    first, second, third = ids(3)

    assert await take(core, [first, second, first]) == {first, second}
    assert await take(core, [third, second]) == {third}
    assert await take(core, [second], consumer="memory") == {second}
    assert await take(core, []) == set()


async def test_what_was_taken_without_a_commit_is_free_again(core: Store) -> None:
    events = ids(2)
    async with core.start() as work:
        await work.inbox.take(WHO, "core", events)

    assert await take(core, events) == set(events)


async def test_a_store_without_scrum_in_it_has_an_inbox_too(database: str) -> None:
    events = ids(2)
    async with open_store(database, CHRONICLE) as store, store.start() as work:
        assert await work.inbox.take(WHO, "core", events) == set(events)


async def test_of_two_who_take_overlapping_batches_each_event_goes_to_one(core: Store) -> None:
    events = ids(300)
    batches = [events[:200], events[100:][::-1]] * 4

    async with asyncio.timeout(30):
        taken = await asyncio.gather(*(take(core, batch) for batch in batches))

    assert sum(len(some) for some in taken) == 300
    assert set().union(*taken) == set(events)


async def test_whoever_takes_waits_for_the_commit_of_the_other(core: Store) -> None:
    events = ids(2)

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks, core.start() as work:
        await work.inbox.take(WHO, "core", events)
        second = tasks.create_task(take(core, events))
        await blocked(core, second)
        await work.commit()

    assert second.result() == set()


async def test_whoever_takes_gets_what_the_other_rolled_back(core: Store) -> None:
    events = ids(2)

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks, core.start() as work:
        await work.inbox.take(WHO, "core", events)
        second = tasks.create_task(take(core, events))
        await blocked(core, second)

    assert second.result() == set(events)


async def test_what_failed_comes_back_as_it_was_when_it_is_due(core: Store) -> None:
    letter = a_letter(due_at=LATER)
    await fail(core, letter)

    assert await due(core, MONDAY) is None
    assert await due(core, LATER) == letter
    assert await due(core, LATER, consumer="memory") is None


async def test_the_longest_due_comes_first(core: Store) -> None:
    late, early = a_letter(due_at=MONDAY), a_letter(due_at=MONDAY - timedelta(hours=1))
    await fail(core, late, early)

    assert await due(core) == early


async def test_two_workers_do_not_retry_the_same(core: Store) -> None:
    await fail(core, a_letter())

    async with core.start() as work:
        assert await work.inbox.due(WHO, MONDAY)
        assert await due(core) is None


async def test_what_was_handled_does_not_fail_afterwards(core: Store) -> None:
    letter = a_letter()
    await take(core, [letter.event])

    await fail(core, letter)

    assert await letters(core) == []


async def test_what_failed_is_not_taken_from_the_stream_again(core: Store) -> None:
    letter = a_letter()
    await fail(core, letter, replace(letter, reason="again"))

    assert await take(core, [letter.event]) == set()
    assert await letters(core) == [letter]


async def test_of_failing_and_taking_at_once_one_wins(core: Store) -> None:
    for _ in range(20):
        letter = a_letter()

        async with asyncio.timeout(30):
            taken, _ = await asyncio.gather(take(core, [letter.event]), fail(core, letter))

        aside = [one.event for one in await letters(core)]
        assert (letter.event in taken) != (letter.event in aside)


async def test_a_retry_that_went_well_is_done_and_keeps_no_envelope(core: Store) -> None:
    letter = a_letter()
    await fail(core, letter)

    assert await handled(core, letter)

    assert (await due(core), await letters(core), await take(core, [letter.event])) == (None, [], set())
    async with core.engine.connect() as connection:
        row = (await connection.execute(text("SELECT envelope, handled_at FROM core.inbox"))).one()
    assert row.envelope is None
    assert row.handled_at is not None


async def test_a_retry_that_somebody_else_began_is_not_handled_too(core: Store) -> None:
    letter = a_letter()
    await fail(core, letter)
    await again(core, replace(letter, attempts=2), 1)

    assert not await handled(core, letter)
    assert len(await letters(core)) == 1


async def test_a_retry_that_failed_keeps_its_first_failure(core: Store) -> None:
    letter = a_letter()
    await fail(core, letter)
    failed = replace(
        letter, attempts=2, due_at=LATER, reason="KeyError", trace="another", last_failed_at=LATER
    )

    assert await again(core, failed, 1)
    assert await letters(core) == [failed]


async def test_of_two_who_count_the_same_attempt_one_does(core: Store) -> None:
    letter = a_letter()
    await fail(core, letter)

    assert await again(core, replace(letter, attempts=2), 1)
    assert not await again(core, replace(letter, attempts=2, reason="late"), 1)


async def test_what_is_dead_is_due_no_more(core: Store) -> None:
    letter = a_letter()
    await fail(core, letter)
    await again(core, replace(letter, state=State.DEAD, attempts=5), 1)

    assert await due(core) is None
    assert not await handled(core, replace(letter, attempts=5))
