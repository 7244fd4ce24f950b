"""Episodes get their vectors: in batches, once, by one process at a time, and whatever was interrupted."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from scrum.errors import Unavailable
from scrum.memory.built_in import BuiltIn
from scrum.memory.embedding import BUILT_IN, Embedding, Model, NotAVector
from scrum.memory.model import Context
from scrum.memory.usecases import Record, record_episode
from scrum_server.embedding import BATCH, Filling
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import MEMORY, Store, open_store
from scrum_storage.vector_index import alone
from tests.builders import by
from tests.domain.memory.examples import episode
from tests.events.waiting import until
from tests.requirements import requirement
from tests.storage.memories import remember
from tests.tools.database import rows

SMALL = Model("small", 3)
NEVER = 1e6
"""Seconds."""
_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"
_UNFINISHED = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass($1)"
_OPEN = """
    SELECT query FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND xact_start IS NOT NULL
"""
_SMALL_INDEX = "memory.vectors_7545ea13"


class Away(Unavailable):
    def __init__(self) -> None:
        super().__init__("away")


@dataclass
class Counting:
    """Counts letters; it fails for texts with one of `bad`, and altogether once it has made so many `left`."""

    bad: str = ""
    left: int = 1_000_000
    model_is: Model = SMALL
    made: list[str] = field(default_factory=list[str])

    async def model(self) -> Model:
        return self.model_is

    async def embed(self, contexts: Sequence[Context]) -> Sequence[Embedding]:
        if self.bad and any(self.bad in context.text for context in contexts):
            raise NotAVector(self.model_is.name)
        if len(self.made) + len(contexts) > self.left:
            raise Away
        self.made.extend(context.text for context in contexts)
        return [Embedding.of(self.model_is, [1.0, len(one.text), one.text.count("e")]) for one in contexts]


@dataclass
class Watching(Counting):
    """Sees which transactions of the database are open while it computes."""

    database: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def embed(self, contexts: Sequence[Context]) -> Sequence[Embedding]:
        self.seen.extend(await rows(self.database, _OPEN))
        return await super().embed(contexts)


@pytest.fixture
async def memory(database: str) -> AsyncGenerator[Store[MemoryWork]]:
    async with open_store(database, MEMORY) as store:
        yield store


async def some_episodes(memory: Store[MemoryWork], count: int) -> None:
    await remember(memory, *(episode(n, text=f"Number {n}") for n in range(count)))


async def vectors(database: str) -> int:
    return len(await rows(database, "SELECT plan FROM memory.vectors WHERE model = 'small'"))


async def is_valid(database: str) -> list[bool]:
    return [row["indisvalid"] for row in await rows(database, _VALID, _SMALL_INDEX)]


async def searchable(memory: Store[MemoryWork]) -> frozenset[Model]:
    async with memory.look() as work:
        return await work.episodes.searchable()


async def test_every_episode_gets_its_vector_and_the_model_is_searched_then(
    memory: Store[MemoryWork], database: str
) -> None:
    await some_episodes(memory, 2 * BATCH + 3)
    told: list[int] = []

    assert await searchable(memory) == {BUILT_IN}
    assert await Filling(memory, Counting()).fill(told.append)

    assert told == [BATCH, BATCH, 3]
    assert await vectors(database) == sum(told)
    assert await searchable(memory) == {BUILT_IN, SMALL}
    assert await is_valid(database) == [True]


@requirement("memory.vectors")
async def test_no_transaction_is_open_while_a_model_computes(
    memory: Store[MemoryWork], database: str
) -> None:
    await some_episodes(memory, 3)
    watching = Watching(database=database)

    assert await Filling(memory, watching).fill()

    assert (len(watching.made), watching.seen) == (3, [])


@requirement("memory.vectors")
async def test_what_was_interrupted_goes_on_where_it_ended(memory: Store[MemoryWork], database: str) -> None:
    await some_episodes(memory, 2 * BATCH)
    with pytest.raises(Away):
        await Filling(memory, Counting(left=BATCH)).fill()
    assert await vectors(database) == BATCH
    assert await searchable(memory) == {BUILT_IN}

    again = Counting()
    assert await Filling(memory, again).fill()

    assert (len(again.made), await vectors(database)) == (BATCH, 2 * BATCH)


async def test_a_text_that_the_model_fails_at_holds_up_no_other(
    memory: Store[MemoryWork], database: str
) -> None:
    await remember(memory, *(episode(n, text=f"Number {n}") for n in range(9)), episode(9, text="bad"))
    filling = Filling(memory, Counting(bad="bad"))

    assert await filling.fill()
    await remember(memory, episode(10, text="Later"))
    assert await filling.fill()

    assert (await vectors(database), filling.refused) == (10, {"PLAN-0009"})
    assert SMALL in await searchable(memory)


async def test_a_model_that_goes_away_refuses_nothing(memory: Store[MemoryWork], database: str) -> None:
    await some_episodes(memory, 9)
    filling = Filling(memory, Counting(left=3))
    with pytest.raises(Away):
        await filling.fill()
    assert (await vectors(database), filling.refused) == (3, set())

    assert await Filling(memory, Counting()).fill()
    assert await vectors(database) == 9


async def test_one_process_embeds_at_a_time(memory: Store[MemoryWork], database: str) -> None:
    await some_episodes(memory, 3)
    async with alone(memory.engine, SMALL) as ours:
        assert ours
        assert not await Filling(memory, Counting()).fill()
        assert await Filling(memory, BuiltIn()).fill()

    assert await Filling(memory, Counting()).fill()
    assert await vectors(database) == 3


async def test_an_index_that_was_not_finished_is_made_anew(memory: Store[MemoryWork], database: str) -> None:
    await some_episodes(memory, 3)
    assert await Filling(memory, Counting()).fill()
    await rows(database, _UNFINISHED, _SMALL_INDEX)
    await some_episodes(memory, 4)

    assert await Filling(memory, Counting()).fill()

    assert await is_valid(database) == [True]


@requirement("memory.vectors")
async def test_a_model_that_comes_back_with_other_dimensions_is_refused(
    memory: Store[MemoryWork], database: str
) -> None:
    await some_episodes(memory, 3)
    assert await Filling(memory, Counting()).fill()
    await some_episodes(memory, 4)

    other = Filling(memory, Counting(model_is=Model("small", 4)))
    with pytest.raises(Exception, match="have 3 dimensions, and this one has 4"):
        await other.fill()

    assert await vectors(database) == 3


async def test_it_is_woken_by_what_memory_tells(memory: Store[MemoryWork], database: str) -> None:
    stop = asyncio.Event()

    async def embedded(count: int) -> bool:
        return await vectors(database) == count

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(Filling(memory, Counting(), floor=NEVER).run(stop))
        for count in range(1, 4):
            await record_episode(memory.start, Record("SHOP", f"Situation {count}", "Wait"), by=by())
            await until(partial(embedded, count))
        stop.set()


def test_a_worker_starts_without_what_computes_vectors() -> None:
    program = "import sys, scrum_server.worker, scrum_server.embedding; print('numpy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - our own

    assert done.stdout == "False\n"
