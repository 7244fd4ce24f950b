"""Ollama among the parts of a server: seen by the doctor, and needed by nobody."""

from pathlib import Path

import httpx2 as httpx
import pytest

from scrum_server.checks.check import Check, Mark
from scrum_server.doctor import checks
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import BadSettings, read_settings
from scrum_storage.embedded.servers import Servers
from tests.adapters.ollama_server import MODEL, an_ollama
from tests.tools.agent import environment
from tests.tools.processes import http_server

NOBODY = "http://127.0.0.1:9"


async def seen(home: Path, url: str) -> Check:
    settings = read_settings({"SCRUM_HOME": str(home), "SCRUM_PORT": "0", "SCRUM_OLLAMA_URL": url})
    return next(check for check in await checks(settings) if check.about == "Ollama")


async def test_the_doctor_finds_the_model_or_says_what_brings_it(tmp_path: Path) -> None:
    with an_ollama() as ollama:
        there = await seen(tmp_path, ollama.url)
        ollama.models = ["mistral:7b"]
        missing = await seen(tmp_path, ollama.url)

    assert (there.mark, there.detail) == (Mark.OK, f"has {MODEL}")
    assert missing.mark is Mark.NOTE
    assert f"Run `ollama pull {MODEL}`" in missing.detail


async def test_the_doctor_says_when_nobody_answers(tmp_path: Path) -> None:
    check = await seen(tmp_path, NOBODY)

    assert check.mark is Mark.NOTE
    assert "SCRUM_OLLAMA_URL" in check.detail


async def test_the_doctor_finds_the_embedding_model_or_says_what_brings_it(tmp_path: Path) -> None:
    given = {"SCRUM_HOME": str(tmp_path), "SCRUM_PORT": "0", "SCRUM_EMBEDDER": "ollama"}
    with an_ollama() as ollama:
        settings = read_settings({**given, "SCRUM_OLLAMA_URL": ollama.url})
        missing = next(check for check in await checks(settings) if check.about == "embeddings")
        ollama.models = ["nomic-embed-text:latest"]
        there = next(check for check in await checks(settings) if check.about == "embeddings")

    assert missing.mark is Mark.NOTE
    assert "set SCRUM_EMBEDDING_MODEL to one it has" in missing.detail
    assert (there.mark, there.detail) == (Mark.OK, "Ollama has nomic-embed-text")


async def test_the_health_says_that_the_embedding_model_is_away(servers: Servers, database: str) -> None:
    settings = environment(servers, database, SCRUM_OLLAMA_URL=NOBODY, SCRUM_EMBEDDER="ollama")
    runtime = ServerRuntime(read_settings(settings))
    async with runtime.running():
        parts = {part.name: part for part in await runtime.health()}

    assert not parts["embeddings"].ok
    assert "Until then episodes are searched by the built-in model" in parts["embeddings"].detail


def test_an_embedder_that_nobody_can_reach_is_refused() -> None:
    with pytest.raises(BadSettings, match=r"^SCRUM_EMBEDDER is ollama, so SCRUM_OLLAMA_URL has to say where"):
        read_settings({"SCRUM_EMBEDDER": "ollama"})


async def test_a_server_is_ready_without_it(servers: Servers, database: str) -> None:
    settings = environment(servers, database, SCRUM_OLLAMA_URL=NOBODY)
    async with http_server(settings) as url, httpx.AsyncClient() as http:
        ready = await http.get(url.replace("/mcp", "/health/ready"))

    assert ready.status_code == 200
    assert list(ready.json()["parts"]) == ["postgresql", "redis"]


@pytest.mark.parametrize(
    "url",
    [
        "localhost:11434",
        "ftp://localhost",
        "http://",
        "http://ana:tiger@localhost",
        "http://localhost:port",
        "http://localhost?key=tiger",
    ],
)
def test_an_address_that_cannot_be_one_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadSettings, match=r"^SCRUM_OLLAMA_URL: .*") as refused:
        read_settings({"SCRUM_OLLAMA_URL": url})

    assert "tiger" not in str(refused.value)
    assert "localhost" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SCRUM_OLLAMA_SECONDS", "0"), ("SCRUM_OLLAMA_SECONDS", "61"), ("SCRUM_OLLAMA_MODEL", "two words")],
)
def test_a_value_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"^{name}: "):
        read_settings({name: value})


def test_it_is_off_until_it_has_an_address() -> None:
    settings = read_settings({})

    assert (settings.ollama, settings.ollama_model, settings.ollama_seconds) == (None, MODEL, 8)
    assert read_settings({"SCRUM_OLLAMA_URL": "https://models.local:11434"}).ollama == (
        "https://models.local:11434"
    )
