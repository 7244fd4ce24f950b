"""The built-in embedding model: it needs no server and no data.

It hashes words and their pieces of three and four characters into buckets with signs (feature hashing, Weinberger et
al. 2009), the goal beside all other words. 12 more dimensions are the numbers, and 8 tell situations apart that differ
in nothing that was hashed. The model's name stands for what it computes: another computation has another name.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from math import log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrum.memory.embedding import BUILT_IN, FEATURES, Embedding, Model, directions
from scrum.memory.model import Context
from scrum.memory.words import words

Numbers = NDArray[np.float64]

_OWN = 8
_BUCKETS = BUILT_IN.dimensions - FEATURES - _OWN
_FEATURE, _TRACE = 0.2, 0.004
"""What a number and the 8 dimensions weigh; the text weighs 1."""
_PIECES = (3, 4)


class BuiltIn:
    """Deterministic, in every process and on every platform."""

    async def model(self) -> Model:
        return BUILT_IN

    async def embed(self, contexts: Sequence[Context]) -> list[Embedding]:
        return [embedded(context) for context in contexts]


def embedded(context: Context) -> Embedding:
    rest = "\n".join((*context.focus, context.text))
    text = _unit(_hashed(context.goal) + _hashed(rest))
    numbers = _FEATURE * np.asarray(directions(context.features))
    return Embedding.of(BUILT_IN, np.concatenate([text, numbers, _TRACE * _own(context)]).tolist())


def _hashed(text: str) -> Numbers:
    """Of length 1, or zero where there are no words."""
    vector = np.zeros(_BUCKETS)
    for word, count in Counter(words(text)).items():
        places, weights = _places(word)
        np.add.at(vector, places, weights * (1 + log(count)))
    return _unit(vector)


@lru_cache(maxsize=50_000)
def _places(word: str) -> tuple[NDArray[np.intp], Numbers]:
    """The word itself weighs as much as all of its pieces."""
    whole = f"<{word}>"
    pieces = [whole[n : n + size] for size in _PIECES for n in range(len(whole) - size + 1)]
    hashes = [zlib.crc32(text.encode()) for text in [f"w{word}", *(f"g{piece}" for piece in pieces)]]
    signs = [1.0 if one & 1 else -1.0 for one in hashes]
    sizes = [1.0, *(1 / sqrt(len(pieces)) for _ in pieces)]
    return np.array([(one >> 1) % _BUCKETS for one in hashes]), np.multiply(signs, sizes)


def _own(context: Context) -> Numbers:
    """A direction for exactly this context."""
    told = json.dumps(asdict(context), sort_keys=True, ensure_ascii=True)
    digest: Any = np.frombuffer(hashlib.sha256(told.encode()).digest(), dtype="<u4")
    return _unit(digest.astype(np.float64) / 2**31 - 1)


def _unit(vector: Numbers) -> Numbers:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
