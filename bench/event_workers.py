"""The workers that are compared, each in a process of its own."""

import asyncio
import multiprocessing
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

from bench.bare import opened
from scrum_server.events.worker import Worker
from scrum_server.settings import Settings
from scrum_server.stores import Stores, servers

Run: TypeAlias = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
Orders: TypeAlias = "Connection[str, float]"
"""`begin`, then `end`, again and again; after each `end` comes the processor time that was taken in between."""

_SPAWN = multiprocessing.get_context("spawn")


@asynccontextmanager
async def product(settings: Settings) -> AsyncGenerator[Run]:
    stores = Stores(settings)
    try:
        yield Worker(stores, settings).run
    finally:
        await stores.aclose()


@asynccontextmanager
async def least(settings: Settings) -> AsyncGenerator[Run]:
    async with (
        servers(settings) as addresses,
        opened(plain_address(addresses.database), addresses.redis) as bare,
    ):
        yield bare.run


WORKERS: dict[str, Callable[[Settings], AbstractAsyncContextManager[Run]]] = {
    "product": product,
    "least": least,
}


def plain_address(database: str) -> str:
    """Without SQLAlchemy's driver, which asyncpg does not know."""
    return database.replace("postgresql+asyncpg", "postgresql")


@contextmanager
def worker(which: str, home: Path) -> Generator[Orders]:
    ours, theirs = _SPAWN.Pipe()
    started = _SPAWN.Process(target=_process, args=(which, home, theirs))
    started.start()
    try:
        yield ours
        ours.send("leave")
        started.join()
    finally:
        started.terminate()
        started.join()


def _process(which: str, home: Path, orders: "Connection[float, str]") -> None:
    asyncio.run(_work(which, home, orders))


async def _work(which: str, home: Path, orders: "Connection[float, str]") -> None:
    async with WORKERS[which](Settings(home=home)) as run:
        while await asyncio.to_thread(orders.recv) == "begin":
            stop, before = asyncio.Event(), time.process_time()
            running = asyncio.create_task(run(stop))
            await asyncio.to_thread(orders.recv)
            orders.send(time.process_time() - before)
            stop.set()
            await running
