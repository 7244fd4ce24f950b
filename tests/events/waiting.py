"""Waiting for what other processes do."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 60.0
_PAUSE = 0.02


async def until(met: Callable[[], Awaitable[bool]]) -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not await met():  # noqa: ASYNC110 - other processes have no event to wait for
            await asyncio.sleep(_PAUSE)
