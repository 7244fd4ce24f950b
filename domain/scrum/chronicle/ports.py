"""What the chronicle needs from outside."""

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from scrum.chronicle.model import Happening, Span
from scrum.planning.ports import PlanningWork
from scrum.work import Work


class Happenings(Protocol):
    async def add(self, happened: Sequence[Happening]) -> None:
        """Those that are there stay as they are."""
        ...

    async def of(self, span: Span) -> Sequence[Happening]:
        """In the order of the span; one more than its limit where there are more."""
        ...

    async def pending(self, project: str, published: Collection[UUID]) -> int:
        """Events of the project that are not here yet: of those published, and of those that could not be added."""
        ...


class ChronicleWork(Work, Protocol):
    @property
    def happenings(self) -> Happenings: ...


class Unsettled(Protocol):
    async def of(self, project: str) -> Sequence[UUID]:
        """Events that some consumer may not have heard of yet; the latest, when there are many."""
        ...


class SourceWork(PlanningWork, Protocol):
    """The unit of work of the store whose events the chronicle hears."""

    @property
    def unsettled(self) -> Unsettled: ...
