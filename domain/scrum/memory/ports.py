"""What memory needs from outside."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from scrum.memory.embedding import Embedding, Model
from scrum.memory.model import Context, Ending, Episode
from scrum.memory.search import Found, Query, Where
from scrum.work import Work


class Embedder(Protocol):
    """It may be away, slow or wrong."""

    async def model(self) -> Model:
        """Raises Unavailable."""
        ...

    async def embed(self, contexts: Sequence[Context]) -> Sequence[Embedding]:
        """One for each, in their order. Raises Unavailable: there is none in time."""
        ...


class Episodes(Protocol):
    async def hold(self) -> None:
        """Nobody else writes episodes before the work ends."""
        ...

    async def find(self, plan: str) -> Episode | None: ...

    async def get(self, plan: str) -> Episode:
        """Raises UnknownEpisode."""
        ...

    async def put(self, episodes: Sequence[Episode], /) -> None:
        """Each replaces what was there of its plan; where its context changed, its vectors are gone."""
        ...

    async def adopt(self, model: Model) -> None:
        """Keep vectors of this model from now on. Raises WrongDimensions: it is known with others."""
        ...

    async def complete(self, model: Model) -> None:
        """Every episode had its vector once: from now on it is searched by them."""
        ...

    async def searchable(self) -> frozenset[Model]:
        """The models that are complete."""
        ...

    async def pending(self, model: Model, limit: int) -> Sequence[Episode]:
        """Episodes without a vector of the model, the newest first. They are found by words and numbers."""
        ...

    async def missing(self, model: Model, where: Where, most: int) -> int:
        """How many of these have no vector of the model; no more are counted than `most`."""
        ...

    async def embed(self, embeddings: Mapping[str, Embedding]) -> None:
        """By plan. Raises UnknownModel or WrongDimensions, and keeps none."""
        ...

    async def keep(self, plan: str, ending: Ending) -> None:
        """How a sprint ended whose decision is not known yet; the first that is kept stays."""
        ...

    async def kept(self, plan: str) -> Ending | None:
        """It is gone then."""
        ...

    async def search(self, query: Query) -> Found:
        """Raises UnknownModel or WrongDimensions: the query's vector could not be compared with any."""
        ...


class Sharing(Protocol):
    async def put(self, project: str, version: int, *, shared: bool) -> None:
        """Unless something newer is known."""
        ...

    async def others(self, project: str) -> Sequence[str]:
        """The projects whose episodes this one may find beside its own."""
        ...


class MemoryWork(Work, Protocol):
    @property
    def episodes(self) -> Episodes: ...

    @property
    def sharing(self) -> Sharing: ...
