"""Redis: the client that all share, and how it is asked."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, cast

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from scrum.errors import Unavailable

_PATIENCE = 5.0
"""Seconds in which Redis has to answer, beyond those that it was asked to wait."""


class RedisUnavailable(Unavailable):
    def __init__(self, words: str) -> None:
        super().__init__(
            f"Redis cannot be used: {words.rstrip('.')}. Check SCRUM_REDIS_URL, or run `scrum-mcp doctor`."
        )


class Gone(RedisUnavailable):
    """The stream, its epoch or one of its groups is not there: it can be made."""


@asynccontextmanager
async def connect(url: str) -> AsyncGenerator[Redis]:
    """A client that connects when it is first asked, and again when it has to.

    It never repeats what failed: whoever asked has to know, because Redis may have done it. It has no timeouts:
    they are those of `Wire`, which knows how long an answer may take.

    Raises:
        RedisUnavailable: the URL has options that cannot be.
    """
    pool = _pool(url)
    try:
        yield Redis(connection_pool=pool)
    finally:
        await pool.aclose()


async def ping(url: str) -> str:
    """The version of the server.

    Raises:
        RedisUnavailable.
    """
    async with connect(url) as client:
        return await version(client)


async def version(client: Redis) -> str:
    """Raises RedisUnavailable."""
    return facts(await Wire(client).ask("INFO", "server"))["redis_version"]


def facts(info: bytes) -> dict[str, str]:
    """What INFO says."""
    pairs = (line.partition(":") for line in info.decode().splitlines())
    return {name: value for name, _, value in pairs}


class _Pipeline(Protocol):
    def execute_command(self, *command: Any) -> Any: ...

    async def execute(self, raise_on_error: bool) -> list[Any]: ...


class _Client(Protocol):
    response_callbacks: dict[str, Any]

    async def execute_command(self, *command: Any) -> Any: ...

    def pipeline(self, transaction: bool) -> AbstractAsyncContextManager[_Pipeline]: ...


class Wire:
    """Asks Redis, and hands on what it answers in RESP2, whichever version of the library is installed.

    A call that ends early, cancelled or too late, closes its connection: nobody reads the answer of another.
    """

    def __init__(self, client: Redis) -> None:
        self._client = cast("_Client", Redis(connection_pool=client.connection_pool))
        self._client.response_callbacks.clear()

    async def ask(self, *command: Any, wait: float = 0.0) -> Any:
        """`wait`: seconds that Redis was asked to wait, on a connection that nobody else uses meanwhile.

        Raises:
            Gone, RedisUnavailable.
        """
        async with _translated(wait + _PATIENCE):
            return await self._client.execute_command(*command)

    async def ask_at_once(self, commands: Iterable[tuple[Any, ...]]) -> list[Any]:
        """In one transaction: nobody else's command comes in between.

        Raises:
            Gone, RedisUnavailable: Redis did not do all of them; it may have done some.
        """
        async with _translated(_PATIENCE), self._client.pipeline(transaction=False) as pipeline:
            for command in (("MULTI",), *commands, ("EXEC",)):
                pipeline.execute_command(*command)
            *queued, done = await pipeline.execute(raise_on_error=False)
            return _without_errors(queued, done)


def _pool(url: str) -> ConnectionPool:
    try:
        options: dict[str, Any] = {
            **parse_url(url),
            "protocol": 2,
            "decode_responses": False,
            "socket_timeout": None,
            "retry": Retry(NoBackoff(), 0),
        }
        pool = ConnectionPool(**options)
        pool.connection_class(**pool.connection_kwargs)
    except (TypeError, ValueError) as error:
        raise RedisUnavailable(str(error)) from error
    return pool


def _without_errors(queued: list[Any], done: Any) -> list[Any]:
    """What the transaction did; the first refusal says why it did nothing, or not all."""
    for answer in (*queued, done):
        if isinstance(answer, RedisError):
            raise answer
    answers: list[Any] = done
    for answer in answers:
        if isinstance(answer, RedisError):
            raise answer
    return answers


@asynccontextmanager
async def _translated(seconds: float) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except ResponseError as error:
        words = str(error)
        kind = (
            Gone
            if any(sign in words for sign in ("NOGROUP", "UNBLOCKED", "no such key"))
            else RedisUnavailable
        )
        raise kind(words) from error
    except (RedisError, OSError) as error:
        raise RedisUnavailable(str(error) or "it does not answer in time") from error
