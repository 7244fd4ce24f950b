"""What is opened when it is first needed, once for all who need it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from scrum.errors import Unavailable

T = TypeVar("T")

_PAUSE = 1.0
"""Seconds for which a failure is told again instead of tried again."""


class Once(Generic[T]):
    """Of many who ask at once, one opens it; when it fails, all get its error."""

    def __init__(self, open_it: Callable[[], Awaitable[T]]) -> None:
        self._open = open_it
        self._lock = asyncio.Lock()
        self._failure: Unavailable | None = None
        self._failed_at = 0.0
        self.value: T | None = None

    async def get(self) -> T:
        """Raises Unavailable."""
        async with self._lock:
            if self.value is None:
                self.value = await self._try()
            return self.value

    def leave(self) -> T | None:
        """What was open, for who closes it; whoever asks next opens another one."""
        left, self.value = self.value, None
        return left

    async def _try(self) -> T:
        now = asyncio.get_running_loop().time
        if self._failure and now() < self._failed_at + _PAUSE:
            raise self._failure
        try:
            return await self._open()
        except Unavailable as error:
            self._failure, self._failed_at = error, now()
            raise
