"""Something that goes on beside something else: in no TaskGroup, for what fails there ends all the others."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

log = logging.getLogger(__name__)

AGAIN = 0.5


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Until it is left; what it raises holds up nothing, and is logged when it ends."""
    doing = asyncio.ensure_future(work)
    doing.add_done_callback(_log)
    try:
        yield
    finally:
        await cancelled(doing)


async def cancelled(*tasks: asyncio.Task[Any], again: float = AGAIN) -> None:
    """Until all are done: a cancellation may be lost that comes just as what was waited for ends.

    After `again` seconds it would also cut short what a task does when it is cancelled.
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=again)
    await asyncio.gather(*tasks, return_exceptions=True)


def _log(done: asyncio.Task[None]) -> None:
    if not done.cancelled() and (error := done.exception()):
        log.error("what went on beside something else failed", exc_info=error)
