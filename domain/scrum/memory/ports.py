"""What memory needs from outside."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from scrum.memory.embedding import Embedding, Model
from scrum.memory.model import Context, Episode
from scrum.memory.search import Found, Query
from scrum.work import Work


class Embedder(Protocol):
    """It may be away, slow or wrong."""

    @property
    def model(self) -> Model: ...

    async def embed(self, contexts: Sequence[Context]) -> Sequence[Embedding]:
        """One for each, in their order. Raises Unavailable: there is none in time."""
        ...


class Episodes(Protocol):
    async def get(self, plan: str) -> Episode:
        """Raises UnknownEpisode."""
        ...

    async def claim(self, plan: str) -> Episode:
        """As `get`, and nobody else changes it before the work ends. Raises UnknownEpisode."""
        ...

    async def put(self, episodes: Sequence[Episode]) -> None:
        """Each replaces what was there of its plan; where its context changed, its vectors are gone."""
        ...

    async def adopt(self, model: Model) -> None:
        """Keep vectors of this model from now on, and find by them. Raises WrongDimensions: it is known with others."""
        ...

    async def pending(self, model: Model, limit: int) -> Sequence[Episode]:
        """Episodes without a vector of the model, the newest first. They are found by words and numbers."""
        ...

    async def embed(self, embeddings: Mapping[str, Embedding]) -> None:
        """By plan. Raises UnknownModel or WrongDimensions, and keeps none."""
        ...

    async def search(self, query: Query) -> Found:
        """Raises UnknownModel or WrongDimensions: the query's vector could not be compared with any."""
        ...


class MemoryWork(Work, Protocol):
    @property
    def episodes(self) -> Episodes: ...
