"""How well the search finds what belongs together, on real bugs with their known duplicates."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from bench.retrieval import REAL, RECALL, RECIPROCAL, Asked, Score, measured, score
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import MEMORY, Store, open_store
from tests.requirements import requirement

DOCUMENTS = [
    {"id": "1", "title": "Card is refused", "text": "The bank says no."},
    {"id": "2", "title": "Bank refuses cards", "text": ""},
    {"id": "3", "title": "Slow search", "text": "The catalogue takes long."},
]
TINY: dict[str, Any] = {"documents": DOCUMENTS, "queries": [{"id": "1", "relevant": ["2"]}]}


@pytest.fixture
async def memory(database: str) -> AsyncGenerator[Store[MemoryWork]]:
    async with open_store(database, MEMORY) as store:
        yield store


def test_a_score_leaves_the_question_itself_out() -> None:
    asked = [Asked("1", "", frozenset({"2", "9"})), Asked("3", "", frozenset({"2"}))]

    assert score(asked, [["1", "5", "2"], ["4"]]) == Score(recall=0.25, reciprocal=0.25)


async def test_a_file_of_the_same_shape_is_measured(memory: Store[MemoryWork]) -> None:
    perfect = Score(1.0, 1.0)

    assert await measured(memory, TINY) == {"words": perfect, "meaning": perfect, "hybrid": perfect}


@requirement("memory.found")
@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not at hand")
async def test_real_duplicates_are_found_better_than_by_words_or_by_meaning_alone(
    memory: Store[MemoryWork],
) -> None:
    told = await measured(memory, json.loads(REAL.read_text(encoding="utf-8")))

    hybrid = told["hybrid"]
    assert (hybrid.recall >= RECALL, hybrid.reciprocal >= RECIPROCAL) == (True, True)
    assert hybrid.recall >= max(told["words"].recall, told["meaning"].recall)
    assert hybrid.reciprocal >= max(told["words"].reciprocal, told["meaning"].reciprocal)
