"""A consumer: hears what a stream says and acts on it, each event exactly once.

Whether an event was handled stands in the inbox, in the transaction of its effect. Redis only says which worker has
it now: an event that it delivers twice, or again because a worker ended, finds its id in the inbox.
"""

import asyncio
import json
import logging
import random
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Generic, TypeVar

from scrum.catalog import EVENTS
from scrum.clock import Clock, system
from scrum.deliveries import Delivery, NotUnderstood, Subscription, delivery
from scrum.errors import ScrumError, Unavailable
from scrum.events import Event
from scrum.work import Start
from scrum_adapters.redis_answers import Entry
from scrum_adapters.redis_streams import Stream
from scrum_server.events.loops import backoff, sleep, unless
from scrum_storage.errors import Unwilling
from scrum_storage.inbox import Letter, State
from scrum_storage.work import MessageWork

log = logging.getLogger(__name__)

BATCH = 200
WAIT = 5.0
"""Seconds that a read waits for news."""
MOST_ATTEMPTS = 5
LEASE = 60.0
"""Seconds that an attempt may take: then it has failed, or its worker has ended."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
_ALONE, _SUSPECT = 3, 5
"""Deliveries from which on an event is handled alone, and from which on its attempts are counted: it may end workers."""
_TRACE = 2_000
_RETRIES = 1.0


W = TypeVar("W", bound=MessageWork)


@dataclass(frozen=True)
class Consumer(Generic[W]):
    """One of a group, which shares the work; `name` tells its members apart."""

    group: str
    name: str
    source: str
    stream: Stream
    start: Start[W]
    subscriptions: Sequence[Subscription[W]]
    takeover: float = 15.0
    lease: float = LEASE
    known: Mapping[str, type[Event]] = field(default_factory=lambda: EVENTS)
    clock: Clock = system
    chance: random.Random = field(default_factory=random.Random)

    async def run(self, stop: asyncio.Event) -> None:
        """Raises Unavailable: the events stay with Redis, and come first when it runs again."""
        await self.stream.prepare()
        await self._understand()
        await self.finish()
        looked = 0.0
        while not stop.is_set():
            entries = await unless(
                stop, self.stream.read(self.group, self.name, BATCH, min(WAIT, self.takeover))
            )
            await self.handle(entries or [])
            if (now := asyncio.get_running_loop().time()) - looked >= self.takeover / 2:
                await self.take_over()
                looked = now
        await self.finish()

    async def run_retries(self, stop: asyncio.Event) -> None:
        """Raises Unavailable."""
        while not stop.is_set():
            while not stop.is_set() and await self.retry():
                pass
            await sleep(_RETRIES, stop)

    async def finish(self) -> None:
        """Handle what this consumer got and has not acknowledged."""
        while entries := await self.stream.own(self.group, self.name, BATCH):
            await self.handle(entries)

    async def take_over(self) -> None:
        """Handle what others got and did not acknowledge in time: they have ended, or hang."""
        while entries := await self.stream.take_over(self.group, self.name, self.takeover, BATCH):
            await self.handle(entries)
        await self.stream.forget(self.group, 60 * self.takeover)

    async def handle(self, entries: Sequence[Entry]) -> None:
        """Apply them, then acknowledge.

        Raises:
            Unavailable: what is left is not acknowledged.
        """
        together = [entry for entry in entries if entry.times < _ALONE]
        for part in [together, *([entry] for entry in entries if entry.times >= _ALONE)]:
            if part:
                await self._apply(part)
                await self.stream.acknowledge(self.group, [entry.place for entry in part])

    async def retry(self) -> bool:
        """Try again one event that failed and is due; whether there was one.

        The attempt is counted as a failure before it begins, so that an event which ends its workers comes to its end too.

        Raises:
            Unavailable.
        """
        now = self.clock()
        async with self.start() as work:
            letter = await work.inbox.due(self.group, now)
            if letter is None:
                return False
            end = now + timedelta(seconds=self.lease)
            begun = replace(letter, attempts=letter.attempts + 1, due_at=end, last_failed_at=now)
            if letter.attempts >= MOST_ATTEMPTS:
                begun = replace(letter, state=State.DEAD)
            await work.inbox.again(begun, letter.attempts)
            await work.commit()
        if begun.state is State.RETRY:
            await self._attempt(begun)
        self._tell_if_dead(begun)
        return True

    async def _attempt(self, letter: Letter) -> None:
        try:
            async with asyncio.timeout(self.lease), self.start() as work:
                if await work.inbox.handled(letter):
                    await self._dispatch(work, [delivery(letter.source, letter.envelope, self.known)])
                    await work.commit()
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the edge: whatever a handler raises is kept with the event
            await self._failed_again(letter, error)

    async def _failed_again(self, letter: Letter, error: Exception) -> None:
        last = letter.attempts >= MOST_ATTEMPTS
        now = self.clock()
        failed = replace(
            letter,
            state=_state_after(error, last=last),
            reason=_reason(error),
            trace=_trace(error),
            last_failed_at=now,
            due_at=now + self._pause(letter.attempts),
        )
        async with self.start() as work:
            await work.inbox.again(failed, letter.attempts)
            await work.commit()
        self._tell_if_dead(failed)

    def _tell_if_dead(self, letter: Letter) -> None:
        if letter.state is State.DEAD:
            log.error("%s gave up on event %s: %s", self.group, letter.event, letter.reason)

    async def _apply(self, entries: Sequence[Entry]) -> None:
        """In one transaction; where that fails, each in its own, so that a bad event stops no other."""
        deliveries = [one for entry in entries if (one := await self._read(entry))]
        try:
            await self._commit(deliveries)
        except Exception as error:  # the edge: whatever a handler raises is kept with the event
            if isinstance(error, Unavailable) and not isinstance(error, Unwilling):
                raise
            if len(entries) == 1:
                await self._set_aside(entries[0], State.RETRY, error)
                return
            for entry in entries:
                await self._apply([entry])

    async def _commit(self, deliveries: Sequence[Delivery]) -> None:
        if not deliveries:
            return
        async with asyncio.timeout(self.lease), self.start() as work:
            fresh = await work.inbox.take(self.group, self.source, [one.id for one in deliveries])
            await self._dispatch(work, list({one.id: one for one in deliveries if one.id in fresh}.values()))
            await work.commit()

    async def _dispatch(self, work: W, deliveries: Sequence[Delivery]) -> None:
        for subscription in self.subscriptions:
            if wanted := [one for one in deliveries if subscription.wants(one.event)]:
                await subscription.handle(work, wanted)

    async def _read(self, entry: Entry) -> Delivery | None:
        """None where it was set aside instead."""
        if entry.times >= _SUSPECT:
            await self._set_aside(entry, State.RETRY, OftenDelivered(entry.times), attempts=0)
            return None
        try:
            return delivery(self.source, json.loads(entry.body), self.known)
        except NotUnderstood as error:
            await self._set_aside(entry, State.PARKED, error)
        except (ValueError, TypeError, KeyError) as error:
            await self._set_aside(entry, State.DEAD, error)
        return None

    async def _set_aside(self, entry: Entry, state: State, error: Exception, attempts: int = 1) -> None:
        """Keep it with its reason; unless another worker has handled it or did so first."""
        now = self.clock()
        letter = Letter(
            consumer=self.group,
            event=entry.id,
            source=self.source,
            state=state,
            attempts=attempts,
            due_at=now + self._pause(attempts),
            reason=_reason(error),
            trace=_trace(error),
            first_failed_at=now,
            last_failed_at=now,
            envelope=_envelope(entry),
        )
        async with self.start() as work:
            await work.inbox.fail(letter)
            await work.commit()
        log.warning("%s set event %s aside (%s): %s", self.group, entry.id, state, letter.reason)

    async def _understand(self) -> None:
        """What an older version parked, and this one knows, is tried now."""
        known = {name: kind.version for name, kind in self.known.items()}
        async with self.start() as work:
            await work.inbox.understood(self.group, known, self.clock())
            await work.commit()

    def _pause(self, failures: int) -> timedelta:
        seconds = backoff(failures, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE, chance=self.chance)
        return timedelta(seconds=seconds)


class OftenDelivered(ScrumError):
    def __init__(self, times: int) -> None:
        super().__init__(f"It was delivered {times} times, and no worker lived to say what came of it.")


def _state_after(error: Exception, *, last: bool) -> State:
    if isinstance(error, NotUnderstood):
        return State.PARKED
    return State.DEAD if last else State.RETRY


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_TRACE]


def _trace(error: Exception) -> str:
    """The end of the traceback, where it happened."""
    return "".join(traceback.format_exception(error))[-_TRACE:]


def _envelope(entry: Entry) -> Mapping[str, Any]:
    try:
        read: dict[str, Any] = json.loads(entry.body)
    except ValueError:
        return {"unreadable": entry.body}
    return read
