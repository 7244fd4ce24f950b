"""The embedding models that the settings choose."""

from functools import cached_property
from typing import TYPE_CHECKING

from scrum.memory.ports import Embedder
from scrum_server.settings import Settings

if TYPE_CHECKING:
    from scrum_adapters.embedding import OllamaEmbedder


class Embedders:
    """Nothing is loaded before the first question."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ollama: OllamaEmbedder | None = None

    @cached_property
    def chosen(self) -> tuple[Embedder, ...]:
        """The one of the settings, and then the built-in one: searched while that one is away or not complete."""
        from scrum.memory.built_in import BuiltIn  # noqa: PLC0415 - brings numpy, which may load after tools are listed

        if self._settings.embedder != "ollama":
            return (BuiltIn(),)
        self._ollama = _ollama(self._settings)
        return (self._ollama, BuiltIn())

    async def look(self) -> str | None:
        """The model that is chosen, where it runs elsewhere. Raises Unavailable: it could not embed anything now."""
        return await self._ollama.look() if self.chosen and self._ollama else None

    async def aclose(self) -> None:
        if self._ollama:
            await self._ollama.aclose()


def _ollama(settings: Settings) -> "OllamaEmbedder":
    from scrum_adapters.embedding import OllamaEmbedder  # noqa: PLC0415 - only where it is configured
    from scrum_adapters.ollama import Ollama  # noqa: PLC0415 - the same

    return OllamaEmbedder(Ollama(settings.ollama or "", settings.embedding_model, settings.ollama_seconds))
