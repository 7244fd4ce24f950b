"""Ollama: a language model, asked within a deadline, and left alone for a while after failures.

OllamaUnavailable
├── Late           it gives no answer in time
├── Resting        it failed before, and is not asked for a while
├── ModelMissing   it does not have the model
└── Nonsense       what it answers is not what was asked for
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from circuitbreaker import CircuitBreaker  # type: ignore[import-untyped] # it says so in no file
from pydantic import BaseModel, ValidationError

from scrum.errors import Unavailable
from scrum.strategies.ports import Suggestion
from scrum.text import quoted

if TYPE_CHECKING:
    from scrum_adapters.ollama_wire import Wire

_LOOK = 2.0
"""Seconds for a look at what it has."""

log = logging.getLogger(__name__)
A = TypeVar("A", bound=BaseModel)
T = TypeVar("T")


class OllamaUnavailable(Unavailable):
    def __init__(self, words: str, hint: str = "Check SCRUM_OLLAMA_URL, or run `scrum-mcp doctor`.") -> None:
        super().__init__(f"Ollama cannot be used: {words.rstrip('.')}. {hint}".rstrip())


class Late(OllamaUnavailable):
    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"it gave no answer within {seconds:g} s",
            "Give it more with SCRUM_OLLAMA_SECONDS, or choose a smaller model with SCRUM_OLLAMA_MODEL.",
        )


class Resting(OllamaUnavailable):
    def __init__(self, last: object) -> None:
        told = str(last) or "nobody waited for its answer"
        super().__init__(
            f"it failed again and again, and is not asked for a while. The last time: {told}", ""
        )


class ModelMissing(OllamaUnavailable):
    def __init__(self, model: str, setting: str = "SCRUM_OLLAMA_MODEL") -> None:
        super().__init__(
            f"it does not have {model}",
            f"Run `ollama pull {model}`, or set {setting} to one it has.",
        )


class Nonsense(OllamaUnavailable):
    def __init__(self, given: object) -> None:
        super().__init__(f"its answer is not what was asked for: {quoted(str(given), 200)}")


class _Wording(BaseModel):
    text: str


class _Rule(BaseModel):
    name: str
    when: str
    effect: str


class _Rules(BaseModel):
    rules: list[_Rule]


class Ollama:
    """One model of one server. Nothing is loaded and nobody is asked before the first question."""

    def __init__(self, url: str, model: str, seconds: float, *, failures: int = 3, pause: float = 60) -> None:
        """`seconds` for an answer; after so many `failures` in a row it is not asked for `pause` seconds."""
        self._url = url
        self._seconds = seconds
        self._opening = asyncio.Lock()
        self._wire: Wire | None = None
        self._away = False
        failed = (OllamaUnavailable, asyncio.CancelledError)  # who leaves early has waited in vain too
        self._breaker = CircuitBreaker(failures, pause, expected_exception=failed, name="ollama")
        self.name = model

    async def worded(self, task: str, facts: str) -> str:
        """Raises OllamaUnavailable."""
        return (await self.answer(task, facts, _Wording)).text

    async def suggested(self, task: str, facts: str) -> list[Suggestion]:
        """Raises OllamaUnavailable."""
        found = await self.answer(task, facts, _Rules)
        return [Suggestion(one.name, one.when, one.effect) for one in found.rules]

    def rejected(self, text: str, why: str) -> None:
        log.info("What %s wrote is not used, because it %s: %s", self.name, why, quoted(text, 1_500))

    async def answer(self, task: str, facts: str, kind: type[A]) -> A:
        """The same for the same question, as far as the model is able to.

        Raises:
            OllamaUnavailable: there is none in time. Of failures in a row the first is logged.
        """
        return await self._watched(self._asked(task, facts, kind))

    async def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One for each, in their order.

        Raises:
            OllamaUnavailable: as `answer`.
        """
        return await self._watched(self._embedded(texts))

    async def _watched(self, asked: Coroutine[Any, Any, T]) -> T:
        try:
            self._check_rested()
            with self._breaker:
                found = await asked
        except OllamaUnavailable as error:
            asked.close()
            if not self._away:
                log.warning("%s Everything goes on without it.", error)
            self._away = True
            raise
        self._away = False
        return found

    async def look(self) -> None:
        """Raises OllamaUnavailable: it could not word anything now."""
        self._check_rested()
        async with self._within(_LOOK) as wire:
            models = await wire.models()
        if not models & {self.name, f"{self.name}:latest"}:
            raise ModelMissing(self.name)

    async def aclose(self) -> None:
        wire, self._wire = self._wire, None
        if wire:
            await wire.aclose()

    async def _asked(self, task: str, facts: str, kind: type[A]) -> A:
        async with self._within(self._seconds) as wire:
            told = await wire.chat(self.name, task, facts, kind.model_json_schema())
        try:
            return kind.model_validate_json(told)
        except ValidationError as error:
            raise Nonsense(told) from error

    async def _embedded(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        async with self._within(self._seconds) as wire:
            found = await wire.embed(self.name, texts)
        if len(found) != len(texts):
            raise Nonsense(f"{len(found)} vectors for {len(texts)} texts")
        return found

    def _check_rested(self) -> None:
        if self._breaker.opened:
            raise Resting(self._breaker.last_failure)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] # as above

    @asynccontextmanager
    async def _within(self, seconds: float) -> AsyncGenerator["Wire"]:
        try:
            async with asyncio.timeout(seconds):
                yield await self._opened()
        except TimeoutError as error:
            raise Late(seconds) from error

    async def _opened(self) -> "Wire":
        async with self._opening:
            if self._wire is None:
                self._wire = await asyncio.to_thread(_wire, self._url)
            return self._wire


def _wire(url: str) -> "Wire":
    """Loads the library, which reads OLLAMA_HOST and proxies as it does so. Raises OllamaUnavailable."""
    try:
        from scrum_adapters.ollama_wire import Wire  # noqa: PLC0415 - it costs a quarter of a second
    except (ImportError, ValueError) as error:
        raise OllamaUnavailable(f"its library does not load: {error}", "Check OLLAMA_HOST.") from error
    return Wire(url)
