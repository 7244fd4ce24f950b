"""The loop that delivers what is due: claimed by one worker at a time, several at once."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from scrum.ceremonies.attempts import begin, evaluated_until, fail, mark, prolong, put_off
from scrum.ceremonies.delivering import Means, prepare
from scrum.ceremonies.occurrence import Occurrence
from scrum.clock import Clock, system
from scrum.errors import Conflict, ScrumError, Unavailable
from scrum_server.ceremonies.lanes import Lanes
from scrum_server.ceremonies.lease import prolonged
from scrum_server.ceremonies.patience import Patience, later
from scrum_server.events.loops import unless
from scrum_storage.store import Store

log = logging.getLogger(__name__)

FLOOR = timedelta(seconds=10)
LANES = 4
AWAY = timedelta(seconds=5)
"""After which a store that was away is asked again, at first; `LONGEST_AWAY` at last."""
LONGEST_AWAY = timedelta(minutes=1)
GRACE = timedelta(seconds=20)
"""What was begun has when it is told to stop, at most: who tells it often waits for 30 s."""
MOMENT = timedelta(seconds=1)
"""After which it is looked again for what somebody had locked, and for what begins beside others."""
LAST = timedelta(seconds=5)
"""To give back what is cancelled."""
_STORE = "store"


@dataclass(frozen=True)
class Delivered:
    """What came of an attempt, at `now`: `why` says what went wrong, and is empty where nothing did."""

    occurrence: Occurrence
    now: datetime
    why: str = ""


@dataclass(frozen=True)
class _Tried:
    """Where it did not fail, its report is kept, and is of the moment `at`."""

    begun: Occurrence
    at: datetime
    failed: Delivered | None = None


@dataclass(frozen=True)
class Delivering:
    """Whoever begins an attempt has `lease` for it, which is prolonged while it runs; then others may begin one.

    Where time is `virtual`, a report is of the time up to which its sprint was evaluated.
    """

    store: Store
    means: Means
    lease: timedelta
    clock: Clock = system
    virtual: bool = False
    told: Callable[[Delivered], None] = lambda _: None
    last: timedelta = LAST
    away: Patience = field(
        default_factory=lambda: Patience(AWAY.total_seconds(), LONGEST_AWAY.total_seconds())
    )

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; then what was begun is finished, as long as there is time.

        Raises Unavailable.
        """
        async with self.store.outgoing.woken() as woken, aclosing(self._lanes()) as lanes:
            tried: list[_Tried] = []
            while not stop.is_set():
                woken.clear()
                seen = self.clock()
                if tried or (lanes.free and await unless(stop, self._is_due())):
                    await self._turn(tried, lanes, self._most(lanes.free))
                pause = MOMENT if lanes.running else await self.pause(seen)
                tried = await lanes.meanwhile(pause.total_seconds(), stop, woken)
            await self._finish(tried, lanes)

    async def deliver(self) -> list[Delivered]:
        """Until nothing may be tried now; what came of each attempt.

        Raises:
            Unavailable: what was delivered by then stays so.
        """
        done: list[Delivered] = []
        if await self._is_due():
            async with aclosing(self._lanes()) as lanes:
                done += await self._turn([], lanes, self._most(lanes.free))
                while tried := await lanes.ended():
                    done += await self._turn(tried, lanes, self._most(lanes.free))
        return done

    def _lanes(self) -> Lanes[_Tried]:
        """Whose works have the time to give back what they began."""
        return Lanes(LANES, (self.last + MOMENT).total_seconds())

    async def _finish(self, tried: Sequence[_Tried], lanes: Lanes[_Tried]) -> None:
        """What takes longer is cancelled when its lane is closed."""
        time = asyncio.get_running_loop().time
        ends = time() + min(self.lease, GRACE).total_seconds()
        while tried or (lanes.running and time() < ends):
            if tried:
                await self._turn(tried, lanes, 0)
            tried = await lanes.meanwhile(max(0.0, ends - time()))

    async def _turn(self, tried: Sequence[_Tried], lanes: Lanes[_Tried], most: int) -> list[Delivered]:
        """Those that were prepared are delivered and others begin, in one transaction: it takes as long as one."""
        prepared = [one for one in tried if one.failed is None]
        try:
            begun = await self._begin(most, [one.begun.delivered(one.at) for one in prepared])
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - whoever of them is the cause is told below, and the others are delivered
            tried = [await self._alone(one) for one in tried]
            begun = await self._begin(most)
        for occurrence in begun:
            lanes.begin(self._tried(occurrence))
        done = [one.failed or Delivered(one.begun, self.clock()) for one in tried]
        for one in done:
            self.told(one)
        return done

    async def _alone(self, tried: _Tried) -> _Tried:
        if tried.failed:
            return tried
        try:
            await mark(self.store.start, tried.begun.id, now=tried.at)
        except Unavailable:
            raise
        except Exception as error:
            log.exception("%s could not be marked as delivered", tried.begun.id)
            return replace(tried, failed=await self._failed(tried.begun, _why(error)))
        return tried

    async def pause(self, seen: datetime | None = None) -> timedelta:
        """Until the next attempt may begin; a moment at least where it might have, at `seen`, but for somebody's lock.

        Raises Unavailable.
        """
        first, now = await self._next(), self.clock()
        if first is None:
            return FLOOR
        least = MOMENT if seen and first <= seen else timedelta()
        return min(FLOOR, max(least, first - now, self.away.until(_STORE, now) - now))

    def _most(self, free: int) -> int:
        """While a store is away nothing begins; then one, which finds out whether it is back."""
        if not self.away:
            return free
        return 0 if self.away.waits(_STORE, self.clock()) else min(free, 1)

    async def _is_due(self) -> bool:
        if self.away.waits(_STORE, self.clock()):
            return False
        first = await self._next()
        return first is not None and (self.virtual or first <= self.clock())

    async def _next(self) -> datetime | None:
        async with self.store.look() as work:
            return await work.occurrences.next_attempt()

    async def _begin(self, most: int, delivered: Sequence[Occurrence] = ()) -> Sequence[Occurrence]:
        now = self.clock()
        return await begin(self.store.start, most, now=now, until=now + self.lease, delivered=delivered)

    async def _tried(self, begun: Occurrence) -> _Tried:
        try:
            async with prolonged(self.lease, partial(self._prolong, begun)):
                return await self._attempted(begun)
        except asyncio.CancelledError:
            await self._give_back(begun)
            raise

    async def _attempted(self, begun: Occurrence) -> _Tried:
        """A store that is away is waited for; anything else counts as an attempt."""
        try:
            now = await self._now(begun)
            await prepare(self.means, begun, now=now)
        except Unavailable as error:
            return _Tried(begun, self.clock(), await self._put_off(begun, str(error)))
        except Exception as error:  # whatever is wrong with one report, the others are delivered
            log.exception("%s could not be delivered", begun.id)
            return _Tried(begun, self.clock(), await self._failed(begun, _why(error)))
        self.away.worked(_STORE)
        return _Tried(begun, now)

    async def _prolong(self, begun: Occurrence) -> None:
        await prolong(self.store.start, begun, self.clock() + self.lease)

    async def _give_back(self, begun: Occurrence) -> None:
        """It did not count, and another worker may begin it at once; without the store, when its time is over."""
        with suppress(Unavailable, Conflict, TimeoutError):
            async with asyncio.timeout(self.last.total_seconds()):
                await put_off(self.store.start, begun, again_at=self.clock())

    async def _put_off(self, begun: Occurrence, why: str) -> Delivered:
        """Longer than the others: where its store is away for it alone, they are tried before it."""
        now = self.clock()
        if not self.away.waits(_STORE, now):
            self.away.failed(_STORE, now)
        with suppress(Conflict):
            await put_off(self.store.start, begun, again_at=self.away.until(_STORE, now) + AWAY)
        return Delivered(begun, now, why)

    async def _failed(self, begun: Occurrence, why: str) -> Delivered:
        now = self.clock()
        again_at = now if self.virtual else now + later(begun.attempts)
        try:
            after = await fail(self.store.start, begun, why, now=now, again_at=again_at)
        except Conflict:
            # Whoever changed it meanwhile counts
            after = begun
        return Delivered(after, now, why)

    async def _now(self, begun: Occurrence) -> datetime:
        return await evaluated_until(self.store.start, begun) if self.virtual else self.clock()


def _why(error: Exception) -> str:
    """For whoever asks about the ceremony: what else there is to know, like values, is in the log."""
    if isinstance(error, ScrumError):
        return str(error)
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), 'no reason was given')}"
