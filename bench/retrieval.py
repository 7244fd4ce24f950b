"""How well the search of episodes finds what is known to belong together, beside each of its parts.

    python bench/retrieval.py [FILE]

FILE is a JSON object with `documents` (id, title, text) and `queries` (the id of a document, and those that are
`relevant`). Each document is an episode with its title as the goal; each query asks with the title alone, and the
document itself is left out of what is found. Words are BM25, meaning is the built-in embedder, and no numbers are known.
Recall@10 and the mean reciprocal rank within the first ten, as means over the queries.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

sys.path[0] = str(Path(__file__).parent.parent)
from bench.memories import episode, memory, remember  # noqa: E402 - found from the folder above
from bench.targets import at_least, conclude  # noqa: E402 - the same
from scrum.memory.built_in import embedded  # noqa: E402 - the same
from scrum.memory.model import Context  # noqa: E402 - the same
from scrum.memory.search import Query, Where  # noqa: E402 - the same
from scrum_storage.memory_work import MemoryWork  # noqa: E402 - the same
from scrum_storage.store import Store  # noqa: E402 - the same

REAL = Path(__file__).parent.parent.parent / "shared" / "data" / "search" / "duplicates.json"
"""Where it is at hand: duplicates among Hadoop's bugs."""
FIRST = 10
RECALL, RECIPROCAL = 0.73, 0.54
"""What BM25 alone reaches on the duplicates of Hadoop's bugs."""

Ids = Sequence[str]


@dataclass(frozen=True)
class Asked:
    id: str
    title: str
    relevant: frozenset[str]


@dataclass(frozen=True)
class Score:
    recall: float
    reciprocal: float


def questions(raw: Mapping[str, Any]) -> list[Asked]:
    titles = {one["id"]: one["title"] for one in raw["documents"]}
    return [Asked(one["id"], titles[one["id"]], frozenset(one["relevant"])) for one in raw["queries"]]


def score(asked: Sequence[Asked], found: Sequence[Ids]) -> Score:
    first = [[one for one in ids if one != a.id][:FIRST] for a, ids in zip(asked, found, strict=True)]
    pairs = list(zip(asked, first, strict=True))
    return Score(
        fmean(len(a.relevant.intersection(ids)) / len(a.relevant) for a, ids in pairs),
        fmean(
            max((1 / n for n, one in enumerate(ids, 1) if one in a.relevant), default=0.0) for a, ids in pairs
        ),
    )


async def searched(
    store: Store[MemoryWork], asked: Sequence[Asked], query: Callable[[Asked], Query]
) -> list[Ids]:
    async with store.look() as work:
        answers = [await work.episodes.search(query(one)) for one in asked]
    return [[hit.episode.plan for hit in answer.hits] for answer in answers]


def by_words(asked: Asked) -> Query:
    return Query(Context(goal=asked.title), where=Where(beside=asked.id))


def by_both(asked: Asked) -> Query:
    context = Context(goal=asked.title)
    return Query(context, embedded(context), Where(beside=asked.id))


def by_meaning(documents: Mapping[str, Context], asked: Sequence[Asked]) -> list[Ids]:
    """Exactly, without an index."""
    ids = list(documents)
    known = np.array([embedded(context).vector for context in documents.values()])
    near = np.array([embedded(Context(goal=one.title)).vector for one in asked]) @ known.T
    return [[ids[place] for place in order[: FIRST + 1]] for order in np.argsort(-near, kind="stable")]


async def measured(store: Store[MemoryWork], raw: Mapping[str, Any]) -> dict[str, Score]:
    """The store has to be empty."""
    documents = {one["id"]: Context(goal=one["title"], text=one["text"]) for one in raw["documents"]}
    asked = questions(raw)
    await remember(store, [episode(name, context) for name, context in documents.items()])
    return {
        "words": score(asked, await searched(store, asked, by_words)),
        "meaning": score(asked, by_meaning(documents, asked)),
        "hybrid": score(asked, await searched(store, asked, by_both)),
    }


async def main(raw: Mapping[str, Any]) -> None:
    async with memory() as (store, _):
        scores = await measured(store, raw)
    print(f"{len(raw['queries'])} queries in {len(raw['documents'])} documents")
    report(scores)


def report(scores: Mapping[str, Score]) -> None:
    print(f"{'':<10}recall@{FIRST}  MRR")
    for name, one in scores.items():
        print(f"{name:<10}{one.recall:9.3f}  {one.reciprocal:.3f}")
    hybrid, parts = scores["hybrid"], [scores["words"], scores["meaning"]]
    conclude(
        [
            at_least("recall of the hybrid", hybrid.recall, RECALL),
            at_least("MRR of the hybrid", hybrid.reciprocal, RECIPROCAL),
            at_least("recall beside the better part", hybrid.recall, max(one.recall for one in parts)),
            at_least("MRR beside the better part", hybrid.reciprocal, max(one.reciprocal for one in parts)),
        ]
    )


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL
    asyncio.run(main(json.loads(file.read_text(encoding="utf-8"))))
