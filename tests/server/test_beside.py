"""What goes on beside something else ends with it."""

import asyncio

from scrum_server.beside import beside


async def test_what_loses_a_cancellation_is_cancelled_again() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

    async with asyncio.timeout(30), beside(work()):
        await begun.wait()

    assert ended.is_set()
