"""Episodes and their vectors, on a real server."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import asyncpg
import pytest

from scrum.memory.built_in import embedded
from scrum.memory.embedding import BUILT_IN, Embedding, Model, UnknownModel, WrongDimensions
from scrum.memory.model import Context, UnknownEpisode
from scrum.memory.search import Query
from scrum.memory.terms import asked
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import MEMORY, Store, open_store
from tests.domain.memory.examples import NUMBERS, about, closed, episode
from tests.requirements import requirement
from tests.storage.memories import embed, found, remember

OTHER = Model("other:v1", 3)
NEW = Model("new", 768)

_COUNTED = "SELECT term, episodes FROM memory.terms WHERE episodes <> 0"
_RECOUNTED = """
SELECT term, count(*) FROM memory.episodes, unnest(array_append(terms, 0)) AS term GROUP BY term
"""


@pytest.fixture
async def memory(database: str) -> AsyncGenerator[Store[MemoryWork]]:
    async with open_store(database, MEMORY) as store:
        yield store


async def adopt(memory: Store[MemoryWork], model: Model) -> None:
    async with memory.start() as work:
        await work.episodes.adopt(model)
        await work.commit()


async def pending(memory: Store[MemoryWork], model: Model = BUILT_IN) -> list[str]:
    async with memory.look() as work:
        return [one.plan for one in await work.episodes.pending(model, 10)]


async def counted(database: str) -> tuple[dict[int, int], dict[int, int]]:
    """How many episodes have each term: as kept, and counted again."""
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    try:
        kept, again = await connection.fetch(_COUNTED), await connection.fetch(_RECOUNTED)
    finally:
        await connection.close()
    return {row[0]: row[1] for row in kept}, {row[0]: row[1] for row in again}


async def test_an_episode_comes_back_as_it_was(memory: Store[MemoryWork]) -> None:
    one = closed(episode(goal="Pay", text="By card", focus=("shop",), features=NUMBERS), 33, "Smaller items")
    await remember(memory, one, episode(2))

    async with memory.start() as work:
        assert await work.episodes.get(one.plan) == one
        assert await work.episodes.get("PLAN-0002") == episode(2)


async def test_an_unknown_episode_is_named(memory: Store[MemoryWork]) -> None:
    async with memory.look() as work:
        with pytest.raises(UnknownEpisode, match="PLAN-9"):
            await work.episodes.get("PLAN-9")


async def test_an_episode_that_is_put_again_replaces_itself(memory: Store[MemoryWork]) -> None:
    await remember(memory, episode(goal="Pay"))
    await remember(memory, closed(episode(goal="Pay"), 33, "Ask the bank earlier"))

    assert await found(memory, Query(Context("bank"))) == ["PLAN-0001"]
    async with memory.look() as work:
        assert (await work.episodes.get("PLAN-0001")).lessons == ("Ask the bank earlier",)


async def test_nothing_to_put_or_to_embed_is_nothing(memory: Store[MemoryWork]) -> None:
    await remember(memory)
    await embed(memory, {})

    assert await pending(memory) == []


async def test_episodes_without_a_vector_are_pending_the_newest_first(memory: Store[MemoryWork]) -> None:
    await remember(memory, *(episode(n, goal="Pay") for n in (1, 2, 3)))
    await embed(memory, {"PLAN-0002": embedded(Context("Pay"))})

    assert await pending(memory) == ["PLAN-0003", "PLAN-0001"]
    assert await pending(memory, OTHER) == ["PLAN-0003", "PLAN-0002", "PLAN-0001"]


async def test_an_episode_whose_embedding_is_pending_is_found_by_its_words(memory: Store[MemoryWork]) -> None:
    await remember(memory, episode(goal="Pay by card"), episode(2, goal="Search"))
    await embed(memory, {"PLAN-0002": embedded(Context("Search"))})
    asked_for = Context("A card is charged")

    assert "PLAN-0001" in await found(memory, Query(asked_for, embedded(asked_for)))
    assert await found(memory, Query(asked_for)) == ["PLAN-0001"]


async def test_a_changed_context_has_no_vector_any_more_and_a_new_outcome_keeps_it(
    memory: Store[MemoryWork],
) -> None:
    first, second = episode(goal="Pay"), episode(2, goal="Search")
    await remember(memory, first, second)
    await embed(memory, {one.plan: embedded(one.context) for one in (first, second)})

    await remember(memory, closed(first, 33), about(second, {"goal": "Sort"}))

    assert await pending(memory) == [second.plan]


async def test_vectors_of_two_models_are_kept_beside_each_other(memory: Store[MemoryWork]) -> None:
    await remember(memory, episode(goal="Pay"), episode(2, goal="Search"))
    await adopt(memory, OTHER)
    await embed(memory, {"PLAN-0001": embedded(Context("Pay"))})
    await embed(memory, {"PLAN-0002": Embedding.of(OTHER, [1, 0, 0])})

    assert (await pending(memory), await pending(memory, OTHER)) == (["PLAN-0002"], ["PLAN-0001"])
    assert await found(memory, Query(Context(), embedded(Context("Pay")))) == ["PLAN-0001"]
    assert await found(memory, Query(Context(), Embedding.of(OTHER, [0, 1, 0]))) == ["PLAN-0002"]


@requirement("memory.vectors")
async def test_two_models_with_as_many_dimensions_never_meet(memory: Store[MemoryWork]) -> None:
    await remember(memory, episode(goal="Pay"))
    await adopt(memory, NEW)
    await embed(memory, {"PLAN-0001": embedded(Context("Pay"))})

    assert await found(memory, Query(Context(), replace(embedded(Context("Pay")), model=NEW))) == []


async def test_a_model_that_is_adopted_twice_is_the_same(memory: Store[MemoryWork]) -> None:
    await adopt(memory, OTHER)
    await adopt(memory, OTHER)

    with pytest.raises(WrongDimensions, match="have 3 dimensions, and this one has 4"):
        await adopt(memory, Model(OTHER.name, 4))


@pytest.mark.parametrize(
    ("wrong", "error"), [(OTHER, UnknownModel), (Model(BUILT_IN.name, 3), WrongDimensions)]
)
async def test_a_vector_of_an_unknown_model_or_another_length_is_neither_kept_nor_compared(
    memory: Store[MemoryWork], wrong: Model, error: type[Exception]
) -> None:
    await remember(memory, episode(goal="Pay"), episode(2, goal="Pay"))
    await embed(memory, {"PLAN-0002": embedded(Context("Pay"))})
    vector = Embedding.of(wrong, [1, 2, 3])

    with pytest.raises(error):
        await embed(memory, {"PLAN-0001": vector})
    with pytest.raises(error):
        await found(memory, Query(Context("Pay"), vector))
    assert await pending(memory) == ["PLAN-0001"]


async def test_the_database_itself_refuses_a_vector_of_another_length(database: str) -> None:
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    row = "INSERT INTO memory.vectors VALUES ('built-in-1', 'PLAN-0001', 768, '[1,2,3]')"
    try:
        with pytest.raises(asyncpg.CheckViolationError, match="vectors_length"):
            await connection.execute(row)
    finally:
        await connection.close()


async def test_how_rare_words_are_is_exact_with_many_writers_at_once(
    memory: Store[MemoryWork], database: str
) -> None:
    async def write(number: int) -> None:
        one = episode(number, goal=f"Pay by card {number % 3}", text="late again")
        await remember(memory, one)
        await remember(memory, closed(one, 33, f"lesson {number % 5}"))
        await remember(memory, about(one, {"text": "in time"}))

    await asyncio.gather(*(write(number) for number in range(12)))

    kept, again = await counted(database)
    assert kept == again
    assert (kept[0], kept[asked("card")[0]]) == (12, 12)
    assert asked("late")[0] not in kept


async def test_words_of_episodes_that_were_not_committed_or_are_gone_are_not_counted(
    memory: Store[MemoryWork], database: str
) -> None:
    await remember(memory, episode(goal="Pay by card"), episode(2, goal="Pay"))
    async with memory.start() as work:
        await work.episodes.put([episode(3, goal="Pay")])
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    await connection.execute("DELETE FROM memory.episodes WHERE plan = 'PLAN-0001'")
    await connection.close()

    kept, again = await counted(database)
    assert kept == again == {0: 1, asked("Pay")[0]: 1}
