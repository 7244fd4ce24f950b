"""Loops that go on: they begin again after a failure, later each time, until they are told to stop."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from scrum.errors import Unavailable
from scrum_server.beside import cancelled

log = logging.getLogger(__name__)

T = TypeVar("T")

_FIRST, _LONGEST = 0.1, 10.0
_AGAIN = 5.0
"""Seconds in which what was begun, like a server, is stopped again."""
_GOOD = 30.0
"""Seconds after which a loop that failed counts as well again."""


def backoff(failures: int, *, first: float, longest: float, chance: random.Random) -> float:
    """Seconds to wait after so many failures: doubled each time, of which half is left to chance."""
    most = min(longest, first * 2.0 ** min(max(failures - 1, 0), 60))
    return most * (0.5 + 0.5 * chance.random())


async def kept_up(name: str, run: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Run it until it ends by itself after `stop`; an outage is told once, when it begins."""
    clock, chance, failures = asyncio.get_running_loop().time, random.Random(), 0  # noqa: S311 - jitter
    while not stop.is_set():
        began = clock()
        try:
            await run()
        except Unavailable as error:
            failures = _in_a_row(failures, clock() - began)
            log.log(logging.DEBUG if failures > 1 else logging.WARNING, "%s waits: %s", name, error)
        except Exception:  # the edge of the process: a loop that ended would stop the work of all
            failures = _in_a_row(failures, clock() - began)
            log.exception("%s failed, and begins again", name)
        await sleep(backoff(failures, first=_FIRST, longest=_LONGEST, chance=chance), stop)


def _in_a_row(failures: int, lasted: float) -> int:
    return 1 if lasted > _GOOD else failures + 1


async def sleep(seconds: float, woken: asyncio.Event) -> None:
    """Shorter when woken."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Its result; None when told to stop before: then it was cancelled."""
    doing, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((doing, stopped), return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        await cancelled(doing, stopped, again=_AGAIN)
