"""Who had an item at a moment of the sprint: by its plan, and by the changes of its assignee that the history keeps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import NamedTuple, Self

from scrum.backlog.events import ItemChanged
from scrum.ceremonies.reports.paper.material import Material
from scrum.events import Event


class Place(NamedTuple):
    """Within a moment, after the version of the item; after all of them where it is not known."""

    at: datetime
    version: float = inf

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(event.occurred_at, event.aggregate_version)


@dataclass(frozen=True)
class Had:
    """`name` is '' for nobody. Where it is not `known` who had it then, it is who has it now."""

    name: str
    known: bool = True


class Handed(NamedTuple):
    """To `name`; `before` is who had it until then, None where that was not told."""

    place: Place
    name: str
    before: str | None


@dataclass(frozen=True)
class Assigned:
    """`changes` has by item how it was handed on, the oldest first; `planned` whom the sprint's plan gave it to."""

    material: Material
    changes: Mapping[str, list[Handed]] = field(default_factory=dict[str, list[Handed]])
    planned: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, material: Material) -> Self:
        found: dict[str, list[Handed]] = {}
        for key, handed in sorted(_changes(material), key=lambda change: change[1].place):
            found.setdefault(key, []).append(handed)
        return cls(material, found, _planned(material))

    def had(self, key: str, place: Place) -> Had:
        changes = self.changes.get(key, [])
        earlier = [one.name for one in changes if one.place <= place]
        if earlier:
            return Had(earlier[-1])
        if changes and (before := changes[0].before) is not None:
            return Had(before)
        # No change is kept before the first that is, so until then it was as planned
        if changes and key in self.planned:
            return Had(self.planned[key])
        return Had(self.material.assignee(key), known=not changes and not self.material.kept.missing)


def _planned(material: Material) -> Mapping[str, str]:
    """Taking a plan is told of the sprint, not of its items."""
    plan = material.plan
    if plan is None or plan.sprint != material.sprint_id:
        return {}
    return {chosen.key: chosen.assignee for chosen in plan.selected if chosen.assignee}


def _changes(material: Material) -> Iterator[tuple[str, Handed]]:
    for event in (one.event for one in material.kept.changes):
        if isinstance(event, ItemChanged) and "assignee" in event.fields:
            before = event.before.get("assignee")
            had = None if before is None else str(before)
            yield event.aggregate, Handed(Place.of(event), str(event.fields["assignee"] or ""), had)
