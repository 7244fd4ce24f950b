"""An item as tools answer it."""

from collections.abc import Iterator
from typing import Annotated, Any, NotRequired, cast

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from scrum.backlog.model import Item, ItemType, Priority, Status
from scrum.text import sized, told

DESCRIPTION_SHOWN = 4_000

_Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]


class ItemView(TypedDict):  # not a model: lists have many, and it is made in a tenth of the time
    item: str
    title: str
    type: ItemType
    status: Status
    points: int | None
    priority: Priority
    assignee: NotRequired[str]
    labels: NotRequired[list[str]]
    skills: NotRequired[list[str]]
    depends_on: NotRequired[list[str]]
    due: NotRequired[_Day]
    sprint: NotRequired[str]
    blocked: NotRequired[str]
    external_key: NotRequired[str]
    description: NotRequired[str]


def item_view(item: Item, description: str = "") -> ItemView:
    """As JSON values, without what is empty."""
    optional: dict[str, Any] = {
        "assignee": item.assignee,
        "labels": item.labels and sorted(item.labels),
        "skills": item.skills and sorted(item.skills),
        "depends_on": item.depends_on and sorted(item.depends_on),
        "due": item.due and item.due.isoformat(),
        "sprint": item.sprint,
        "blocked": item.block and (item.block.reason or "no reason given"),
        "external_key": item.external_key,
        "description": description and _cut(description, item),
    }
    always: dict[str, Any] = {
        "item": item.key,
        "title": item.title,
        "type": str(item.type),
        "status": str(item.status),
        "points": item.points,
        "priority": str(item.priority),
    }
    return cast("ItemView", {**always, **{name: value for name, value in optional.items() if value}})


def item_line(view: ItemView) -> str:
    points = view["points"]
    facts: list[str] = [
        view["priority"],
        sized(points),
        view["status"],
        *_facts(view),
    ]
    text = f"\n  {told(view['description'], DESCRIPTION_SHOWN + 100)}" if "description" in view else ""
    return f"{view['item']} {told(view['title'], 100)} ({'; '.join(facts)}){text}"


def _facts(view: ItemView) -> Iterator[str]:
    if "assignee" in view:
        yield f"for {view['assignee']}"
    if "depends_on" in view:
        yield f"needs {', '.join(view['depends_on'])}"
    if "sprint" in view:
        yield f"in {view['sprint']}"
    if "due" in view:
        yield f"due {view['due']}"
    if "blocked" in view:
        yield f"blocked: {told(view['blocked'])}"


def _cut(description: str, item: Item) -> str:
    rest = len(description) - DESCRIPTION_SHOWN
    more = f" … {rest} more characters: read scrum://{item.project}/items/{item.key}" if rest > 0 else ""
    return description[:DESCRIPTION_SHOWN] + more
