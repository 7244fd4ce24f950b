"""The unit of work: one use case, one transaction."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from scrum.deliveries import Delivery
from scrum.errors import Conflict
from scrum.events import Event

T = TypeVar("T")
_TIMES = 3


class Work(Protocol):
    def publish(self, *events: Event, cause: Delivery | None = None) -> None:
        """Hand over events; they are stored in the same commit as the state.

        What a delivery caused shares its correlation.
        """
        ...

    async def commit(self) -> None: ...


W_co = TypeVar("W_co", bound=Work, covariant=True)


class Start(Protocol[W_co]):
    """Opens a unit of work. Leaving it without a commit rolls everything back."""

    def __call__(self) -> AbstractAsyncContextManager[W_co]: ...


async def insisting(once: Callable[[], Awaitable[T]]) -> T:
    """Repeat it where somebody else was faster.

    Raises:
        Conflict: again and again.
    """
    for _ in range(_TIMES - 1):
        try:
            return await once()
        except Conflict:
            continue
    return await once()
