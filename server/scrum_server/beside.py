"""Something that goes on beside something else."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

_AGAIN = 0.5


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Until it is left; what it raises holds up nothing, and is logged."""
    doing = asyncio.ensure_future(work)
    try:
        yield
    finally:
        while not doing.done():  # a cancellation may be lost that comes just as what was waited for ends
            doing.cancel()
            await asyncio.wait((doing,), timeout=_AGAIN)
