"""Attempts to deliver: begun by one at a time, counted, and given up after some. One function, one transaction."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from scrum.ceremonies.events import CeremonyDelivered, CeremonyFailed
from scrum.ceremonies.occurrence import MOST_ATTEMPTS, Occurrence, Status
from scrum.ceremonies.ports import CeremonyWork
from scrum.events import POLICY, By
from scrum.work import Start, insisting

_ENDED = "Every attempt ended its worker, or took longer than a worker has time for."


async def begin(
    start: Start[CeremonyWork],
    limit: int,
    *,
    now: datetime,
    until: datetime,
    delivered: Sequence[Occurrence] = (),
) -> Sequence[Occurrence]:
    """Some that are due, which nobody else begins before `until`; in passing, those that were delivered are put.

    Raises:
        Unavailable; Conflict: somebody changed one of `delivered` meanwhile, and nothing is done.
    """
    async with start() as work:
        # Before the others begin: one whose time is over would be among them
        await work.occurrences.put(*delivered)
        found = await work.occurrences.pending(now, limit)
        failed = [one.attempt_failed(_ENDED, now) for one in found if one.attempts >= MOST_ATTEMPTS]
        begun = [one.begun(until) for one in found if one.attempts < MOST_ATTEMPTS]
        await work.occurrences.put(*failed, *begun)
        work.publish(*(_delivered(one, now) for one in delivered), *(_failed(one, now) for one in failed))
        if delivered or found:
            await work.commit()
    return begun


async def prolong(start: Start[CeremonyWork], begun: Occurrence, until: datetime) -> None:
    """Its version stays. Raises Unavailable, or Conflict."""
    async with start() as work:
        await work.occurrences.prolong(begun, until)
        await work.commit()


async def put_off(start: Start[CeremonyWork], begun: Occurrence, *, again_at: datetime) -> None:
    """A store is away: that is not the ceremony's fault.

    Raises:
        Unavailable; Conflict: the attempt is not the last one any more, or somebody was faster, and nothing is done.
    """
    async with start() as work:
        await work.occurrences.put(begun.put_off(again_at))
        await work.commit()


async def fail(
    start: Start[CeremonyWork], begun: Occurrence, why: str, *, now: datetime, again_at: datetime
) -> Occurrence:
    """As it is then: failed, or due once more.

    Raises:
        Unavailable; Conflict: the attempt is not the last one any more, or somebody was faster, and nothing is done.
    """
    after = begun.attempt_failed(why, again_at)
    async with start() as work:
        await work.occurrences.put(after)
        if after.status is Status.FAILED:
            work.publish(_failed(after, now))
        await work.commit()
    return after


async def mark(start: Start[CeremonyWork], occurrence_id: str, *, now: datetime) -> None:
    """As delivered, once; whoever changed it meanwhile counts first.

    Raises:
        Unavailable, or Conflict.
    """
    await insisting(partial(_marked, start, occurrence_id, now))


async def evaluated_until(start: Start[CeremonyWork], occurrence: Occurrence) -> datetime:
    """Up to when its sprint was evaluated. Raises Unavailable."""
    async with start() as work:
        schedule = await work.schedules.find(occurrence.sprint)
    clock = schedule.standing.clock if schedule else None
    return max(occurrence.due_at, clock or occurrence.due_at)


async def _marked(start: Start[CeremonyWork], occurrence_id: str, now: datetime) -> None:
    async with start() as work:
        before = await work.occurrences.get(occurrence_id)
        after = before.delivered(now)
        if after != before:
            await work.occurrences.put(after)
            work.publish(_delivered(after, now))
            await work.commit()


def _failed(one: Occurrence, now: datetime) -> CeremonyFailed:
    return CeremonyFailed.of(By(POLICY, now), one, sprint=one.sprint, ceremony=one.ceremony, why=one.told)


def _delivered(one: Occurrence, now: datetime) -> CeremonyDelivered:
    by = By(POLICY, one.delivered_at or now)
    return CeremonyDelivered.of(by, one, sprint=one.sprint, ceremony=one.ceremony)
