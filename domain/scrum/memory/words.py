"""Texts as words that can be compared: also those that names in code are made of."""

import re
from collections.abc import Iterator
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ENDINGS = ("ingly", "edly", "ing", "ed", "ies", "es", "s")
_STEM = 4
"""Letters that stay at least when an ending is taken away."""
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a after also an and are as at be because been before but by can do does for from had has have i if in into is "
        "it its more no not of on or our should so such than that the their then there these they this to use used "
        "using was we were what when where which while will with would you",
    )
)
"""English words that tell no two situations apart."""


def words(text: str) -> list[str]:
    """Without case and endings, in their order; `DataNode` is `datanode`, `data` and `node`."""
    return [word for found in _WORD.findall(text) for word in _of(found)]


@lru_cache(maxsize=50_000)
def _of(found: str) -> tuple[str, ...]:
    parts: list[str] = _PART.findall(found) if found.isascii() else []
    told = [found, *parts] if len(parts) > 1 else [found]
    return tuple(_stems(told))


def _stems(told: list[str]) -> Iterator[str]:
    for word in map(str.casefold, told):
        if word not in _COMMON:
            yield _stem(word)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word.removesuffix(ending)
    return word
