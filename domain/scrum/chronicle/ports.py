"""What the chronicle needs from outside."""

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from scrum.chronicle.model import Happening, Span
from scrum.chronicle.reports import ActionChange, ActionItem, Minutes, Report
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


class Reports(Protocol):
    async def keep(self, report: Report) -> bool:
        """False where one with its id is kept: that one stays."""
        ...

    async def get(self, report: str) -> Report | None: ...

    async def latest(
        self, project: str, *, sprint: str = "", ceremony: str = "", limit: int = 20
    ) -> Sequence[Report]:
        """The newest first; '' for any."""
        ...


class MinutesKept(Protocol):
    async def add(
        self,
        minutes: Minutes,
        agreed: Sequence[ActionItem] = (),
        changes: Sequence[ActionChange] = (),
        *,
        event: UUID,
    ) -> None:
        """What was told by this event; of an occurrence that has minutes, nothing.

        A change to an action that is not there waits for it, and concerns those of its own project only. Changes of
        the same moment are in the order of their events.
        """
        ...

    async def of(
        self, project: str, *, sprint: str = "", ceremony: str = "", limit: int = 20
    ) -> Sequence[Minutes]:
        """The newest first; '' for any."""
        ...

    async def actions(
        self, project: str, *, sprint: str = "", only_open: bool = True
    ) -> Sequence[ActionItem]:
        """As they stand, the oldest first; '' for those that were agreed in any sprint."""
        ...


class ChronicleWork(Work, Protocol):
    @property
    def happenings(self) -> Happenings: ...

    @property
    def reports(self) -> Reports: ...

    @property
    def minutes(self) -> MinutesKept: ...


class Unsettled(Protocol):
    async def of(self, project: str) -> Sequence[UUID]:
        """Events that some consumer may not have heard of yet; the latest, when there are many."""
        ...


class SourceWork(PlanningWork, Protocol):
    """The unit of work of the store whose events the chronicle hears."""

    @property
    def unsettled(self) -> Unsettled: ...
