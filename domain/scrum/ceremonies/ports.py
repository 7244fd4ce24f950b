"""What ceremonies need from outside."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from scrum.ceremonies.occurrence import Occurrence, Undelivered
from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.schedule import Schedule
from scrum.ceremonies.triggers.facts import Happening
from scrum.chronicle.ports import SourceWork
from scrum.planning.model import Plan


class Settings(Protocol):
    """Of projects."""

    async def of(self, project: str) -> Document:
        """What the project sets beside its template; an empty one where it sets nothing."""
        ...

    async def put(self, project: str, document: Document) -> None: ...


class Schedules(Protocol):
    """Happenings are recorded by the unit of work itself, in the commit of the events that tell of them."""

    async def claim(self, sprint: str) -> Schedule | None:
        """Whoever claims it after the project waits for this unit of work to end."""
        ...

    async def find(self, sprint: str) -> Schedule | None: ...

    async def open(self, schedule: Schedule) -> None:
        """For a sprint that is not planned yet; nothing happens where there is one."""
        ...

    async def put(self, schedule: Schedule) -> None:
        """Its standing, occurrences, when it wakes and whether it is over; the rest is kept by the unit of work."""
        ...

    async def happenings(self, sprint: str, after: int, limit: int | None = None) -> Sequence[Happening]:
        """With a number over `after`, in their order; the first ones where there is a limit."""
        ...

    async def heard(self, sprint: str, source: str, signal: str) -> bool:
        """Whether it heard of something that this source called so."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Sprints to look at, the longest due first."""
        ...

    async def next(self) -> datetime | None:
        """When the first of all wakes."""
        ...

    async def done(self, schedule: Schedule, keys: Collection[str]) -> frozenset[str]:
        """Those of these items of its project that are done, but for those of which it has yet to see it."""
        ...

    async def cancelled_after(self, sprint: str, number: int) -> frozenset[str]:
        """Items that were cancelled in a happening with a number over that."""
        ...


class Occurrences(Protocol):
    async def add(self, occurred: Sequence[Occurrence]) -> Sequence[Occurrence]:
        """Those whose key was not there. Raises Conflict: the number of one of them is taken."""
        ...

    async def put(self, *changed: Occurrence) -> None:
        """Each once. Raises Changed: one of them has a newer version by now."""
        ...

    async def prolong(self, begun: Occurrence, until: datetime) -> None:
        """No attempt after this one begins before; nothing happens where this one is not the last any more."""
        ...

    async def get(self, occurrence: str) -> Occurrence:
        """Raises UnknownOccurrence."""
        ...

    async def of(self, sprint: str) -> Sequence[Occurrence]:
        """The latest first, and not all where there are very many."""
        ...

    async def last(self, sprint: str, ceremony: str) -> Occurrence | None: ...

    async def pending(self, now: datetime, limit: int) -> Sequence[Occurrence]:
        """Due ones whose next attempt may begin, claimed: nobody else gets them until this unit of work ends."""
        ...

    async def undelivered(self, limit: int) -> Sequence[Occurrence]:
        """Of all projects those that are due or failed, the longest due first."""
        ...

    async def count_undelivered(self) -> Undelivered: ...

    async def waiting(self, projects: Collection[str]) -> Sequence[Occurrence]:
        """In the last two sprints and the next one, of each ceremony the last one, where it is not settled.

        By project, the newest sprint first, of each the latest first.
        """
        ...

    async def next_attempt(self) -> datetime | None:
        """When the first of all due ones may be tried; None where none is due."""
        ...


class Plannings(Protocol):
    """The plan that each sprint planning is held on."""

    async def plan(self, occurrence: str) -> Plan | None:
        """None where there is none, or it expired."""
        ...

    async def hold(self, occurrence: str, plan: str) -> None:
        """On that plan. The one before is forgotten, where it waits and nobody else has it.

        Raises:
            Conflict: the one before is a sprint.
        """
        ...


class CeremonyWork(SourceWork, Protocol):
    @property
    def settings(self) -> Settings: ...

    @property
    def schedules(self) -> Schedules: ...

    @property
    def occurrences(self) -> Occurrences: ...

    @property
    def plannings(self) -> Plannings: ...

    async def hear(self) -> None:
        """Sprints hear of what was published, before the commit that they hear of it in by itself."""
        ...
