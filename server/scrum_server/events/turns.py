"""One of many servers works for all of them."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from scrum_server.events.loops import sleep
from scrum_storage.embedded.turns import turn

_LOOK = 1.0
"""Seconds after which the next one takes over from one that ended."""


async def in_turn(home: Path, work: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
    """Of the servers on a data folder one works: each that did would hold connections to PostgreSQL of its own."""
    while not stop.is_set():
        with turn(home) as ours:
            if ours:
                await work(stop)
        await sleep(_LOOK, stop)
