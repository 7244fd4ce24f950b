"""Whether the parts work."""

from scrum.errors import Unavailable
from scrum_adapters.ollama import Ollama
from scrum_adapters.redis import version
from scrum_server.embedders import Embedders
from scrum_server.stores import Stores
from scrum_storage.store import CORE
from scrum_tools.run import Health


async def health(stores: Stores, ollama: Ollama | None, embedders: Embedders) -> list[Health]:
    words = [await _ollama(ollama)] if ollama else []
    return [*await needed(stores), *words, *await _embeddings(embedders)]


async def needed(stores: Stores) -> list[Health]:
    """The parts without which no call is answered."""
    return [await _postgres(stores), await _redis(stores)]


async def _postgres(stores: Stores) -> Health:
    try:
        await (await stores.of(CORE)).ping()
    except Unavailable as error:
        return Health("postgresql", ok=False, detail=str(error))
    return Health("postgresql", ok=True, detail="answers")


async def _redis(stores: Stores) -> Health:
    try:
        return Health("redis", ok=True, detail=f"version {await version(await stores.redis())}")
    except Unavailable as error:
        return Health("redis", ok=False, detail=str(error))


async def _ollama(ollama: Ollama) -> Health:
    try:
        await ollama.look()
    except Unavailable as error:
        return Health("ollama", ok=False, detail=f"{error} Until then reasonings are composed.")
    return Health("ollama", ok=True, detail=f"has {ollama.name}")


async def _embeddings(embedders: Embedders) -> list[Health]:
    """None where the model is built in."""
    try:
        name = await embedders.look()
    except Unavailable as error:
        searched = f"{error} Until then episodes are searched by the built-in model."
        return [Health("embeddings", ok=False, detail=searched)]
    return [Health("embeddings", ok=True, detail=f"has {name}")] if name else []
