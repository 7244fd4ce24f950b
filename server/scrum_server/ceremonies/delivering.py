"""The loop that delivers what is due: claimed by one worker at a time, several at once."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrum.ceremonies.attempts import begin, evaluated_until, fail, put_off
from scrum.ceremonies.delivering import Means, deliver
from scrum.ceremonies.occurrence import Occurrence
from scrum.clock import Clock, system
from scrum.errors import ScrumError, Unavailable
from scrum_server.ceremonies.lanes import in_lanes
from scrum_server.ceremonies.patience import later
from scrum_server.events.loops import sleep, unless
from scrum_storage.store import Store

log = logging.getLogger(__name__)

FLOOR = timedelta(seconds=10)
LANES = 4
AWAY = timedelta(seconds=5)
"""After which a store that was away is asked again."""


@dataclass(frozen=True)
class Delivered:
    """What came of an attempt, at `now`: `why` says what went wrong, and is empty where nothing did."""

    occurrence: Occurrence
    now: datetime
    why: str = ""


@dataclass(frozen=True)
class Delivering:
    """Whoever begins an attempt has `lease` for it; then others may begin one.

    Where time is `virtual`, a report is of the time up to which its sprint was evaluated.
    """

    store: Store
    means: Means
    lease: timedelta
    clock: Clock = system
    virtual: bool = False
    told: Callable[[Delivered], None] = lambda _: None

    async def run(self, stop: asyncio.Event) -> None:
        """Raises Unavailable."""
        async with self.store.outgoing.woken() as woken:
            while not stop.is_set():
                woken.clear()
                await unless(stop, self.deliver())
                pause = await self.pause()
                await unless(stop, sleep(pause.total_seconds(), woken))

    async def deliver(self) -> list[Delivered]:
        """Until nothing may be tried now; what came of each attempt.

        Raises:
            Unavailable: what was delivered by then stays so.
        """
        done: list[Delivered] = []
        while await self._is_due() and (begun := await self._begin(LANES)):
            done += await self._lanes(begun)
        return done

    async def _lanes(self, begun: Sequence[Occurrence]) -> list[Delivered]:
        """Each goes on with what is due then, where there seems to be more of it."""
        done: list[Delivered] = []
        first = iter(begun)

        async def lane() -> None:
            for one in first:
                await self._one(one, done)
            while len(begun) == LANES and (more := await self._begin(1)):
                await self._one(more[0], done)

        await in_lanes(len(begun), lane)
        return done

    async def pause(self) -> timedelta:
        """Until the next attempt may begin. Raises Unavailable."""
        first = await self._next()
        return FLOOR if first is None else min(FLOOR, max(timedelta(), first - self.clock()))

    async def _is_due(self) -> bool:
        first = await self._next()
        return first is not None and (self.virtual or first <= self.clock())

    async def _next(self) -> datetime | None:
        async with self.store.look() as work:
            return await work.occurrences.next_attempt()

    async def _begin(self, most: int) -> Sequence[Occurrence]:
        now = self.clock()
        return await begin(self.store.start, most, now=now, until=now + self.lease)

    async def _one(self, begun: Occurrence, done: list[Delivered]) -> None:
        done.append(await self._tried(begun))
        self.told(done[-1])

    async def _tried(self, begun: Occurrence) -> Delivered:
        """A store that is away is waited for; anything else counts as an attempt."""
        try:
            await deliver(self.means, begun.id, now=await self._now(begun))
        except Unavailable as error:
            await put_off(self.store.start, begun.id, again_at=self.clock() + AWAY)
            return Delivered(begun, self.clock(), str(error))
        except Exception as error:  # whatever is wrong with one report, the others are delivered
            log.exception("%s could not be delivered", begun.id)
            return await self._failed(begun, _why(error))
        return Delivered(begun, self.clock())

    async def _failed(self, begun: Occurrence, why: str) -> Delivered:
        now = self.clock()
        again_at = now if self.virtual else now + later(begun.attempts)
        after = await fail(self.store.start, begun.id, why, now=now, again_at=again_at)
        return Delivered(after, now, why)

    async def _now(self, begun: Occurrence) -> datetime:
        return await evaluated_until(self.store.start, begun) if self.virtual else self.clock()


def _why(error: Exception) -> str:
    """For whoever asks about the ceremony: what else there is to know, like values, is in the log."""
    if isinstance(error, ScrumError):
        return str(error)
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), 'no reason was given')}"
