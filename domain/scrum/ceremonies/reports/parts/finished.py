"""What was finished since the last report of the same ceremony, and is done still."""

from collections.abc import Iterator
from dataclasses import dataclass

from scrum.backlog.model import Status
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.words import key_named
from scrum.ceremonies.reports.parts.since import Since
from scrum.sprint.ledger import Entry, Kind
from scrum.text import sized


@dataclass(frozen=True)
class Finish:
    """The entry says when, `points` what it counts now. It may have `left` the sprint since."""

    entry: Entry
    points: int | None
    left: bool = False

    @property
    def item(self) -> str:
        return self.entry.item

    def told(self, material: Material) -> str:
        left = ", has left the sprint since" if self.left else ""
        return f"{key_named(material, self.item)}, {sized(self.points)}{left}"


def finished(material: Material, fresh: Since) -> tuple[Finish, ...]:
    """In the order in which they were finished first."""
    return tuple(_finished(material, fresh))


def _finished(material: Material, fresh: Since) -> Iterator[Finish]:
    completed = {entry.item: entry for entry in fresh.entries if entry.kind is Kind.COMPLETED}
    for key, entry in completed.items():
        item = material.known.get(key)
        if key in material.done:
            yield Finish(entry, material.points[key])
        elif key not in material.points and item and item.status is Status.DONE:
            yield Finish(entry, item.points, left=True)
