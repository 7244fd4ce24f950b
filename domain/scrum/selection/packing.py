"""As many items as people have hours for, where giving them out one by one leaves some over."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from scrum.selection.highs import Floats, Row, Rows, counted
from scrum.selection.selection import Candidate, Person
from scrum.selection.staffing import Skills, seconds

EFFORT = 5_000
"""Columns times nodes of the search, and not seconds: every machine gives the same answer."""


class _Kind(NamedTuple):
    """Items that differ in nothing that counts here. `hours` are in seconds."""

    hours: int
    skills: Skills
    points: int


_Place = tuple[_Kind, str]


def pack(items: Sequence[Candidate], people: Sequence[Person], left: Mapping[str, int]) -> dict[str, str]:
    """Keys to names, in the seconds that are left to each: the most items, and among these the most points.

    Nothing is better as far as the search goes, which is to the end for the few items of a sprint.
    """
    alike: dict[_Kind, list[str]] = {}
    for item in items:
        alike.setdefault(_Kind(seconds(item.hours), item.skills, item.points or 0), []).append(item.key)
    places = [(kind, person.name) for kind in alike for person in people if _can(person, kind, left)]
    if not places:
        return {}
    rows = Rows.of([*_rows(places, alike, left)], len(places))
    most = np.array([len(alike[kind]) for kind, _ in places], dtype=np.float64)
    counts = counted(_worth(places, items), rows, most, EFFORT // len(places) + 1)
    return dict(_given(alike, zip(places, counts, strict=True)))


def _can(person: Person, kind: _Kind, left: Mapping[str, int]) -> bool:
    return person.skills >= kind.skills and kind.hours <= left[person.name]


def _worth(places: Sequence[_Place], items: Sequence[Candidate]) -> Floats:
    one_more = 1 + sum(item.points or 0 for item in items)
    return np.array([one_more + kind.points for kind, _ in places], dtype=np.float64)


def _rows(
    places: Sequence[_Place], alike: Mapping[_Kind, Sequence[str]], left: Mapping[str, int]
) -> Iterator[Row]:
    """There are only so many items of a kind, and everybody has only so many seconds."""
    for kind, keys in alike.items():
        columns = [column for column, place in enumerate(places) if place[0] == kind]
        yield Row(columns, np.ones(len(columns)), len(keys))
    for name, most in left.items():
        columns = [column for column, place in enumerate(places) if place[1] == name]
        yield Row(columns, [places[column][0].hours for column in columns], most)


def _given(
    alike: Mapping[_Kind, Sequence[str]], counts: Iterator[tuple[_Place, int]]
) -> Iterator[tuple[str, str]]:
    waiting = {kind: iter(keys) for kind, keys in alike.items()}
    for (kind, name), count in counts:
        for key in islice(waiting[kind], count):
            yield key, name
