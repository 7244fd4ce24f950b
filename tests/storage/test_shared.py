"""Episodes that others share: found beside one's own, and by no index that leaves them out."""

from collections.abc import AsyncGenerator

import pytest

from scrum.memory.built_in import embedded
from scrum.memory.model import Context
from scrum.memory.search import Query, Where
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import MEMORY, Store, open_store
from tests.builders import SHOP
from tests.domain.memory.examples import NUMBERS, episode
from tests.requirements import requirement
from tests.storage.memories import embed, found, remember, remember_well

MANY = 2_100
"""More than are compared one by one."""
ASKED = Context("Pay by card", features=NUMBERS)


@pytest.fixture
async def memory(database: str) -> AsyncGenerator[Store[MemoryWork]]:
    async with open_store(database, MEMORY) as store:
        yield store


def asking(*others: str, project: str = SHOP) -> Query:
    return Query(ASKED, embedded(ASKED), Where(project, others=others))


async def some_of_three_projects(memory: Store[MemoryWork]) -> None:
    for number, project in enumerate((SHOP, "OTHER", "THIRD"), start=1):
        await remember_well(memory, episode(number, project=project, goal="Pay by card", features=NUMBERS))


@requirement("memory.shared")
async def test_only_the_named_projects_are_searched(memory: Store[MemoryWork]) -> None:
    await some_of_three_projects(memory)

    assert await found(memory, asking()) == ["PLAN-0001"]
    assert await found(memory, asking("OTHER")) == ["PLAN-0001", "PLAN-0002"]
    assert await found(memory, asking("OTHER", "THIRD")) == ["PLAN-0001", "PLAN-0002", "PLAN-0003"]


@requirement("memory.shared")
async def test_it_is_the_same_where_they_have_very_many(memory: Store[MemoryWork]) -> None:
    crowd = [episode(n, project="OTHER", goal=f"Page {n}") for n in range(10, 10 + MANY)]
    await remember(memory, *crowd)
    await embed(memory, {one.plan: embedded(one.context) for one in crowd[:50]})
    await some_of_three_projects(memory)

    assert (await found(memory, asking("OTHER")))[:2] == ["PLAN-0001", "PLAN-0002"]
    assert "PLAN-0003" not in await found(memory, asking("OTHER"))


async def test_what_lacks_vectors_is_counted_where_it_is_searched(memory: Store[MemoryWork]) -> None:
    await some_of_three_projects(memory)
    await remember(memory, episode(4, project="OTHER"), episode(5, project="THIRD"))
    model = embedded(ASKED).model

    async with memory.look() as work:
        asked = [Where(), Where(SHOP), Where(SHOP, others=("OTHER",))]
        counted = [await work.episodes.missing(model, where, 10) for where in asked]
        assert counted == [2, 0, 1]
        assert await work.episodes.missing(model, Where(), 1) == 1
