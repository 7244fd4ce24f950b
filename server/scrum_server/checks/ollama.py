"""Ollama, where it is configured."""

from contextlib import aclosing

from scrum.errors import Unavailable
from scrum_adapters.ollama import Ollama
from scrum_server.checks.check import Check, Mark
from scrum_server.settings import Settings


async def ollama(settings: Settings) -> list[Check]:
    """One check; none where it is not configured. Nothing needs it, so nothing is broken without it."""
    if settings.ollama is None:
        return []
    model = Ollama(settings.ollama, settings.ollama_model, settings.ollama_seconds)
    async with aclosing(model):
        try:
            await model.look()
        except Unavailable as error:
            return [Check(Mark.NOTE, "Ollama", f"{error} Until then reasonings are composed")]
    return [Check(Mark.OK, "Ollama", f"has {model.name}")]
