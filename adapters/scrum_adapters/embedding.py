"""Embeddings of a model that Ollama runs."""

from collections.abc import Sequence

from scrum.memory.embedding import Embedding, Model
from scrum.memory.model import Context
from scrum_adapters.ollama import ModelMissing, Ollama

_SETTING = "SCRUM_EMBEDDING_MODEL"
_PROBE = "How many dimensions?"


class OllamaEmbedder:
    def __init__(self, ollama: Ollama) -> None:
        """Its breaker is for embeddings alone: words may come from a model that works."""
        self._ollama = ollama
        self._known: Model | None = None

    async def model(self) -> Model:
        """How many dimensions it has is asked once, and never supposed.

        Raises:
            OllamaUnavailable, BadModel.
        """
        if self._known is None:
            (vector,) = await self._vectors([_PROBE])
            self._known = Model(f"ollama/{self._ollama.name}", len(vector))
        return self._known

    async def embed(self, contexts: Sequence[Context]) -> list[Embedding]:
        """Raises OllamaUnavailable; WrongDimensions or NotAVector: nothing of it can be kept."""
        model = await self.model()
        vectors = await self._vectors([context.wording or "nothing" for context in contexts])
        return [Embedding.of(model, vector) for vector in vectors]

    async def look(self) -> str:
        """The name of the model. Raises OllamaUnavailable: it could not embed anything now."""
        try:
            await self._ollama.look()
        except ModelMissing as error:
            raise ModelMissing(self._ollama.name, _SETTING) from error
        return self._ollama.name

    async def aclose(self) -> None:
        await self._ollama.aclose()

    async def _vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        try:
            return await self._ollama.vectors(texts)
        except ModelMissing as error:
            raise ModelMissing(self._ollama.name, _SETTING) from error
