"""The embedding models that the settings choose."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from scrum.memory.ports import Embedder
from scrum_server.settings import Settings

if TYPE_CHECKING:
    from scrum_adapters.embedding import OllamaEmbedder


@asynccontextmanager
async def embedding(settings: Settings) -> AsyncGenerator[tuple[Embedder, ...]]:
    """The one that is chosen, and then the built-in one, which is searched while that one is away or not complete."""
    from scrum.memory.built_in import BuiltIn  # noqa: PLC0415 - brings numpy, which may load after tools are listed

    if settings.embedder != "ollama":
        yield (BuiltIn(),)
        return
    chosen = _ollama(settings)
    try:
        yield (chosen, BuiltIn())
    finally:
        await chosen.aclose()


def _ollama(settings: Settings) -> "OllamaEmbedder":
    from scrum_adapters.embedding import OllamaEmbedder  # noqa: PLC0415 - only where it is configured
    from scrum_adapters.ollama import Ollama  # noqa: PLC0415 - the same

    return OllamaEmbedder(Ollama(settings.ollama or "", settings.embedding_model, settings.ollama_seconds))
