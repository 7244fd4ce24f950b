"""Redis: whether it is there."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from scrum.errors import Unavailable

_PATIENCE = 5.0


class RedisUnavailable(Unavailable):
    def __init__(self, error: Exception) -> None:
        super().__init__(f"Redis does not answer: {error}. Check SCRUM_REDIS_URL, or run `scrum-mcp doctor`.")


async def ping(url: str) -> str:
    """The version of the server.

    Raises:
        RedisUnavailable.
    """
    try:
        async with Redis.from_url(url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE) as client:
            info = await client.info("server")
    except (RedisError, OSError, ValueError) as error:
        raise RedisUnavailable(error) from error
    return str(info["redis_version"])
