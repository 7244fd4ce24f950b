"""An item as a row, and back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by

from scrum.backlog.model import Block, Item, ItemType, Priority, Status
from scrum_storage.json_rows import restored
from scrum_storage.tables import items

LISTED = [column for column in items.c if column.name != "description"]
"""What an item is made of; descriptions are long, and no list reads them."""


def list_of(source: FromClause) -> ColumnElement[Any]:
    """All rows of items, or of a subquery of them, in backlog order as one JSON text.

    It is read in half the time that rows and columns take.
    """
    values = func.json_build_array(*(source.c[column.name] for column in LISTED))
    return func.json_agg(aggregate_order_by(values, source.c.rank), type_=JSON(none_as_null=True))


LIST = list_of(items)

_TYPES = {one.value: one for one in ItemType}
_PRIORITIES = {one.value: one for one in Priority}
_STATUSES = {one.value: one for one in Status}
"""Looked up in a tenth of the time that calling the enum takes."""


def items_of(rows: Sequence[Sequence[Any]] | None) -> tuple[Item, ...]:
    """From what LIST gives; None where there are none."""
    return tuple(_item(row) for row in rows or ())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _item(row: Sequence[Any]) -> Item:
    """From the values of LISTED, by position."""
    (
        key, project, number, title, rank, kind, points, priority, status, labels, skills, depends_on, assignee,
        due, external_key, sprint, reason, since, carried, pinned, created_at, started_at, done_at, version,
    ) = row  # fmt: skip
    return restored(
        Item,
        key=key,
        project=project,
        number=number,
        title=title,
        rank=rank,
        type=_TYPES[kind],
        points=points,
        priority=_PRIORITIES[priority],
        status=_STATUSES[status],
        labels=frozenset(labels),
        skills=frozenset(skills),
        depends_on=frozenset(depends_on),
        assignee=assignee,
        due=_day(due),
        external_key=external_key,
        sprint=sprint,
        block=Block(reason, datetime.fromisoformat(since)) if since else None,
        carried=carried,
        pinned=pinned,
        created_at=_moment(created_at),
        started_at=_moment(started_at),
        done_at=_moment(done_at),
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
