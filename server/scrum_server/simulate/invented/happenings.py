"""What may happen on a working day of a simulated team; ceremonies go by what the server records of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Started:
    item: str
    who: str


@dataclass(frozen=True)
class Finished:
    item: str
    who: str


@dataclass(frozen=True)
class Blocked:
    item: str
    reason: str


@dataclass(frozen=True)
class Unblocked:
    item: str


@dataclass(frozen=True)
class Reestimated:
    item: str
    before: int
    points: int


@dataclass(frozen=True)
class Found:
    """Work that nobody knew of: it has no key until it is in the backlog."""

    title: str
    points: int
    skills: frozenset[str]


Happening = Started | Finished | Blocked | Unblocked | Reestimated | Found


@dataclass(frozen=True)
class WorkingDay:
    """`hours` is what each person worked on items; who is away or found nothing to do is not in it."""

    day: date
    happenings: tuple[Happening, ...]
    hours: Mapping[str, float]
