"""Several at a time."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Lanes(Generic[T]):
    """At most so many beside each other. When it is closed, those that still run are cancelled."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._running: dict[asyncio.Task[T], str] = {}
        self._errors: list[BaseException] = []

    @property
    def free(self) -> int:
        """None once one has raised: then the others end."""
        return 0 if self._errors else self._most - len(self._running)

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def names(self) -> Collection[str]:
        """Of those that run."""
        return self._running.values()

    def begin(self, work: Coroutine[Any, Any, T], name: str = "") -> None:
        self._running[asyncio.ensure_future(work)] = name

    async def ended(self) -> list[T]:
        """What came of those that ended meanwhile, at least of one; nothing where none runs.

        Raises:
            What the first of them raised, once none runs.
        """
        while self._running:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            if found := self._over():
                return found
        self._fail()
        return []

    async def meanwhile(self, seconds: float, *bells: asyncio.Event) -> list[T]:
        """The same, but waits no longer than that, nor after one of the bells rang: it may be nothing.

        Raises:
            As `ended`.
        """
        if not self._running:
            self._fail()
        rung = [asyncio.ensure_future(bell.wait()) for bell in bells]
        try:
            if waited := (*self._running, *rung):
                await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in rung:
                one.cancel()
            await asyncio.gather(*rung, return_exceptions=True)
        return self._over()

    async def aclose(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _over(self) -> list[T]:
        over = [task for task in self._running if task.done()]
        for task in over:
            del self._running[task]
        self._errors += [error for task in over if (error := task.exception())]
        return [task.result() for task in over if not task.exception()]

    def _fail(self) -> None:
        if self._errors:
            raise self._errors[0]
