"""What the sprint context needs from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scrum.backlog.model import Item
from scrum.backlog.ports import BacklogWork
from scrum.clock import ProjectClock
from scrum.sprint.ledger import Entry, Ledger
from scrum.sprint.model import Sprint
from scrum.sprint.velocity import PastSprint
from scrum.team.project import Project


@dataclass(frozen=True)
class Board:
    """A project and one of its sprints, with its ledger and the items in it now."""

    project: Project
    sprint: Sprint | None
    ledger: Ledger
    items: tuple[Item, ...]


class Sprints(Protocol):
    async def board(self, project: str, sprint: str) -> Board:
        """All that there is to see of a sprint, read at once; '' for the open one.

        Raises:
            UnknownProject.
        """
        ...

    async def find(self, sprint: str) -> Sprint | None: ...

    async def open(self, project: str) -> Sprint | None:
        """The one that is planned or running."""
        ...

    async def ids(self, project: str) -> list[str]:
        """Newest first."""
        ...

    async def completed(self, project: str, limit: int) -> Sequence[Sprint]:
        """The last ones, oldest first."""
        ...

    async def coming_clock(self, project: str, now: datetime) -> ProjectClock:
        """Of a sprint that is planned now."""
        ...

    async def put(self, sprint: Sprint) -> None: ...

    async def ledger(self, sprint: str) -> Ledger: ...

    async def record(self, sprint: str, entries: Sequence[Entry]) -> None: ...


class History(Protocol):
    """Sprints from before this server, in the order of their places."""

    async def of(self, project: str) -> Sequence[PastSprint]: ...

    async def put(self, project: str, sprints: Mapping[float, PastSprint]) -> int:
        """Add them at their places, or change those of the same name; returns how many that made a difference for."""
        ...


class SprintWork(BacklogWork, Protocol):
    @property
    def sprints(self) -> Sprints: ...

    @property
    def history(self) -> History: ...
