"""How long items were blocked, and what is blocked now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from scrum.backlog.events import ItemBlocked, ItemUnblocked
from scrum.backlog.model import Item
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.words import Age


@dataclass(frozen=True)
class Blockage:
    """`until` is None while it lasts. `reason` is '' where none was given or is not known."""

    item: str
    since: datetime
    until: datetime | None
    reason: str = ""

    def age(self, material: Material) -> Age:
        return Age.of(material.calendar, self.since, self.until or material.now)


def blocked(items: Iterable[Item]) -> tuple[Blockage, ...]:
    """Those that are now, the oldest first."""
    found = [
        Blockage(item.key, item.block.since, None, item.block.reason)
        for item in items
        if item.block and item.is_open
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.item)))


def resolved(material: Material) -> tuple[Blockage, ...]:
    """Those of the sprint that are over, as its history tells, oldest first."""
    return tuple(_resolved(material))


def _resolved(material: Material) -> Iterator[Blockage]:
    why: dict[str, str] = {}
    for change in material.kept.changes:
        event = change.event
        if isinstance(event, ItemBlocked):
            why[event.aggregate] = event.why
        if isinstance(event, ItemUnblocked):
            began = datetime.fromisoformat(event.since)
            yield Blockage(event.aggregate, began, event.occurred_at, why.pop(event.aggregate, ""))


def within_sprint(material: Material) -> tuple[Blockage, ...]:
    """Of its items, over or not; only the time in which it ran counts."""
    sprint = material.sprint
    if sprint is None or sprint.started_at is None:
        return ()
    ended = sprint.ended_at or material.now
    every = (*resolved(material), *blocked(material.members))
    cut = (
        replace(one, since=max(one.since, sprint.started_at), until=min(one.until or ended, ended))
        for one in every
    )
    return tuple(one for one in cut if one.until and one.since <= one.until)
