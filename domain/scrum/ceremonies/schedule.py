"""Where the ceremonies of one sprint stand, as it is kept."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Self

from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.triggers.standing import Standing
from scrum.sprint.model import State
from scrum.team.project import Cadence

AT_ONCE = datetime.fromtimestamp(0, UTC)
"""To wake a schedule that has to be looked at whatever the time is."""


@dataclass(frozen=True)
class Chosen:
    """What a project's policy is resolved from."""

    cadence: Cadence
    settings: Document = field(default_factory=Document)


@dataclass(frozen=True)
class Schedule:
    """Of a sprint, which need not be planned yet.

    `anchor` is where its clock and the real one agree. `chosen` is what its policy is resolved from, kept from its start
    on; before that the project's counts. `recorded` is the number of its last happening, `occurrences` of its last one.
    It is looked at when `wake_at` comes; None: time alone makes nothing due. When its sprint is `over` it hears of nothing.
    """

    sprint: str
    project: str
    anchor: datetime
    first_day: date | None = None
    days: int | None = None
    chosen: Chosen | None = None
    standing: Standing = field(default_factory=Standing)
    recorded: int = 0
    occurrences: int = 0
    wake_at: datetime | None = AT_ONCE
    over: bool = False

    @property
    def id(self) -> str:
        return f"{self.sprint}-ceremonies"

    @property
    def project_key(self) -> str:
        return self.project

    @property
    def version(self) -> int:
        """Of the next happening."""
        return self.recorded + 1

    def after(self, standing: Standing, *, fired: int, wake_at: datetime | None) -> Self:
        """An evaluation that saw everything came to this standing and made so many ceremonies due."""
        return replace(self, standing=standing, occurrences=self.occurrences + fired, wake_at=wake_at)

    def ended(self, state: State) -> Self:
        """Its sprint was, and nobody told it: nothing more is due."""
        standing = replace(self.standing, state=state, seen=self.recorded)
        return replace(self, standing=standing, wake_at=None, over=True)
