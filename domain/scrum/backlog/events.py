"""What happens to backlog items."""

from dataclasses import dataclass

from scrum.events import Event


@dataclass(frozen=True, kw_only=True)
class ItemAdded(Event):
    title: str
    points: int | None
    priority: str


@dataclass(frozen=True, kw_only=True)
class ItemChanged(Event):
    """`fields` maps each changed field to its new value, as plain types."""

    sprint: str
    fields: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class ItemCompleted(Event):
    sprint: str
    points: int | None


@dataclass(frozen=True, kw_only=True)
class ItemBlocked(Event):
    sprint: str
    why: str
