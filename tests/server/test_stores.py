"""Stores that are opened, that are away, and that hang."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from scrum.errors import Unavailable
from scrum_server.events.turns import in_turn
from scrum_server.guarded import Away, Hung
from scrum_server.once import Once
from scrum_server.settings import Settings
from scrum_server.stores import Stores
from scrum_storage.embedded.home import claim
from scrum_storage.embedded.servers import Servers
from scrum_storage.store import CHRONICLE, Store
from tests.conftest import name_of


@pytest.fixture
def silent() -> Iterator[str]:
    """The URL of a server that accepts connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"postgresql+asyncpg://ana@127.0.0.1:{listening.getsockname()[1]}/none"


async def test_of_many_who_ask_at_once_one_tries_and_all_get_its_error() -> None:
    tries: list[str] = []

    async def fail() -> str:
        tries.append("once")
        raise Unavailable("It is away.")

    once = Once(fail)

    answers = await asyncio.gather(*(once.get() for _ in range(5)), return_exceptions=True)

    assert (len(tries), {str(answer) for answer in answers}) == (1, {"It is away."})


async def test_a_store_that_hangs_is_given_up_and_then_not_asked_for_a_while(
    servers: Servers, database: str, silent: str
) -> None:
    stores = Stores(
        Settings(
            database_url=SecretStr(database),
            chronicle_database_url=SecretStr(silent),
            redis_url=SecretStr(servers.redis),
            redis_prefix=name_of(database),
        )
    )
    chronicle = stores.guarded(CHRONICLE)
    try:
        for _ in range(3):
            with pytest.raises(Hung, match="chronicle gave no answer"):
                async with asyncio.timeout(8), chronicle.start():
                    pass
        with pytest.raises(Away, match="gave no answer"):
            async with asyncio.timeout(1), chronicle.start():
                pass
    finally:
        await stores.aclose()


async def test_of_the_servers_on_a_folder_one_works_until_it_ends_and_then_the_next(tmp_path: Path) -> None:
    claim(tmp_path)
    begun: list[int] = []
    stops = [asyncio.Event(), asyncio.Event()]
    first, second = (asyncio.Event(), asyncio.Event())

    async def work(number: int, started: asyncio.Event, stop: asyncio.Event) -> None:
        begun.append(number)
        started.set()
        await stop.wait()

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(in_turn(tmp_path, lambda stop: work(1, first, stop), stops[0]))
        await first.wait()
        tasks.create_task(in_turn(tmp_path, lambda stop: work(2, second, stop), stops[1]))
        await asyncio.wait([asyncio.ensure_future(second.wait())], timeout=2.5)
        assert begun == [1]
        stops[0].set()
        await second.wait()
        stops[1].set()

    assert begun == [1, 2]


async def test_a_store_knows_itself_by_an_identity_of_its_own(core: Store) -> None:
    assert await core.identity() == await core.identity() != ""
