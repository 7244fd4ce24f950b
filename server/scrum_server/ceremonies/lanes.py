"""Several at a time."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, Generic, TypeVar

from scrum_server.beside import AGAIN, cancelled

T = TypeVar("T")


class Lanes(Generic[T]):
    """At most so many beside each other. When it is closed, those that still run are cancelled.

    They are again after `again` seconds: more than they take to end.
    """

    def __init__(self, most: int, again: float = AGAIN) -> None:
        self._most = most
        self._again = again
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
            await cancelled(*rung)
        return self._over()

    async def aclose(self) -> None:
        """Each had its first step: before, it could not give back what it was begun with."""
        try:
            await asyncio.sleep(0)
        finally:
            await cancelled(*self._running, again=self._again)

    def _over(self) -> list[T]:
        over = [task for task in self._running if task.done()]
        for task in over:
            del self._running[task]
        self._errors += [error for task in over if (error := task.exception())]
        return [task.result() for task in over if not task.exception()]

    def _fail(self) -> None:
        if self._errors:
            raise self._errors[0]
