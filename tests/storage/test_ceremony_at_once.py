"""What people tell of ceremonies is recorded and evaluated in one commit: an error means that nothing was changed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete

from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.occurrence import Status as Stage
from scrum.ceremonies.outcome import Outcome
from scrum.ceremonies.recording import hold_ceremony, skip_ceremony
from scrum.ceremonies.usecases import emit_event, trigger_ceremony
from scrum.errors import Conflict
from scrum.work import Start
from scrum_storage.ceremony_tables import occurrences as table
from scrum_storage.store import Store
from scrum_storage.work import PostgresWork
from tests.builders import SHOP, by
from tests.requirements import requirement
from tests.storage.meetings import (
    S1,
    Killed,
    a_sprint_with,
    daily,
    delivered,
    dying,
    moment,
    names,
    occurrences,
    schedule,
)

Call = Callable[[Start[Any]], Awaitable[object]]
LISTENING = {
    "strategy": "event_driven",
    "on": ["deployed", "ceremony_held", "ceremony_skipped"],
    "debounce": 1,
}


async def _emit(start: Start[Any]) -> object:
    return await emit_event(start, SHOP, "deployed", by=by(days=2))


async def _hold(start: Start[Any]) -> object:
    return await hold_ceremony(start, f"{S1}-C1", Outcome("We met"), by=by(days=2))


async def _skip(start: Start[Any]) -> object:
    return await skip_ceremony(start, f"{S1}-C1", "Nobody came", by=by(days=2))


async def _trigger(start: Start[Any]) -> object:
    return await trigger_ceremony(start, SHOP, "daily_scrum", by=by(days=2))


CALLS = pytest.mark.parametrize("call", [_emit, _hold, _skip, _trigger])


async def a_sprint(core: Store) -> None:
    """With one ceremony that was delivered, and a daily scrum that is due by whatever is told."""
    await a_sprint_with(core, daily(**LISTENING))
    await trigger_ceremony(core.start, SHOP, "retrospective", by=by(days=1))
    await delivered(core)


@asynccontextmanager
async def in_the_way(core: Store) -> AsyncGenerator[None]:
    """The number of the next occurrence is taken, so that no evaluation can store one."""
    one = Occurrence(S1, "stray", "stray", moment(1), "", number=2)
    async with core.start() as work:
        await work.occurrences.add([replace(one, status=Stage.SKIPPED)])
        await work.commit()
    yield
    async with core.engine.begin() as connection:
        await connection.execute(delete(table).where(table.c.id == one.id))


@requirement("ceremonies.at-once")
@CALLS
async def test_what_cannot_be_evaluated_is_not_recorded_either_and_counts_once_when_it_is_repeated(
    core: Store, call: Call
) -> None:
    await a_sprint(core)
    before = await names(core), await occurrences(core)

    async with in_the_way(core):
        with pytest.raises(Conflict):
            await call(core.start)
    assert (await names(core), await occurrences(core)) == before
    await call(core.start)

    assert len(await names(core)) == len(before[0]) + 1
    assert [one.ceremony for one in await occurrences(core)] == ["retrospective", "daily_scrum"]


@CALLS
async def test_after_the_commit_nothing_is_asked_that_could_fail(core: Store, call: Call) -> None:
    await a_sprint(core)

    await call(gone_after_a_commit(core))

    assert [one.ceremony for one in await occurrences(core)] == ["retrospective", "daily_scrum"]


@CALLS
async def test_a_process_that_ends_before_the_commit_leaves_nothing(core: Store, call: Call) -> None:
    await a_sprint(core)
    before = await names(core), await occurrences(core), await schedule(core)

    with pytest.raises(Killed):
        await call(dying(core))

    assert (await names(core), await occurrences(core), await schedule(core)) == before


async def test_one_that_failed_is_answered_with_however_fast_a_worker_is(core: Store) -> None:
    await a_sprint_with(core, daily())
    asked = await trigger_ceremony(core.start, SHOP, "retrospective", by=by(days=1))
    async with core.start() as work:
        failed = replace(asked, attempts=5).attempt_failed("no disk", moment(1))
        await work.occurrences.put(failed)
        await work.commit()

    again = await trigger_ceremony(delivered_after_a_commit(core), SHOP, "retrospective", by=by(days=2))

    assert (again.id, again.status) == (asked.id, Stage.DUE)
    assert [one.status for one in await occurrences(core)] == [Stage.DELIVERED]


def gone_after_a_commit(core: Store) -> Start[PostgresWork]:
    """A server that nobody reaches any more, once something was committed."""

    async def gone() -> None:
        raise AssertionError("Something was asked after the commit")

    return _then(core, before=gone)


def delivered_after_a_commit(core: Store) -> Start[PostgresWork]:
    async def deliver() -> None:
        await delivered(core, days=2)

    return _then(core, after=deliver)


async def _nothing() -> None:
    pass


def _then(
    core: Store,
    *,
    before: Callable[[], Awaitable[None]] = _nothing,
    after: Callable[[], Awaitable[None]] = _nothing,
) -> Start[PostgresWork]:
    """`after` comes once a unit of work was committed, and `before` when another one begins after that."""
    commits: list[None] = []

    @asynccontextmanager
    async def start() -> AsyncGenerator[PostgresWork]:
        if commits:
            await before()
        async with core.start() as work:
            commit = work._commit  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] # where it ends

            async def committed() -> None:
                await commit()
                commits.append(None)
                await after()

            work._commit = committed  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            yield work

    return start


@requirement("ceremonies.signal")
async def test_what_a_sender_tells_twice_under_one_id_counts_once_in_a_sprint(core: Store) -> None:
    await a_sprint_with(core, daily(strategy="event_driven", on="deployed", debounce=2))
    before = len(await names(core))

    first, again, other = [
        await emit_event(core.start, SHOP, "deployed", "ci", {}, signal, by=by(days=1))
        for signal in ("run-7", "run-7", "run-8")
    ]

    assert [len(one.occurrences) for one in (first, again, other)] == [0, 0, 1]
    assert [one.again for one in (first, again, other)] == [False, True, False]
    assert len(await names(core)) == before + 2


@requirement("ceremonies.signal")
async def test_what_two_senders_tell_under_the_same_id_counts_for_each(core: Store) -> None:
    await a_sprint_with(core, daily(strategy="external_trigger", sources=["jira", "git"]))

    told = [
        await emit_event(core.start, SHOP, name, source, {}, "1", by=by(days=days))
        for days, name, source in ((1, "changed", "jira"), (2, "push", "git"))
    ]

    assert [(one.again, len(one.occurrences)) for one in told] == [(False, 1), (False, 1)]


@requirement("ceremonies.signal")
@pytest.mark.parametrize("names_told", [("push", "tag"), ("time_passed", "time_passed")])
async def test_one_id_of_one_source_is_one_delivery_whatever_its_name(
    core: Store, names_told: Sequence[str]
) -> None:
    await a_sprint_with(core, daily(strategy="external_trigger"))

    told = [await emit_event(core.start, SHOP, name, "git", {}, "1", by=by(days=1)) for name in names_told]

    assert [one.again for one in told] == [False, True]


@requirement("ceremonies.signal")
async def test_what_a_sender_tells_twice_at_once_counts_once(core: Store) -> None:
    await a_sprint_with(core, daily(strategy="event_driven", on="deployed", debounce=1))
    before = len(await names(core))

    told = [emit_event(core.start, SHOP, "deployed", "ci", {}, "run-7", by=by(days=1)) for _ in range(4)]
    answers = await asyncio.gather(*told)

    assert sorted(one.again for one in answers) == [False, True, True, True]
    assert len(await names(core)) == before + 1


async def test_what_has_no_id_counts_each_time(core: Store) -> None:
    await a_sprint_with(core, daily(strategy="event_driven", on="deployed", debounce=2))

    answers = [await emit_event(core.start, SHOP, "deployed", by=by(days=1)) for _ in range(2)]

    assert [len(one.occurrences) for one in answers] == [0, 1]
