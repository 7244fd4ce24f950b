"""The time that an attempt has: prolonged while its worker lives, for a statement alone may take longer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from scrum.errors import Conflict, Unavailable
from scrum_server.beside import beside

log = logging.getLogger(__name__)

LONGEST = timedelta(minutes=5)
"""After which it is prolonged no more: others may try what hangs here."""
_TIMES = 3
"""In each lease: one that comes too late, or fails, loses nothing."""


def prolonged(lease: timedelta, prolong: Callable[[], Awaitable[None]]) -> AbstractAsyncContextManager[None]:
    """Until it is left."""
    return beside(_again_and_again(lease / _TIMES, prolong))


async def _again_and_again(pause: timedelta, prolong: Callable[[], Awaitable[None]]) -> None:
    for _ in range(LONGEST // pause):
        await asyncio.sleep(pause.total_seconds())
        await _once(prolong)


async def _once(prolong: Callable[[], Awaitable[None]]) -> None:
    try:
        await prolong()
    except (Unavailable, Conflict) as error:
        log.debug("an attempt was not prolonged: %s", error)
    except Exception:  # the next one may come in time
        log.exception("an attempt was not prolonged")
