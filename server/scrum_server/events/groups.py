"""Who listens to what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from scrum.ceremonies.minutes import MINUTES
from scrum.chronicle.usecases import HISTORY
from scrum.deliveries import Subscription
from scrum.memory.following import following
from scrum.strategies.learning import learn
from scrum_storage.store import CHRONICLE, CORE, MEMORY, Kind
from scrum_storage.work import MessageWork

W = TypeVar("W", bound=MessageWork)


@dataclass(frozen=True)
class Group(Generic[W]):
    """A consumer group: its stable name, the store that its effects go to, and the stores whose events it hears."""

    name: str
    store: Kind[W]
    sources: tuple[Kind[Any], ...]
    subscriptions: tuple[Subscription[W], ...]


GROUPS: tuple[Group[Any], ...] = (
    Group("chronicle", CHRONICLE, (CORE,), (HISTORY, MINUTES)),
    Group("memory", MEMORY, (CORE,), (following(learn),)),
)


def listeners(groups: Iterable[Group[Any]], store: str) -> list[str]:
    """The groups that hear the events of a store."""
    return [group.name for group in groups if store in (source.name for source in group.sources)]
