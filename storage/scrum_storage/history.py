"""Sprints from before this server, in the order of their places."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.dialects.postgresql import insert

from scrum.sprint.velocity import PastSprint, Source
from scrum_storage.connection import Statements
from scrum_storage.tables import history

_FIGURES = [column.name for column in history.c if column.name not in ("project", "name", "position")]
"""Of these sprints nobody knows how long they were to last."""

_CHANGING = ["position", *_FIGURES]
_INSERT = insert(history)
_PUT = _INSERT.on_conflict_do_update(
    index_elements=["project", "name"],
    set_={name: _INSERT.excluded[name] for name in _CHANGING},
    where=or_(*(history.c[name].is_distinct_from(_INSERT.excluded[name]) for name in _CHANGING)),
).returning(history.c.name)


class PostgresHistory:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def of(self, project: str) -> list[PastSprint]:
        query = (
            select(history).where(history.c.project == project).order_by(history.c.position, history.c.name)
        )
        return [_past(row) for row in (await self._connection.execute(query)).all()]

    async def put(self, project: str, sprints: Mapping[float, PastSprint]) -> int:
        """Of two with the same name the last one counts."""
        named = {past.name: (place, past) for place, past in sprints.items()}
        rows = [_row(project, place, past) for place, past in named.values()]
        return len((await self._connection.execute(_PUT, rows)).all()) if rows else 0


def _row(project: str, place: float, past: PastSprint) -> dict[str, Any]:
    figures = {name: getattr(past, name) for name in _FIGURES}
    return {"project": project, "name": past.name, "position": place, **figures}


def _past(row: Row[Any]) -> PastSprint:
    return PastSprint(
        name=row.name,
        source=Source(row.source),
        completed_points=row.completed_points,
        completed_items=row.completed_items,
        committed_points=row.committed_points,
        days=row.days,
        working_days=row.working_days,
        person_days=row.person_days,
        members=row.members,
        availability=row.availability,
        spent=row.spent,
    )
