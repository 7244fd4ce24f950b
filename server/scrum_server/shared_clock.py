"""One clock for all of a deployment: the database's, which each of its processes can ask."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from scrum.clock import Clock, system
from scrum.errors import Unavailable
from scrum_server.beside import beside

log = logging.getLogger(__name__)

EVERY = 60.0
STEP = timedelta(minutes=1)
"""A clock that is further ahead than this was wrong, and is set back; otherwise it stands still until it is right."""

Ask = Callable[[], Awaitable[datetime]]


def passed() -> float:
    """Seconds since some moment, with those in which the machine slept: Linux and macOS count them elsewhere."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if hasattr(time, "CLOCK_MONOTONIC"):
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class SharedClock:
    """What was read last, and what has `passed` since; until it is read, this machine's `own` time."""

    def __init__(self, own: Clock = system, passed: Callable[[], float] = passed) -> None:
        self._own = own
        self._passed = passed
        self._read: tuple[datetime, float] | None = None
        self._told: datetime | None = None

    def __call__(self) -> datetime:
        now = self._now()
        if self._told is None or not now <= self._told <= now + STEP:
            self._told = now
        return self._told

    async def read(self, ask: Ask) -> None:
        """As exactly as the answer is fast; a machine that is right to that stays as it is.

        Raises what `ask` raises.
        """
        began = self._passed()
        least = await ask()
        ended = self._passed()
        most = least + timedelta(seconds=ended - began)
        self._read = min(max(self._own(), least), most), ended

    def _now(self) -> datetime:
        if self._read is None:
            return self._own()
        at, then = self._read
        return at + timedelta(seconds=self._passed() - then)


@asynccontextmanager
async def kept_right(clock: SharedClock, ask: Ask, every: float = EVERY) -> AsyncGenerator[None]:
    """Read at once, and again after as many seconds until it is left; where nobody answers, later."""
    await _read(clock, ask)
    async with beside(_again_and_again(clock, ask, every)):
        yield


async def _again_and_again(clock: SharedClock, ask: Ask, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        await _read(clock, ask)


async def _read(clock: SharedClock, ask: Ask) -> None:
    try:
        await clock.read(ask)
    except Unavailable as error:
        log.debug("the time could not be read: %s", error)
    except Exception:  # whatever is wrong with one answer, the next one counts
        log.exception("the time could not be read")
