"""A stand-in for Ollama: it speaks its HTTP API, and says what a test wants."""

import json
import socket
import string
import threading
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
import yaml
from jsonschema import Draft202012Validator, validate
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MODEL = "llama3.2"
SPECIFICATION = Path(__file__).parents[2] / "../shared/specs/ollama.yaml"

Reply = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    body: Any

    @property
    def told(self) -> Sequence[str]:
        """The messages of a chat."""
        return [message["content"] for message in self.body["messages"]]


@dataclass
class OllamaServer:
    """`replies` are used in turn, the last one for good."""

    url: str
    models: Sequence[str] = (f"{MODEL}:latest",)
    replies: list[Reply] = field(default_factory=list[Reply])
    asked: list[Asked] = field(default_factory=list[Asked])
    vectors: Reply | None = None

    async def chat(self, request: Request) -> Response:
        body = await self._heard(request)
        if not {body["model"], f"{body['model']}:latest"} & set(self.models):
            return error(404, f'model "{body["model"]}" not found, try pulling it first')
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return await reply(request)

    async def tags(self, request: Request) -> Response:
        await self._heard(request)
        return JSONResponse({"models": [{"name": name, "model": name} for name in self.models]})

    async def embed(self, request: Request) -> Response:
        """Vectors of so many letters, unless a reply was set for them."""
        body = await self._heard(request)
        if not {body["model"], f"{body['model']}:latest"} & set(self.models):
            return error(404, f'model "{body["model"]}" not found, try pulling it first')
        if self.vectors:
            return await self.vectors(request)
        return JSONResponse({"model": body["model"], "embeddings": [letters(text) for text in body["input"]]})

    async def _heard(self, request: Request) -> Any:
        raw = await request.body()
        self.asked.append(Asked(request.method, request.url.path, json.loads(raw) if raw else None))
        return self.asked[-1].body


def letters(text: str) -> list[float]:
    """How often each is there, and one more."""
    return [1.0, *(float(text.lower().count(letter)) for letter in string.ascii_lowercase)]


def says(text: str) -> Reply:
    """What a model says that keeps to the schema."""
    return answers({"text": text})


def answers(content: object) -> Reply:
    """A chat with this JSON as its message."""
    return sends(
        {"model": MODEL, "message": {"role": "assistant", "content": json.dumps(content)}, "done": True}
    )


def sends(body: object, status: int = 200) -> Reply:
    async def reply(_: Request) -> Response:
        return JSONResponse(body, status_code=status)

    return reply


def sends_text(body: str, status: int = 200) -> Reply:
    async def reply(_: Request) -> Response:
        return Response(body, status_code=status, media_type="text/html")

    return reply


async def never(request: Request) -> Response:
    """Answers when whoever asked is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()


async def moved(_: Request) -> Response:
    """To where it is already."""
    return Response(status_code=307, headers={"location": "/api/chat"})


def error(status: int, text: str) -> Response:
    return JSONResponse({"error": text}, status_code=status)


@contextmanager
def an_ollama() -> Generator[OllamaServer]:
    """Of a thread of its own; what it was asked is compared with Ollama's description, where that is."""
    listening = socket.create_server(("127.0.0.1", 0))
    stand_in = OllamaServer(f"http://127.0.0.1:{listening.getsockname()[1]}")
    routes = [
        Route("/api/chat", stand_in.chat, methods=["POST"]),
        Route("/api/embed", stand_in.embed, methods=["POST"]),
        Route("/api/tags", stand_in.tags, methods=["GET"]),
    ]
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=routes), log_config=None, ws="none", lifespan="off")
    )
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield stand_in
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
    if SPECIFICATION.is_file():
        described = yaml.load(SPECIFICATION.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for asked in stand_in.asked:
            check(described, asked)


def check(described: Mapping[str, Any], asked: Asked) -> None:
    """Raises ValidationError, or KeyError where nobody may ask this."""
    operation = described["paths"][asked.path][asked.method.lower()]
    if "requestBody" not in operation:
        assert asked.body is None
        return
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    validate(asked.body, {**schema, "components": described["components"]}, Draft202012Validator)
