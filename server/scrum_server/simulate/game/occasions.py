"""The ceremonies of a sprint as they became due, with what came of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from scrum.ceremonies.occurrence import Status
from scrum.clock import ProjectClock
from scrum_tools.ceremonies.ceremony_view import OccurrenceView
from scrum_tools.reports.history_view import HappeningView

DUE, DELIVERED, FAILED = "CeremonyDue", "CeremonyDelivered", "CeremonyFailed"


@dataclass(frozen=True)
class Occasion:
    """One occurrence of a ceremony, due `at` what the project's clock showed.

    `deliveries` is how often the history has that it was delivered.
    """

    id: str
    ceremony: str
    at: datetime
    why: str
    status: Status
    deliveries: int

    @classmethod
    def of(cls, view: OccurrenceView, deliveries: int, clock: ProjectClock) -> Self:
        due = clock.shows(view.due_at)
        return cls(view.occurrence, view.ceremony, due, view.because, view.status, deliveries)

    @property
    def number(self) -> int:
        """Within its sprint, in the order in which they became due."""
        return int(self.id.rpartition("-C")[2])


@dataclass(frozen=True)
class Kind:
    """All occurrences of one ceremony."""

    ceremony: str
    due: int
    deliveries: int
    states: Counter[Status]


def by_kind(occasions: Sequence[Occasion]) -> list[Kind]:
    """In the order in which each was due first."""
    names = dict.fromkeys(one.ceremony for one in occasions)
    return [_kind(name, [one for one in occasions if one.ceremony == name]) for name in names]


def _kind(name: str, them: Sequence[Occasion]) -> Kind:
    return Kind(name, len(them), sum(one.deliveries for one in them), Counter(one.status for one in them))


def wrong(occasions: Iterable[Occasion]) -> list[str]:
    """Those that were not delivered exactly once."""
    return [one.id for one in occasions if one.deliveries != 1]


def count(happenings: Iterable[HappeningView], *types: str) -> Counter[str]:
    """How often each occurrence is told of in this way."""
    return Counter(one.about for one in happenings if one.type in types)


def settled(happenings: Sequence[HappeningView]) -> bool:
    """Whatever became due was delivered, or given up."""
    ready = count(happenings, DELIVERED, FAILED)
    return not [one for one in count(happenings, DUE) if not ready[one]]
