"""What the planning context needs from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scrum.memory.ports import Embedder
from scrum.planning.model import Plan
from scrum.sprint.ports import SprintWork
from scrum.strategies.ports import StrategyWork
from scrum.work import Start


class Plans(Protocol):
    async def get(self, plan: str) -> Plan:
        """Raises UnknownPlan."""
        ...

    async def claim(self, plan: str) -> Plan:
        """As `get`, and nobody else commits it before the work ends. Raises UnknownPlan."""
        ...

    async def put(self, plan: Plan) -> None:
        """Raises Conflict: it was committed meanwhile."""
        ...

    async def forget_expired(self, project: str, now: datetime) -> None:
        """Delete plans that expired and were never committed."""
        ...


class PlanningWork(SprintWork, Protocol):
    @property
    def plans(self) -> Plans: ...


class Words(Protocol):
    """A language model that words what is known. It may be away, slow or wrong."""

    @property
    def name(self) -> str: ...

    async def worded(self, task: str, facts: str) -> str:
        """A text made from the facts alone, as the task asks. Raises Unavailable: there is none in time."""
        ...

    def rejected(self, text: str, why: str) -> None:
        """A text is not used."""
        ...


@dataclass(frozen=True)
class Aids:
    """What may help a plan: each may be away, and the plan is made without it.

    `words` may open the reasoning in other words, once all is decided. `memory` knows the strategies, and what was
    decided in situations like this one; `embedders` find those by meaning.
    """

    words: Words | None = None
    memory: Start[StrategyWork] | None = None
    embedders: Sequence[Embedder] = ()


NO_AIDS = Aids()
