"""`scrum-mcp reembed`, as people call it: with progress, killed and begun again, while search goes on."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scrum.memory.built_in import BuiltIn
from scrum.memory.model import Context
from scrum.memory.search import Query, Where
from scrum.memory.usecases import Recalled, search_episodes
from scrum_adapters.embedding import OllamaEmbedder
from scrum_adapters.ollama import Ollama
from scrum_server.embedding import BATCH
from scrum_storage.embedded.servers import Servers
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import MEMORY, Store, open_store
from tests.adapters.ollama_server import OllamaServer, an_ollama, letters, never
from tests.builders import SHOP
from tests.domain.memory.examples import episode
from tests.events.waiting import until
from tests.requirements import requirement
from tests.server.commands import scrum_mcp
from tests.storage.memories import remember_well
from tests.tools.database import rows

MODEL = "nomic-embed-text"
COUNT = 2 * BATCH + 5


@pytest.fixture
def ollama() -> Iterator[OllamaServer]:
    with an_ollama() as started:
        started.models = (f"{MODEL}:latest",)
        yield started


@pytest.fixture
async def memory(database: str) -> AsyncGenerator[Store[MemoryWork]]:
    """With more episodes than two batches hold, and their vectors of the built-in model."""
    async with open_store(database, MEMORY) as store:
        await remember_well(store, *(episode(n, text=f"Number {n}") for n in range(COUNT)))
        yield store


@pytest.fixture
def given(servers: Servers, database: str, ollama: OllamaServer) -> dict[str, str]:
    return {
        "SCRUM_DATABASE_URL": database,
        "SCRUM_REDIS_URL": servers.redis,
        "SCRUM_EMBEDDER": "ollama",
        "SCRUM_OLLAMA_URL": ollama.url,
    }


async def made(database: str) -> int:
    return len(await rows(database, f"SELECT plan FROM memory.vectors WHERE model = 'ollama/{MODEL}'"))  # noqa: S608


async def killed_after(count: int, database: str, given: Mapping[str, str]) -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith("SCRUM_")}
    command = Path(sys.executable).with_name("scrum-mcp")
    process = await asyncio.create_subprocess_exec(
        command, "reembed", env={**known, **given}, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
    )

    async def so_many() -> bool:
        return await made(database) == count

    await until(so_many)
    process.kill()
    await process.wait()


async def searched(memory: Store[MemoryWork], ollama: OllamaServer, seconds: float = 30) -> Recalled:
    query = Query(Context(text="Number 7"), where=Where(SHOP))
    async with aclosing(OllamaEmbedder(Ollama(ollama.url, MODEL, seconds))) as embedder:
        return await search_episodes(memory.start, query, [embedder, BuiltIn()])


@requirement("memory.vectors", "memory.fallback")
async def test_it_is_killed_and_begun_again_while_search_goes_on_with_what_is_complete(
    memory: Store[MemoryWork], database: str, given: dict[str, str], ollama: OllamaServer
) -> None:
    batches = iter([1, BATCH])

    async def then_hangs(request: Request) -> Response:
        texts = ollama.asked[-1].body["input"]
        if next(batches, None) is None:
            return await never(request)
        return JSONResponse({"embeddings": [letters(text) for text in texts]})

    ollama.vectors = then_hangs
    await killed_after(BATCH, database, given)
    ollama.vectors = None
    during = await searched(memory, ollama)
    answer = await scrum_mcp("reembed", **given)
    after = await searched(memory, ollama)

    assert (answer.status, await made(database)) == (0, COUNT), answer.err
    assert f"ollama/{MODEL}, 27 dimensions: {COUNT - BATCH} episodes lack a vector" in answer.err
    assert f"{COUNT - BATCH}/{COUNT - BATCH}" in answer.err
    assert during.found.compared == ("meaning (built-in-1)", "words")
    assert "Not every episode has a vector of ollama/nomic-embed-text yet" in during.notes[0]
    assert after.found.compared == (f"meaning (ollama/{MODEL})", "words")
    assert (after.pending, after.notes) == (0, ())


@requirement("memory.fallback")
async def test_without_ollama_it_says_so_and_search_goes_on(
    memory: Store[MemoryWork], given: dict[str, str], ollama: OllamaServer
) -> None:
    ollama.models = ()

    answer = await scrum_mcp("reembed", **given)
    found = await searched(memory, ollama)

    assert answer.status == 1
    assert f"ollama pull {MODEL}" in answer.err
    assert found.found.compared == ("meaning (built-in-1)", "words")
    assert "ollama pull" in found.notes[0]


@requirement("memory.fallback")
async def test_with_no_model_at_all_words_and_numbers_are_compared(
    memory: Store[MemoryWork], ollama: OllamaServer
) -> None:
    ollama.models = ()
    query = Query(Context(text="Number 7"), where=Where(SHOP))
    async with aclosing(OllamaEmbedder(Ollama(ollama.url, MODEL, 30))) as embedder:
        recalled = await search_episodes(memory.start, query, [embedder])

    assert recalled.found.hits[0].episode.context.text == "Number 7"
    assert recalled.found.compared == ("words",)
    assert recalled.notes[-1] == "Episodes are compared by words and numbers, and not by meaning."


@requirement("memory.fallback")
async def test_while_ollama_is_late_the_built_in_model_is_searched(
    memory: Store[MemoryWork], given: dict[str, str], ollama: OllamaServer
) -> None:
    assert (await scrum_mcp("reembed", **given)).status == 0
    ollama.vectors = never

    recalled = await searched(memory, ollama, 0.2)

    assert recalled.found.compared == ("meaning (built-in-1)", "words")
    assert "it gave no answer within 0.2 s" in recalled.notes[0]
