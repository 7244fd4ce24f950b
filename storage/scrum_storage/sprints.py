"""Sprints, and their ledgers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from scrum.sprint.ledger import Entry, Kind, Ledger
from scrum.sprint.model import Sprint, State
from scrum_storage import versions
from scrum_storage.tables import ledger, sprints

_OVER = [state for state in State if not state.is_open]


class PostgresSprints:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, sprint: str) -> Sprint | None:
        return await self._first(select(sprints).where(sprints.c.id == sprint))

    async def open(self, project: str) -> Sprint | None:
        mine = select(sprints).where(sprints.c.project == project)
        return await self._first(mine.where(sprints.c.state.not_in(_OVER)))

    async def latest(self, project: str) -> Sprint | None:
        mine = select(sprints).where(sprints.c.project == project)
        return await self._first(mine.order_by(sprints.c.number.desc()).limit(1))

    async def ids(self, project: str) -> list[str]:
        query = select(sprints.c.id).where(sprints.c.project == project).order_by(sprints.c.number.desc())
        return list((await self._connection.scalars(query)).all())

    async def completed(self, project: str, limit: int) -> list[Sprint]:
        mine = select(sprints).where(sprints.c.project == project, sprints.c.state == State.COMPLETED)
        rows = await self._connection.execute(mine.order_by(sprints.c.number.desc()).limit(limit))
        return [_sprint(row) for row in reversed(rows.all())]

    async def put(self, sprint: Sprint) -> None:
        await versions.put(self._connection, sprints, _columns(sprint))

    async def ledger(self, sprint: str) -> Ledger:
        query = select(ledger).where(ledger.c.sprint == sprint).order_by(ledger.c.id)
        rows = (await self._connection.execute(query)).all()
        return Ledger(tuple(_entry(row) for row in rows))

    async def record(self, sprint: str, entries: Sequence[Entry]) -> None:
        if entries:
            await self._connection.execute(insert(ledger), [_recorded(sprint, entry) for entry in entries])

    async def _first(self, query: Select[Any]) -> Sprint | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _sprint(row) if row else None


def _sprint(row: Row[Any]) -> Sprint:
    return Sprint(
        id=row.id,
        project=row.project,
        number=row.number,
        goal=row.goal,
        start=row.first_day,
        end=row.last_day,
        state=State(row.state),
        plan=row.plan,
        committed_by=row.committed_by,
        availability=row.availability,
        person_days=row.person_days,
        members=row.members,
        prediction=row.prediction,
        started_at=row.started_at,
        ended_at=row.ended_at,
        closed_at=row.closed_at,
        result=row.result,
        version=row.version,
    )


def _columns(sprint: Sprint) -> dict[str, Any]:
    return {
        "id": sprint.id,
        "project": sprint.project,
        "number": sprint.number,
        "goal": sprint.goal,
        "first_day": sprint.start,
        "last_day": sprint.end,
        "state": sprint.state,
        "plan": sprint.plan,
        "committed_by": sprint.committed_by,
        "availability": sprint.availability,
        "person_days": sprint.person_days,
        "members": sprint.members,
        "prediction": sprint.prediction,
        "started_at": sprint.started_at,
        "ended_at": sprint.ended_at,
        "closed_at": sprint.closed_at,
        "result": sprint.result,
        "version": sprint.version,
    }


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.at, row.actor, Kind(row.kind), row.item, row.points, row.before, row.reason)


def _recorded(sprint: str, entry: Entry) -> dict[str, Any]:
    return {
        "sprint": sprint,
        "at": entry.at,
        "actor": entry.actor,
        "kind": entry.kind,
        "item": entry.item,
        "points": entry.points,
        "before": entry.before,
        "reason": entry.reason,
    }
