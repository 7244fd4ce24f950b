"""Several at a time."""

import asyncio
from collections.abc import Awaitable, Callable


async def in_lanes(lanes: int, lane: Callable[[], Awaitable[None]]) -> None:
    """So many of the same beside each other, until the last of them ends. Raises what the first of them raised."""
    ended = await asyncio.gather(*(lane() for _ in range(lanes)), return_exceptions=True)
    for one in ended:
        if one is not None:
            raise one
