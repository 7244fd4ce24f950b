"""A work that loses its first cancellation."""

import asyncio
from contextlib import suppress


async def losing_one(begun: asyncio.Event, ended: asyncio.Event) -> None:
    """`ended` once it was cancelled twice, and had begun."""
    begun.set()
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    try:
        await asyncio.Event().wait()
    finally:
        ended.set()
