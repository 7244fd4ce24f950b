"""How fast the whole search of episodes is, beside a bare query of pgvector and beside exact search.

    python bench/search.py [episodes, default 100000] [queries, default 200]

Episodes are of generated situations: words as rare as words are (Zipf), most of a goal from one of some hundred
subjects, and numbers. The whole search is the product's: embed the question, three rankings, the episodes themselves.
Bare is asyncpg with a prepared statement that asks the same index for as many ids, with the same settings, given the
vector. Exact is the same without the index, and says what the index should have found. They take turns, so that a busy
machine slows all of them.

Targets: recall@10 of the index at least 0.95; p50 of the whole at most 3 times the bare and a fifth of the exact one.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import Any, TypeAlias

import asyncpg

sys.path[0] = str(Path(__file__).parent.parent)
from bench.memories import episode, memory, remember  # noqa: E402 - found from the folder above
from bench.targets import at_least, at_most, conclude  # noqa: E402 - the same
from scrum.memory.built_in import embedded  # noqa: E402 - the same
from scrum.memory.model import Context, Features  # noqa: E402 - the same
from scrum.memory.search import Query  # noqa: E402 - the same
from scrum_storage.memory_work import INDEX, MemoryWork  # noqa: E402 - the same
from scrum_storage.store import Store  # noqa: E402 - the same

RECALL, MOST_OF_BARE, MOST_OF_EXACT = 0.95, 3.0, 0.2
K = 10
_WORDS, _SUBJECTS = 20_000, 300
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NEAREST = """
SELECT plan FROM memory.vectors WHERE model = 'built-in-1' AND dimensions = 768
ORDER BY (vector::halfvec(768) <=> $1::text::halfvec(768)) {} LIMIT 10
"""
_BARE, _EXACT = _NEAREST.format(""), _NEAREST.format("+ 0")
_MEMORY = "SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 0"

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class Language:
    """Made-up words, the most frequent first, and the words of each subject."""

    words: Sequence[str]
    weights: Sequence[float]
    subjects: Sequence[Sequence[str]]

    @classmethod
    def made(cls, chance: random.Random) -> "Language":
        words = ["".join(chance.choices(_LETTERS, k=chance.randint(3, 10))) for _ in range(_WORDS)]
        weights = list(accumulate(1 / place for place in range(1, _WORDS + 1)))
        return cls(words, weights, [chance.sample(words, 12) for _ in range(_SUBJECTS)])

    def situation(self, chance: random.Random) -> Context:
        subject = chance.choice(self.subjects)
        return Context(
            goal=" ".join(chance.sample(subject, 4) + self._any(chance, 2)),
            text=" ".join(chance.sample(subject, 6) + self._any(chance, 30)),
            focus=tuple(chance.sample(subject, 2)),
            features=_numbers(chance),
        )

    def _any(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.words, cum_weights=self.weights, k=count)


def _numbers(chance: random.Random) -> Features:
    return Features(
        team_size=chance.randint(2, 12),
        velocity=round(chance.lognormvariate(3.3, 0.5)),
        availability=round(chance.uniform(0.5, 1.0), 2),
        days_away=chance.randint(0, 15),
        carry_over=chance.randint(0, 20),
        scope=round(chance.lognormvariate(3.4, 0.5)),
    )


async def fill(store: Store[MemoryWork], database: Connection, language: Language, count: int) -> None:
    """The index is built at the end, as `reembed` may: row by row it takes many times as long."""
    chance = random.Random(1)
    index = await database.fetchval("SELECT pg_get_indexdef('memory.vectors_built_in'::regclass)")
    numbers = await database.fetchval("SELECT pg_get_indexdef('memory.episodes_features'::regclass)")
    await database.execute("DROP INDEX memory.vectors_built_in, memory.episodes_features")
    made = (episode(f"PLAN-{n}", language.situation(chance), f"P{n % 2000}") for n in range(count))
    await remember(store, list(made))
    await database.execute(f"{_MEMORY}; {index}; {numbers}")
    await database.execute("VACUUM ANALYZE memory.vectors")
    await database.execute("VACUUM ANALYZE memory.episodes")


async def timed(act: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Milliseconds, and what came of it."""
    begun = time.perf_counter()
    result = await act()
    return 1000 * (time.perf_counter() - begun), result


@dataclass(frozen=True)
class Times:
    """Milliseconds of each query, and the recall of the bare one."""

    whole: list[float]
    bare: list[float]
    exact: list[float]
    recall: list[float]


async def measure(store: Store[MemoryWork], database: Connection, asked: Sequence[Context]) -> Times:
    """Each asks something else at a time: none finds the pages warm that another has just read.

    The order turns too: whoever comes after the exact one finds the caches of the processor full of all vectors.
    """
    bare, exact = await database.prepare(_BARE), await database.prepare(_EXACT)
    vectors = [f"[{','.join(map(str, embedded(context).vector))}]" for context in asked]
    found: dict[str, dict[int, tuple[float, Any]]] = {"whole": {}, "bare": {}, "exact": {}}
    for n in range(len(asked)):
        first, second, third = ((n + part * len(asked) // 3) % len(asked) for part in (0, 1, 2))
        acts: list[tuple[str, int, Callable[[], Awaitable[Any]]]] = [
            ("whole", first, partial(searched, store, asked[first])),
            ("bare", second, partial(bare.fetch, vectors[second])),
            ("exact", third, partial(exact.fetch, vectors[third])),
        ]
        for name, which, act in acts[n % 3 :] + acts[: n % 3]:
            found[name][which] = await timed(act)
    taken = {name: [one[0] for one in each.values()] for name, each in found.items()}
    near, nearest = found["bare"], found["exact"]
    recall = [len({*near[n][1]} & {*nearest[n][1]}) / K for n in near]
    return Times(taken["whole"], taken["bare"], taken["exact"], recall)


async def searched(store: Store[MemoryWork], context: Context) -> None:
    async with store.look() as work:
        found = await work.episodes.search(Query(context, embedded(context), limit=K))
    if len(found.hits) != K:
        raise RuntimeError(f"{len(found.hits)} of {K} episodes were found")


async def main(count: int, queries: int) -> None:
    chance = random.Random(2)
    language = Language.made(chance)
    async with memory() as (store, url):
        database = await asyncpg.connect(url.replace("+asyncpg", ""), server_settings=INDEX)
        begun = time.perf_counter()
        await fill(store, database, language, count)
        print(f"{count} episodes in {time.perf_counter() - begun:.0f} s")
        await measure(store, database, [language.situation(chance) for _ in range(10)])
        times = await measure(store, database, [language.situation(chance) for _ in range(queries)])
        await database.close()
    report(times)


def report(times: Times) -> None:
    for name in ("whole", "bare", "exact"):
        seen = getattr(times, name)
        print(
            f"{name:<6}p50 {median(seen):8.2f} ms   p99 {quantiles(seen, n=100)[98]:8.2f} ms   n={len(seen)}"
        )
    print(f"load of the machine: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
    whole = median(times.whole)
    conclude(
        [
            at_least(f"recall@{K} of the index", fmean(times.recall), RECALL),
            at_most("the whole, times the bare", whole / median(times.bare), MOST_OF_BARE),
            at_most("the whole, share of the exact", whole / median(times.exact), MOST_OF_EXACT),
        ]
    )


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    asyncio.run(main(*(given + [100_000, 200][len(given) :])))
