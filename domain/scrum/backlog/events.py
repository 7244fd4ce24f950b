"""What happens to backlog items."""

from dataclasses import dataclass, field
from typing import ClassVar

from scrum.events import Event


@dataclass(frozen=True, kw_only=True)
class ItemAdded(Event):
    title: str
    """As people wrote it."""
    points: int | None
    """The estimate; null when there is none yet."""
    priority: str
    """highest, high, medium, low or lowest."""


@dataclass(frozen=True, kw_only=True)
class ItemChanged(Event):
    """Version 2 added `before`."""

    version: ClassVar[int] = 2

    sprint: str
    """The sprint that it was in before the change; empty for none."""
    fields: dict[str, object]
    """Each field that changed, with its new value as a plain type."""
    before: dict[str, object] = field(default_factory=dict[str, object])
    """The same with the values that they had, but for rank and description."""


@dataclass(frozen=True, kw_only=True)
class ItemCompleted(Event):
    sprint: str
    """The sprint in which it was completed; empty for none."""
    points: int | None
    """What it counts in velocity; null when it was never estimated."""


@dataclass(frozen=True, kw_only=True)
class ItemBlocked(Event):
    sprint: str
    """The sprint that it is in; empty for none."""
    why: str
    """As people wrote it."""


@dataclass(frozen=True, kw_only=True)
class ItemReopened(Event):
    """It was done, and is not any more: it stands before the ItemChanged of the same version."""

    sprint: str
    """The sprint that it was in before the change; empty for none."""


@dataclass(frozen=True, kw_only=True)
class ItemUnblocked(Event):
    sprint: str
    """The sprint that it is in; empty for none."""
    since: str
    """When its block began, in ISO 8601."""
