"""A PostgreSQL that is there and says nothing: nobody waits for it without end."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest

from scrum_storage.embedded.servers import embedded
from scrum_storage.embedded.status import status
from scrum_storage.errors import Silent
from scrum_storage.migrate import migrate
from scrum_storage.store import CORE, Store, open_store
from tests.builders import SHOP, a_project
from tests.requirements import requirement

HASTY = replace(CORE, answer=1)


@dataclass(frozen=True)
class Own:
    """A server that no other test uses, which may be stopped."""

    home: Path
    url: str

    @asynccontextmanager
    async def hanging(self) -> AsyncGenerator[None]:
        main = status(self.home).postgres.pid
        assert main
        stopped = [main, *await self._children()]
        try:
            send(stopped, signal.SIGSTOP)
            yield
        finally:
            send(stopped, signal.SIGCONT)

    async def _children(self) -> list[int]:
        connection = await asyncpg.connect(self.url.replace("+asyncpg", ""))
        try:
            found = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        finally:
            await connection.close()
        return [row["pid"] for row in found]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    home = tmp_path_factory.mktemp("hung") / "home"
    with embedded(home) as servers:
        asyncio.run(migrate(servers.postgres))
        yield Own(home, servers.postgres)


@pytest.fixture
async def store(own: Own) -> AsyncGenerator[Store]:
    """It gives up soon, and has every connection that it needs, because a server that hangs lets nobody in."""
    async with open_store(own.url, HASTY) as opened:
        await a_project(opened)
        await board(opened)
        await opened.unsent()
        yield opened


def send(processes: Iterable[int], number: int) -> None:
    for process in processes:
        with suppress(ProcessLookupError):  # PostgreSQL's own workers come and go
            os.kill(process, number)


async def board(store: Store) -> str:
    async with store.look() as work:
        return (await work.sprints.board(SHOP, "")).project.key


async def keys(store: Store) -> list[str]:
    async with store.look() as work:
        return await work.projects.keys()


async def claimed(store: Store) -> str:
    async with store.start() as work:
        return (await work.projects.claim(SHOP)).key


async def unsent(store: Store) -> int:
    return await store.unsent()


@requirement("store.hung")
@pytest.mark.parametrize("ask", [board, keys, claimed, unsent])
async def test_who_asks_a_server_that_hangs_is_told_and_the_next_call_works(
    own: Own, store: Store, ask: Callable[[Store], Awaitable[object]]
) -> None:
    before = await ask(store)

    async with own.hanging():
        with pytest.raises(Silent, match="no answer within 1 seconds"):
            await ask(store)

    assert await ask(store) == before


@requirement("store.hung")
async def test_a_commit_without_an_answer_may_have_been_made(own: Own, store: Store) -> None:
    async with store.start() as work:
        project = await work.projects.claim(SHOP)
        await work.projects.put(replace(project, name="Late", version=project.version + 1))
        async with own.hanging():
            with pytest.raises(Silent, match="unknown whether the change was made"):
                await work.commit()

    assert await board(store) == SHOP
