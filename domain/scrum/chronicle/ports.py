"""What the chronicle needs from outside."""

from collections.abc import Sequence
from typing import Protocol

from scrum.chronicle.model import Happening, Span
from scrum.work import Work


class Happenings(Protocol):
    async def add(self, happenings: Sequence[Happening]) -> None:
        """Those that are there stay as they are."""
        ...

    async def of(self, span: Span) -> Sequence[Happening]:
        """In the order of the span; one more than its limit where there are more."""
        ...

    async def missing(self, project: str) -> int:
        """Events that arrived and could not be added."""
        ...


class ChronicleWork(Work, Protocol):
    @property
    def happenings(self) -> Happenings: ...
