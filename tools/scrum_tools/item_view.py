"""An item as tools answer it."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from json import dumps
from typing import Any, Self

from scrum.backlog.model import Item, ItemType, Priority, Status
from scrum.text import told

DESCRIPTION_SHOWN = 4_000


@dataclass
class ItemView:
    """A dataclass that makes its own JSON, because lists have many: a tenth of the time of a model."""

    item: str
    title: str
    type: ItemType
    status: Status
    points: int | None
    priority: Priority
    assignee: str = ""
    labels: list[str] = field(default_factory=list[str])
    skills: list[str] = field(default_factory=list[str])
    depends_on: list[str] = field(default_factory=list[str])
    due: date | None = None
    sprint: str = ""
    blocked: str | None = None
    external_key: str = ""
    description: str | None = None

    @classmethod
    def of(cls, item: Item, description: str | None = None) -> Self:
        return cls(
            item=item.key,
            title=item.title,
            type=item.type,
            status=item.status,
            points=item.points,
            priority=item.priority,
            assignee=item.assignee,
            labels=sorted(item.labels),
            skills=sorted(item.skills),
            depends_on=sorted(item.depends_on),
            due=item.due,
            sprint=item.sprint,
            blocked=(item.block.reason or "no reason given") if item.block else None,
            external_key=item.external_key,
            description=None if description is None else _cut(description, item),
        )

    @cached_property
    def plain(self) -> dict[str, Any]:
        """As JSON values, without what is empty."""
        always: dict[str, Any] = {
            "item": self.item,
            "title": self.title,
            "type": self.type.value,
            "status": self.status.value,
            "points": self.points,
            "priority": self.priority.value,
        }
        optional = {name: value for name in _OPTIONAL if (value := getattr(self, name))}
        return {**always, **optional, "due": str(self.due)} if self.due else {**always, **optional}

    def size(self) -> int:
        """As `budget.size`."""
        return 2 * len(dumps(self.plain))

    def line(self) -> str:
        size = "not estimated" if self.points is None else f"{self.points} points"
        facts = [f"{self.priority}", size, f"{self.status}"]
        facts += [f"for {self.assignee}"] if self.assignee else []
        facts += [f"needs {', '.join(self.depends_on)}"] if self.depends_on else []
        facts += [f"in {self.sprint}"] if self.sprint else []
        facts += [f"due {self.due}"] if self.due else []
        facts += [f"blocked: {told(self.blocked)}"] if self.blocked else []
        text = f"\n  {told(self.description, DESCRIPTION_SHOWN + 100)}" if self.description else ""
        return f"{self.item} {told(self.title, 100)} ({'; '.join(facts)}){text}"


_OPTIONAL = ("assignee", "labels", "skills", "depends_on", "sprint", "blocked", "external_key", "description")


def _cut(description: str, item: Item) -> str:
    rest = len(description) - DESCRIPTION_SHOWN
    more = f" … {rest} more characters: read scrum://{item.project}/items/{item.key}" if rest > 0 else ""
    return description[:DESCRIPTION_SHOWN] + more
