"""Ollama, where it is configured."""

from contextlib import aclosing

from scrum.errors import Unavailable
from scrum_adapters.ollama import Ollama
from scrum_server.checks.check import Check, Mark
from scrum_server.embedders import Embedders
from scrum_server.settings import Settings


async def ollama(settings: Settings) -> list[Check]:
    """None where it is not configured. Nothing needs it, so nothing is broken without it."""
    if settings.ollama is None:
        return []
    model = Ollama(settings.ollama, settings.ollama_model, settings.ollama_seconds)
    return [await _words(model), *await _embeddings(settings)]


async def _embeddings(settings: Settings) -> list[Check]:
    async with aclosing(Embedders(settings)) as embedders:
        try:
            name = await embedders.look()
        except Unavailable as error:
            searched = f"{error} Until then episodes are searched by the built-in model"
            return [Check(Mark.NOTE, "embeddings", searched)]
    return [Check(Mark.OK, "embeddings", f"Ollama has {name}")] if name else []


async def _words(model: Ollama) -> Check:
    async with aclosing(model):
        try:
            await model.look()
        except Unavailable as error:
            return Check(Mark.NOTE, "Ollama", f"{error} Until then reasonings are composed")
    return Check(Mark.OK, "Ollama", f"has {model.name}")
