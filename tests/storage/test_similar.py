"""The search of episodes, on a real server."""

import random
from collections.abc import AsyncGenerator
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import event as listen

from scrum.memory.built_in import embedded
from scrum.memory.model import Context, Episode, Features, Result
from scrum.memory.search import Query, Where
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import MEMORY, Store, open_store
from tests.builders import MONDAY, SHOP
from tests.domain.memory.examples import NUMBERS, closed, episode
from tests.requirements import requirement
from tests.storage.memories import found, remember, remember_well, search

SMALL = Features(3, 12, 0.6, 12, 8, 20)
LARGE = Features(9, 45, 1.0, 0, 0, 60)


@pytest.fixture
async def memory(database: str) -> AsyncGenerator[Store[MemoryWork]]:
    async with open_store(database, MEMORY) as store:
        yield store


def asking(where: Where = Where(), *, limit: int = 10, **context: object) -> Query:  # noqa: B008 - frozen
    asked = Context(**context)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    return Query(asked, embedded(asked), where, limit)


def between(share: float) -> Features:
    """From SMALL to LARGE."""
    pairs = [(getattr(SMALL, field.name), getattr(LARGE, field.name)) for field in fields(Features)]
    return Features(*(low + share * (high - low) for low, high in pairs))


async def test_a_rare_word_counts_more_than_many_common_ones(memory: Store[MemoryWork]) -> None:
    common = [episode(n, goal="Improve the page of orders") for n in range(2, 12)]
    await remember(memory, episode(goal="Kerberos"), *common)

    assert (await found(memory, Query(Context("Improve the orders with kerberos"))))[0] == "PLAN-0001"


async def test_what_is_near_in_meaning_is_found_without_a_common_word(memory: Store[MemoryWork]) -> None:
    await remember_well(memory, episode(goal="Authentication"), episode(2, goal="Catalogue"))

    first = (await search(memory, asking(goal="authenticate"))).hits[0]

    assert (first.episode.plan, first.near.meaning, first.near.wording) == ("PLAN-0001", 1, None)


@requirement("memory.situations")
async def test_of_situations_that_differ_in_numbers_the_nearer_one_comes_first(
    memory: Store[MemoryWork],
) -> None:
    chance, right = random.Random(3), 0
    for trial in range(100):
        project, share = f"P{trial}", chance.uniform(0, 1)
        near, far = sorted((chance.uniform(0, 1), chance.uniform(0, 1)), key=lambda one: abs(one - share))
        pair = [
            episode(10 * trial + n, project=project, goal="Pay by card", features=between(at))
            for n, at in enumerate(chance.sample([near, far], 2))
        ]
        await remember_well(memory, *pair)
        asked = asking(Where(project), goal="Pay by card", features=between(share))
        first = (await search(memory, asked)).hits[0].episode
        right += first.context.features == between(near)

    assert right >= 95


@requirement("memory.situations")
@pytest.mark.parametrize("name", ["availability", "team_size"])
@pytest.mark.parametrize("where", [Where(), Where(SHOP)], ids=["all", "project"])
async def test_one_number_alone_decides_between_situations_that_are_equal_otherwise(
    memory: Store[MemoryWork], name: str, where: Where
) -> None:
    few, many = (replace(NUMBERS, **{name: getattr(side, name)}) for side in (SMALL, LARGE))
    await remember_well(memory, episode(goal="Pay", features=few), episode(2, goal="Pay", features=many))

    assert await found(memory, asking(where, goal="Pay", features=few)) == ["PLAN-0001", "PLAN-0002"]
    assert await found(memory, asking(where, goal="Pay", features=many)) == ["PLAN-0002", "PLAN-0001"]


def three_of_two() -> tuple[Episode, ...]:
    first, second, third = (episode(n, goal="Pay by card", features=NUMBERS) for n in (1, 2, 3))
    return closed(first, 34), closed(second, 20), replace(third, project="OTHER")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Where(), {1, 2, 3}),
        (Where(SHOP), {1, 2}),
        (Where("OTHER"), {3}),
        (Where("NONE"), set[int]()),
        (Where(since=MONDAY + timedelta(weeks=2)), {2, 3}),
        (Where(until=MONDAY + timedelta(weeks=2)), {1}),
        (Where(result=Result.SUCCESS), {1}),
        (Where(SHOP, result=Result.FAILURE), {2}),
        (Where(result=Result.OPEN), {3}),
        (Where(beside="PLAN-0001"), {2, 3}),
        (Where(SHOP, beside="PLAN-0001"), {2}),
    ],
)
async def test_only_the_scope_is_searched_and_the_answer_says_it(
    memory: Store[MemoryWork], where: Where, expected: set[int]
) -> None:
    await remember_well(memory, *three_of_two())
    query = asking(where, goal="Pay by card", features=NUMBERS)

    answer = await search(memory, query)

    assert {hit.episode.plan for hit in answer.hits} == {f"PLAN-{n:04}" for n in expected}
    assert answer.scope == where.words
    assert set(await found(memory, replace(query, embedding=None))) == {f"PLAN-{n:04}" for n in expected}


async def test_a_filter_that_leaves_few_of_many_still_finds_them(memory: Store[MemoryWork]) -> None:
    many = [episode(n, goal=f"Pay by card {n}", features=between(n / 400)) for n in range(400)]
    last = [closed(one, 34) for one in many[-3:]]
    await remember_well(memory, *many[:-3], *last)

    hits = await found(memory, asking(Where(result=Result.SUCCESS), goal="Pay by card 1", features=SMALL))

    assert set(hits) == {one.plan for one in last}


async def test_a_hit_says_why(memory: Store[MemoryWork]) -> None:
    await remember_well(memory, episode(goal="Pay by card", features=NUMBERS), episode(2, goal="Search"))

    answer = await search(memory, asking(goal="Card payments", features=Features(team_size=5)))

    assert answer.compared == ("meaning (built-in-1)", "words", "numbers")
    first, second = answer.hits
    meaning, *others = first.why
    assert meaning == f"{first.near.cosine:.0%} alike in meaning"
    assert others == ["both say card", "team of 5, asked for 5"]
    assert (second.near.cosine or 0) < (first.near.cosine or 0) < 1


async def test_no_more_hits_are_given_than_asked_for_the_best_first(memory: Store[MemoryWork]) -> None:
    await remember_well(memory, *(episode(n, goal=f"Pay by card {n}") for n in range(9)))

    hits = (await search(memory, asking(goal="Pay by card 7", limit=3))).hits

    assert [len(hits), hits[0].episode.plan] == [3, "PLAN-0007"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


async def test_an_empty_memory_and_an_empty_question_find_nothing(memory: Store[MemoryWork]) -> None:
    assert await found(memory, asking(goal="Pay")) == []
    await remember(memory, episode(goal="Pay"))
    assert await found(memory, Query(Context())) == []


async def test_words_that_would_be_syntax_are_only_words(memory: Store[MemoryWork]) -> None:
    strange = "'; DROP TABLE memory.episodes; -- {1:1}/5 :terms $1 \\"
    await remember_well(memory, episode(goal=strange))

    assert await found(memory, asking(goal=strange)) == ["PLAN-0001"]


async def test_a_search_is_one_statement(memory: Store[MemoryWork]) -> None:
    await remember_well(memory, episode(goal="Pay"))
    seen: list[str] = []
    listen.listen(memory.engine.sync_engine, "before_cursor_execute", lambda *given: seen.append(given[2]))

    async with memory.start() as work:
        await work.episodes.search(asking(goal="Pay"))

    assert len(seen) == 1
