"""Ollama: asked as its description says, in time or not at all."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
import yaml
from jsonschema import ValidationError

from scrum_adapters.ollama import Late, ModelMissing, Nonsense, Ollama, OllamaUnavailable, Resting
from tests.adapters.ollama_server import (
    MODEL,
    SPECIFICATION,
    Asked,
    OllamaServer,
    Reply,
    an_ollama,
    answers,
    check,
    moved,
    never,
    says,
    sends,
    sends_text,
)

TASK, FACTS = "Say it well.", "42 points."
SOON, PATIENT = 0.2, 30.0
AT_ONCE = 1e-9
"""Seconds of a pause that is over when it begins."""
OUT_OF_ORDER = sends({"error": "out of order"}, 500)


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with an_ollama() as started:
        yield started


@asynccontextmanager
async def a_model(server: OllamaServer, seconds: float = PATIENT, **breaker: Any) -> AsyncGenerator[Ollama]:
    async with aclosing(Ollama(server.url, MODEL, seconds, **breaker)) as model:
        yield model


async def failed(model: Ollama) -> OllamaUnavailable:
    with pytest.raises(OllamaUnavailable) as error:
        await model.worded(TASK, FACTS)
    return error.value


async def test_a_text_comes_back_as_the_model_worded_it(server: OllamaServer) -> None:
    server.replies = [says("They commit to 42 points.")]
    async with a_model(server) as model:
        assert await model.worded(TASK, FACTS) == "They commit to 42 points."


async def test_it_is_asked_for_one_repeatable_answer_that_fits_a_schema(server: OllamaServer) -> None:
    server.replies = [says("Good.")]
    async with a_model(server) as model:
        await model.worded(TASK, FACTS)

    (asked,) = server.asked
    assert asked.told == [TASK, FACTS]
    assert asked.body["format"]["required"] == ["text"]
    assert (asked.body["stream"], asked.body["think"]) == (False, False)
    assert (asked.body["options"]["temperature"], asked.body["options"]["seed"]) == (0, 1)


@pytest.mark.parametrize(
    ("reply", "kind", "told"),
    [
        (OUT_OF_ORDER, OllamaUnavailable, "answered 500 'out of order'"),
        (sends([], 500), OllamaUnavailable, "not what was asked for"),
        (sends({"error": {"code": 1}}, 500), OllamaUnavailable, "answered 500"),
        (sends_text("<html>"), Nonsense, "not what was asked for"),
        (sends_text("", 302), OllamaUnavailable, "answered 302"),
        (sends([]), Nonsense, "not what was asked for"),
        (sends({"done": True}), Nonsense, "not what was asked for"),
        (sends_text("[" * 100_000), Nonsense, "not what was asked for"),
        (answers({"words": "Good."}), Nonsense, "words"),
        (answers("Good."), Nonsense, "Good."),
        (answers({"text": 7}), Nonsense, "7"),
    ],
)  # fmt: skip
async def test_any_other_answer_is_a_failure_that_says_what_came(
    server: OllamaServer, reply: Reply, kind: type[Exception], told: str
) -> None:
    server.replies = [reply]
    async with a_model(server) as model:
        error = await failed(model)

    assert isinstance(error, kind)
    assert told in str(error)


async def test_it_goes_nowhere_else(server: OllamaServer) -> None:
    server.replies = [moved, says("Good.")]
    async with a_model(server) as model:
        assert "answered 307" in str(await failed(model))


async def test_a_late_answer_is_not_waited_for(server: OllamaServer) -> None:
    server.replies = [never]
    async with a_model(server, SOON) as model:
        error = await failed(model)

    assert isinstance(error, Late)
    assert "within 0.2 s. Give it more with SCRUM_OLLAMA_SECONDS" in str(error)


async def test_where_nobody_listens_it_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with aclosing(Ollama(url, MODEL, PATIENT)) as model:
        assert "cannot be reached" in str(await failed(model))
        with pytest.raises(OllamaUnavailable, match="cannot be reached"):
            await model.look()


async def test_a_model_that_is_missing_is_told_with_what_brings_it(server: OllamaServer) -> None:
    server.models = ["mistral:7b"]
    async with a_model(server) as model:
        error = await failed(model)
        with pytest.raises(ModelMissing):
            await model.look()

    assert isinstance(error, ModelMissing)
    assert f"Run `ollama pull {MODEL}`" in str(error)


@pytest.mark.parametrize("models", [[MODEL], ["mistral:7b", f"{MODEL}:latest"]])
async def test_a_look_finds_the_model_with_its_tag_or_without(
    server: OllamaServer, models: list[str]
) -> None:
    server.models = models
    async with a_model(server) as model:
        await model.look()

    assert [(asked.method, asked.path) for asked in server.asked] == [("GET", "/api/tags")]


async def test_after_failures_in_a_row_it_is_left_alone(server: OllamaServer) -> None:
    server.replies = [OUT_OF_ORDER]
    async with a_model(server, failures=2, pause=3_600) as model:
        errors = [await failed(model) for _ in range(4)]
        with pytest.raises(Resting):
            await model.look()

    assert [isinstance(error, Resting) for error in errors] == [False, False, True, True]
    assert "out of order" in str(errors[-1])
    assert len(server.asked) == 2


async def test_after_a_pause_it_is_asked_again_and_one_answer_is_enough(server: OllamaServer) -> None:
    server.replies = [OUT_OF_ORDER, OUT_OF_ORDER, OUT_OF_ORDER, says("Good."), OUT_OF_ORDER, says("Well.")]
    async with a_model(server, failures=2, pause=AT_ONCE) as model:
        for _ in range(3):
            await failed(model)
        assert await model.worded(TASK, FACTS) == "Good."
        assert not isinstance(await failed(model), Resting)
        assert await model.worded(TASK, FACTS) == "Well."


async def test_callers_who_give_up_count_as_failures(server: OllamaServer) -> None:
    server.replies = [never]
    async with a_model(server, failures=2, pause=3_600) as model:
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(SOON):
                    await model.worded(TASK, FACTS)

        assert "nobody waited for its answer" in str(await failed(model))


async def test_of_failures_in_a_row_one_is_logged(
    server: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.replies = [OUT_OF_ORDER, OUT_OF_ORDER, says("Good."), OUT_OF_ORDER]
    async with a_model(server) as model:
        await failed(model)
        await failed(model)
        await model.worded(TASK, FACTS)
        await failed(model)

    ours = [record for record in caplog.records if record.name == "scrum_adapters.ollama"]
    assert [record.levelno for record in ours] == [logging.WARNING, logging.WARNING]
    assert "out of order" in ours[0].getMessage()


def test_nothing_of_its_library_is_loaded_before_the_first_question() -> None:
    assert output("print({'ollama', 'httpx'} & set(sys.modules))") == "set()\n"


def test_proxies_of_the_environment_are_not_used(server: OllamaServer) -> None:
    server.replies = [says("Good.")]

    assert output("print(asyncio.run(tried()))", server.url, HTTP_PROXY="http://127.0.0.1:9") == "Good.\n"


def test_an_environment_that_breaks_its_library_is_told() -> None:
    told = output("print(asyncio.run(tried()))", OLLAMA_HOST="http://here:there")

    assert "its library does not load" in told
    assert "OLLAMA_HOST" in told


@pytest.mark.parametrize(
    "asked",
    [
        Asked("POST", "/api/talk", {}),
        Asked("PUT", "/api/chat", {}),
        Asked("POST", "/api/chat", {"model": MODEL}),
        Asked("POST", "/api/chat", {"model": MODEL, "messages": [{"role": "boss", "content": "Go"}]}),
        Asked("POST", "/api/chat", {"model": MODEL, "messages": [], "options": {"seed": "1"}}),
    ],
)
@pytest.mark.skipif(not SPECIFICATION.is_file(), reason="needs the description in ../shared/specs")
def test_a_request_that_ollama_would_not_take_is_seen(asked: Asked) -> None:
    described = yaml.load(SPECIFICATION.read_text(encoding="utf-8"), yaml.CSafeLoader)

    with pytest.raises((ValidationError, KeyError)):
        check(described, asked)


_PROGRAM = """
import asyncio, sys
from scrum_adapters.ollama import Ollama, OllamaUnavailable
model = Ollama(sys.argv[1], "llama3.2", 30)
async def tried():
    try:
        return await model.worded("Say it.", "42")
    except OllamaUnavailable as error:
        return error
    finally:
        await model.aclose()
"""


def output(program: str, url: str = "http://127.0.0.1:9", **variables: str) -> str:
    """Of another process, once it has a model."""
    run = [sys.executable, "-c", f"{_PROGRAM}{program}", url]
    done = subprocess.run(run, env={**os.environ, **variables}, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    return done.stdout
