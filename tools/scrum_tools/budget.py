"""Answers stay under 32,000 bytes: what does not fit is left for the next call."""

from collections.abc import Sequence
from typing import TypeVar

from pydantic_core import to_json

MOST_BYTES = 32_000
LISTS = 27_000
"""What the lists of an answer may take; the rest is for its frame."""

T = TypeVar("T")


def size(entry: object) -> int:
    """Bytes of the JSON and of a text that says the same; escaped, a character beyond ASCII takes six."""
    json = to_json(entry)
    return 2 * len(json) if json.isascii() else 2 * len(json.decode().encode("ascii", "backslashreplace"))


def fitting(entries: Sequence[T], *, budget: int = LISTS) -> list[T]:
    """The first entries that fit in both forms; at least one. A line of text is shorter than its JSON."""
    if size(entries) <= budget:
        return list(entries)
    shown: list[T] = []
    left = budget
    for entry in entries:
        left -= size(entry)
        if left < 0 and shown:
            break
        shown.append(entry)
    return shown
