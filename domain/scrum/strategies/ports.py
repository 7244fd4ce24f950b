"""What strategies need from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scrum.memory.model import Episode
from scrum.memory.ports import MemoryWork
from scrum.strategies.model import Record, Strategy, Trial


class Strategies(Protocol):
    async def of(self, project: str) -> Sequence[Record]:
        """By name, with the trials of their present versions; the built-in ones too, before anything is known of them."""
        ...

    async def claim(self, project: str) -> Sequence[Record]:
        """As `of`, and nobody else changes any of them before the work ends."""
        ...

    async def put(self, strategies: Sequence[Strategy]) -> None: ...

    async def add(self, project: str, trials: Sequence[Trial]) -> None:
        """Those that are known stay as they are."""
        ...

    async def trials(self, project: str, episode: str) -> Sequence[Trial]:
        """At one episode, of every version of every strategy, by name and version."""
        ...

    async def past(self, project: str, limit: int) -> Sequence[Episode]:
        """Decisions whose sprints are completed, the latest, oldest first."""
        ...

    async def failed(self, since: datetime, limit: int) -> Sequence[Episode]:
        """Of every project, those whose sprints were closed since then and failed; the latest first."""
        ...

    async def shared(self, project: str) -> Sequence[Record]:
        """Proven ones of other projects that let others find their memory, with the trials of their tests."""
        ...


@dataclass(frozen=True)
class Suggestion:
    """A rule in words, as nobody has checked it yet."""

    name: str
    when: str
    effect: str


class Adviser(Protocol):
    """A language model that proposes rules. It may be away, slow or wrong."""

    @property
    def name(self) -> str: ...

    async def suggested(self, task: str, facts: str) -> Sequence[Suggestion]:
        """Raises Unavailable: there is no answer in time."""
        ...

    def rejected(self, text: str, why: str) -> None:
        """A suggestion is not taken."""
        ...


class StrategyWork(MemoryWork, Protocol):
    @property
    def strategies(self) -> Strategies: ...
