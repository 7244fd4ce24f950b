"""Something that goes on beside something else."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Until it is left; what it raises holds up nothing, and is logged."""
    doing = asyncio.ensure_future(work)
    try:
        yield
    finally:
        doing.cancel()
        await asyncio.wait((doing,))
