"""Embeddings of Ollama: asked as its description says, and refused where they cannot be compared."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, asynccontextmanager

import pytest

from scrum.memory.embedding import Embedding, Model, NotAVector, WrongDimensions
from scrum.memory.model import Context
from scrum_adapters.embedding import OllamaEmbedder
from scrum_adapters.ollama import Late, ModelMissing, Nonsense, Ollama, OllamaUnavailable, Resting
from tests.adapters.ollama_server import OllamaServer, an_ollama, letters, never, sends
from tests.domain.memory.examples import NUMBERS

MODEL = "nomic-embed-text"
PAY = Context("Pay by card", "Terminal", ("shop",), NUMBERS)


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with an_ollama() as started:
        started.models = (f"{MODEL}:latest",)
        yield started


@asynccontextmanager
async def an_embedder(server: OllamaServer, seconds: float = 30.0) -> AsyncGenerator[OllamaEmbedder]:
    async with aclosing(OllamaEmbedder(Ollama(server.url, MODEL, seconds))) as embedder:
        yield embedder


async def test_each_situation_gets_the_vector_of_its_words_in_their_order(server: OllamaServer) -> None:
    async with an_embedder(server) as embedder:
        model = await embedder.model()
        made = await embedder.embed([PAY, Context("Search")])

    assert model == Model(f"ollama/{MODEL}", 27)
    assert made == [Embedding.of(model, letters(PAY.wording)), Embedding.of(model, letters("Search"))]
    assert "availability 0.8" in PAY.wording


async def test_the_dimensions_are_asked_of_the_model_once(server: OllamaServer) -> None:
    async with an_embedder(server) as embedder:
        await embedder.embed([PAY])
        await embedder.embed([PAY])

    assert [asked.path for asked in server.asked] == ["/api/embed"] * 3
    assert [len(asked.body["input"]) for asked in server.asked] == [1, 1, 1]


async def test_vectors_of_another_length_than_at_first_are_refused(server: OllamaServer) -> None:
    async with an_embedder(server) as embedder:
        await embedder.model()
        server.vectors = sends({"embeddings": [[1.0, 0.0]]})
        with pytest.raises(WrongDimensions, match="have 27 dimensions, and this one has 2"):
            await embedder.embed([PAY])


async def test_a_vector_of_zeros_is_refused(server: OllamaServer) -> None:
    async with an_embedder(server) as embedder:
        await embedder.model()
        server.vectors = sends({"embeddings": [[0.0] * 27]})
        with pytest.raises(NotAVector):
            await embedder.embed([PAY])


@pytest.mark.parametrize(
    "body", [{"embeddings": []}, {"embeddings": [[1.0], [2.0]]}, {"embeddings": "none"}, {}, []]
)
async def test_an_answer_that_is_no_vector_for_each_is_nonsense(server: OllamaServer, body: object) -> None:
    server.vectors = sends(body)
    async with an_embedder(server) as embedder:
        with pytest.raises(Nonsense):
            await embedder.embed([PAY])


async def test_a_model_that_is_not_there_names_the_setting_that_chose_it(server: OllamaServer) -> None:
    server.models = ()
    async with an_embedder(server) as embedder:
        with pytest.raises(ModelMissing, match=f"ollama pull {MODEL}.*SCRUM_EMBEDDING_MODEL"):
            await embedder.model()


async def test_it_is_late_and_then_left_alone(server: OllamaServer) -> None:
    server.vectors = never
    async with an_embedder(server, 0.2) as embedder:
        for error in (Late, Late, Late, Resting):
            with pytest.raises(OllamaUnavailable) as raised:
                await embedder.model()
            assert type(raised.value) is error
