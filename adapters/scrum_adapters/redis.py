"""Redis: whether it is there."""

from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from scrum.errors import Unavailable

_PATIENCE = 5.0


def _client(url: str) -> Redis:
    return Redis.from_url(  # pyright: ignore[reportUnknownMemberType] # redis leaves keyword arguments untyped
        url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE
    )


class RedisUnavailable(Unavailable):
    def __init__(self, error: Exception) -> None:
        super().__init__(f"Redis does not answer: {error}. Check SCRUM_REDIS_URL, or run `scrum-mcp doctor`.")


async def ping(url: str) -> str:
    """The version of the server.

    Raises:
        RedisUnavailable.
    """
    try:
        async with _client(url) as client:
            info: dict[str, Any] = await client.info("server")  # pyright: ignore[reportUnknownMemberType] # as below
    except (RedisError, OSError) as error:
        raise RedisUnavailable(error) from error
    return str(info["redis_version"])
