"""Every event there is, by its type: what travels as JSON becomes typed again."""

from collections.abc import Mapping
from types import ModuleType

import scrum.backlog.events
import scrum.ceremonies.events
import scrum.ceremonies.sentences  # pyright: ignore[reportUnusedImport] - registers its words where they are asked for
import scrum.memory.events
import scrum.sprint.events
import scrum.strategies.events
import scrum.team.events
from scrum.events import Event

_CONTEXTS = (
    scrum.team.events,
    scrum.backlog.events,
    scrum.sprint.events,
    scrum.ceremonies.events,
    scrum.memory.events,
    scrum.strategies.events,
)


def _events(module: ModuleType) -> dict[str, type[Event]]:
    return {
        name: kind
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
    }


EVENTS: Mapping[str, type[Event]] = {
    name: kind for context in _CONTEXTS for name, kind in _events(context).items()
}
