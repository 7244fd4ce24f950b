"""Answers stay under 32,000 bytes: what does not fit is left for the next call."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

MOST_BYTES = 32_000
LISTS = 27_000
"""What the lists of an answer may take; the rest is for its frame."""

T = TypeVar("T", bound=BaseModel)


def fitting(entries: Sequence[T], line: Callable[[T], str], *, budget: int = LISTS) -> list[T]:
    """The first entries whose structured form and line of text fit together; at least one, cut to size."""
    shown: list[T] = []
    left = budget
    for entry in entries:
        left -= len(entry.model_dump_json()) + 1 + len(line(entry).encode()) + 3
        if left < 0 and shown:
            break
        shown.append(entry)
    return shown
