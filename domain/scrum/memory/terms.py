"""BM25 (Robertson and Zaragoza 2009) in two halves, whose inner product is the score.

A document's half knows only the document, so it never grows old. How rare a word is belongs to the query's half, and is
known when it is asked. Therefore lengths are compared with one that is fixed, not with the mean of all.
"""

import zlib
from collections import Counter

from scrum.memory.words import words

TERMS = 1_000_000_000
"""Words are numbered from 1 to one less than this, by a hash."""
MOST = 10_000
"""So many different words of a text count."""

_SATURATION, _LENGTH, _USUAL = 2.0, 0.5, 100.0


def document(text: str) -> dict[int, float]:
    """The weight of each term."""
    told = words(text)
    slow = _SATURATION * (1 - _LENGTH + _LENGTH * len(told) / _USUAL)
    counted = Counter(map(number, told)).most_common(MOST)
    return {term: count * (_SATURATION + 1) / (count + slow) for term, count in counted}


def asked(text: str) -> list[int]:
    """The terms of a query, each once."""
    return sorted(set(map(number, words(text))))[:MOST]


def number(word: str) -> int:
    return zlib.crc32(word.encode()) % (TERMS - 1) + 1
