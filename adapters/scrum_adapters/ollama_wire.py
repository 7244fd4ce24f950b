"""Ollama through its own library, whose failures are told in our words."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from httpx import HTTPError
from ollama import AsyncClient, ResponseError

from scrum.text import quoted
from scrum_adapters.ollama import ModelMissing, Nonsense, OllamaUnavailable

_SEED = 1
_MOST_TOKENS = 600


class Wire:
    """It takes nothing from the environment but OLLAMA_API_KEY, which the library sends where it is set."""

    def __init__(self, url: str) -> None:
        self._client = AsyncClient(host=url, follow_redirects=False, trust_env=False)

    async def chat(self, model: str, task: str, facts: str, schema: dict[str, Any]) -> str:
        """JSON that should fit the schema.

        Raises:
            OllamaUnavailable.
        """
        async with _translated(model):
            answer = await self._client.chat(  # pyright: ignore[reportUnknownMemberType] # its tools are untyped
                model,
                [{"role": "system", "content": task}, {"role": "user", "content": facts}],
                format=schema,
                options={"temperature": 0, "seed": _SEED, "num_predict": _MOST_TOKENS},
                think=False,
            )
        return answer.message.content or ""

    async def embed(self, model: str, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """What is longer than the model can read is cut.

        Raises:
            OllamaUnavailable.
        """
        async with _translated(model):
            return (await self._client.embed(model, list(texts), truncate=True)).embeddings

    async def models(self) -> set[str]:
        """Names with their tags. Raises OllamaUnavailable."""
        async with _translated(""):
            return {one.model for one in (await self._client.list()).models if one.model}

    async def aclose(self) -> None:
        await self._client.close()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def _translated(model: str) -> AsyncGenerator[None]:
    """The library takes whatever comes for Ollama's JSON, and fails on the rest in many ways."""
    try:
        yield
    except ResponseError as error:
        said = str(error.error)
        if model and model in said and "not found" in said:
            raise ModelMissing(model) from error
        raise OllamaUnavailable(f"it answered {error.status_code} {quoted(said, 200)}") from error
    except (HTTPError, OSError) as error:
        raise OllamaUnavailable(f"it cannot be reached ({type(error).__name__})") from error
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise Nonsense(error) from error
