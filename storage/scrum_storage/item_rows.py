"""An item as a row, and back."""

from collections.abc import Sequence
from typing import Any

from scrum.backlog.model import Block, Item, ItemType, Priority, Status
from scrum_storage.tables import items

LISTED = [column for column in items.c if column.name != "description"]
"""What an item is made of; descriptions are long, and no list reads them."""


def item_of(row: Sequence[Any]) -> Item:
    """From the values of LISTED: by position, which takes a third of the time that names take."""
    (
        key, project, number, title, rank, kind, points, priority, status, labels, skills, depends_on, assignee,
        due, external_key, sprint, reason, since, carried, pinned, created_at, started_at, done_at, version,
    ) = row  # fmt: skip
    return Item(
        key=key,
        project=project,
        number=number,
        title=title,
        rank=rank,
        type=ItemType(kind),
        points=points,
        priority=Priority(priority),
        status=Status(status),
        labels=frozenset(labels),
        skills=frozenset(skills),
        depends_on=frozenset(depends_on),
        assignee=assignee,
        due=due,
        external_key=external_key,
        sprint=sprint,
        block=Block(reason, since) if since else None,
        carried=carried,
        pinned=pinned,
        created_at=created_at,
        started_at=started_at,
        done_at=done_at,
        version=version,
    )


def columns_of(item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "project": item.project,
        "number": item.number,
        "title": item.title,
        "rank": item.rank,
        "type": item.type,
        "points": item.points,
        "priority": item.priority,
        "status": item.status,
        "labels": sorted(item.labels),
        "skills": sorted(item.skills),
        "depends_on": sorted(item.depends_on),
        "assignee": item.assignee,
        "due": item.due,
        "external_key": item.external_key,
        "sprint": item.sprint,
        "block_reason": item.block.reason if item.block else None,
        "blocked_since": item.block.since if item.block else None,
        "carried": item.carried,
        "pinned": item.pinned,
        "created_at": item.created_at,
        "started_at": item.started_at,
        "done_at": item.done_at,
        "version": item.version,
    }
