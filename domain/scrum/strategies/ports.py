"""What strategies need from outside."""

from collections.abc import Sequence
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

    async def past(self, project: str, limit: int) -> Sequence[Episode]:
        """Decisions whose sprints are completed, the latest, oldest first."""
        ...

    async def shared(self, project: str) -> Sequence[Strategy]:
        """The active ones of other projects that let others find their memory, without the built-in ones."""
        ...


class StrategyWork(MemoryWork, Protocol):
    @property
    def strategies(self) -> Strategies: ...
