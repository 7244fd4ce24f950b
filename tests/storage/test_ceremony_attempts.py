"""Attempts to deliver, of one worker and of several; and what waits for people afterwards."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from scrum.ceremonies.attempts import begin, fail, put_off
from scrum.ceremonies.occurrence import MOST_ATTEMPTS, Occurrence, Status
from scrum.ceremonies.recording import skip_ceremony
from scrum.ceremonies.usecases import trigger_ceremony
from scrum.errors import Conflict
from scrum_storage.store import Store
from tests.builders import SHOP, by
from tests.requirements import requirement
from tests.storage.meetings import a_sprint_with, daily, delivered, events, moment

NOW, LEASE = moment(1), timedelta(seconds=15)


async def two_begun(core: Store) -> Sequence[Occurrence]:
    await a_sprint_with(core, daily())
    for name in ("retro", "refinement"):
        await trigger_ceremony(core.start, SHOP, name, by=by(days=1))
    return await begin(core.start, 4, now=NOW, until=NOW + LEASE)


async def told(core: Store) -> list[str]:
    return [row.aggregate for row in await events(core) if row.type == "CeremonyDelivered"]


async def the_one(core: Store, one: Occurrence) -> Occurrence:
    async with core.look() as work:
        return await work.occurrences.get(one.id)


async def the_statuses(core: Store, *those: Occurrence) -> list[Status]:
    return [(await the_one(core, one)).status for one in those]


async def test_what_was_delivered_is_put_as_others_begin_and_does_not_begin_again(core: Store) -> None:
    """Not even when it took longer than it had time for."""
    one, other = await two_begun(core)
    late = NOW + 2 * LEASE

    begun = await begin(core.start, 4, now=late, until=late + LEASE, delivered=[one.delivered(NOW)])

    assert [again.id for again in begun] == [other.id]
    assert await the_statuses(core, one, other) == [Status.DELIVERED, Status.DUE]
    assert await told(core) == [one.id]


async def test_where_one_was_changed_meanwhile_nothing_is_done(core: Store) -> None:
    one, other = await two_begun(core)
    await skip_ceremony(core.start, one.id, "not now", by=by(days=1))

    with pytest.raises(Conflict):
        await begin(
            core.start,
            4,
            now=NOW,
            until=NOW + LEASE,
            delivered=[other.delivered(NOW), one.delivered(NOW)],
        )

    assert await the_statuses(core, one, other) == [Status.SKIPPED, Status.DUE]
    assert await told(core) == []


async def test_of_two_attempts_at_one_that_end_together_none_is_put(core: Store) -> None:
    """The first took longer than it had time for, and the second was of the same worker."""
    one, other = await two_begun(core)
    late = NOW + 2 * LEASE
    again = await begin(core.start, 4, now=late, until=late + LEASE)
    second = next(later for later in again if later.id == one.id)

    with pytest.raises(Conflict, match=one.id):
        await begin(
            core.start,
            4,
            now=late,
            until=late + LEASE,
            delivered=[one.delivered(NOW), second.delivered(late)],
        )

    assert await the_statuses(core, one, other) == [Status.DUE, Status.DUE]
    assert await told(core) == []


async def begun_times(core: Store, times: int) -> list[Occurrence]:
    """One, begun anew each time that its lease is over."""
    one, _ = await two_begun(core)
    attempts = [one]
    for number in range(1, times):
        at = NOW + number * LEASE
        found = await begin(core.start, 4, now=at, until=at + LEASE)
        attempts += [again for again in found if again.id == one.id]
    return attempts


@requirement("ceremonies.once")
async def test_an_attempt_that_fails_late_does_not_end_the_last_one(core: Store) -> None:
    *_, fourth, last = await begun_times(core, MOST_ATTEMPTS)

    with pytest.raises(Conflict):
        await fail(core.start, fourth, "poison", now=NOW, again_at=NOW)

    assert await the_one(core, last) == last
    assert [row for row in await events(core) if row.type == "CeremonyFailed"] == []


@requirement("ceremonies.once")
async def test_an_attempt_whose_store_is_away_late_does_not_uncount_the_one_that_runs(core: Store) -> None:
    first, second = await begun_times(core, 2)

    with pytest.raises(Conflict):
        await put_off(core.start, first, again_at=NOW)

    assert await the_one(core, second) == second


async def test_the_last_attempt_fails_the_ceremony_and_says_why(core: Store) -> None:
    *_, last = await begun_times(core, MOST_ATTEMPTS)

    await fail(core.start, last, "poison", now=NOW, again_at=NOW)

    after = await the_one(core, last)
    assert (after.status, after.told) == (Status.FAILED, "poison")
    assert [row.aggregate for row in await events(core) if row.type == "CeremonyFailed"] == [last.id]


async def test_what_waits_is_told_of_several_projects_at_once(core: Store) -> None:
    one, other = await two_begun(core)
    await delivered(core)
    await skip_ceremony(core.start, one.id, "not now", by=by(days=1))

    async with core.look() as work:
        found = await work.occurrences.waiting([SHOP, "NONE"])
        none = await work.occurrences.waiting([])

    assert other.id in [waits.id for waits in found]
    assert one.id not in [waits.id for waits in found]
    assert [waits.number for waits in found] == sorted((waits.number for waits in found), reverse=True)
    assert none == []
