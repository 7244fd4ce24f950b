"""Sprints, and their ledgers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, and_, bindparam, case, func, insert, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, JSON, aggregate_order_by

from scrum.clock import REAL_TIME, ProjectClock
from scrum.sprint.ledger import Entry, Kind, Ledger
from scrum.sprint.model import Sprint, State
from scrum.sprint.ports import Board
from scrum.team.project import UnknownProject
from scrum_storage import versions
from scrum_storage.bare import BARE
from scrum_storage.ceremony_tables import schedules
from scrum_storage.clocks import SCALE, SCALE_OF_COMING, clock_of
from scrum_storage.connection import Statements
from scrum_storage.item_rows import LIST, items_of
from scrum_storage.json_rows import named, restored
from scrum_storage.projects import project_of
from scrum_storage.tables import items, ledger, projects, sprints

_KINDS = {one.value: one for one in Kind}
_OVER = [state.value for state in State if not state.is_open]


class PostgresSprints:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def board(self, project: str, sprint: str) -> Board:
        found = await self._connection.scalar(_BOARD, {"project": project, "sprint": sprint})
        if found is None:
            known = await self._connection.scalars(select(projects.c.key).order_by(projects.c.key))
            raise UnknownProject(project, list(known))
        return Board(
            project=project_of(named(projects, found["project"])),
            sprint=_of_board(found["sprint"], *found["clock"]) if found["sprint"] else None,
            ledger=Ledger(tuple(map(_entry, found["entries"] or ()))),
            items=items_of(found["items"]),
        )

    async def find(self, sprint: str) -> Sprint | None:
        return await self._first(_SPRINTS.where(sprints.c.id == sprint))

    async def open(self, project: str) -> Sprint | None:
        mine = _SPRINTS.where(sprints.c.project == project)
        return await self._first(mine.where(sprints.c.state.not_in(_OVER)))

    async def ids(self, project: str) -> list[str]:
        query = select(sprints.c.id).where(sprints.c.project == project).order_by(sprints.c.number.desc())
        return list((await self._connection.scalars(query)).all())

    async def completed(self, project: str, limit: int) -> list[Sprint]:
        mine = _SPRINTS.where(sprints.c.project == project, sprints.c.state == State.COMPLETED)
        rows = await self._connection.execute(mine.order_by(sprints.c.number.desc()).limit(limit))
        return [_sprint(row) for row in reversed(rows.all())]

    async def coming_clock(self, project: str, now: datetime) -> ProjectClock:
        scale: float = await self._connection.scalar(SCALE_OF_COMING, {"project": project})
        return REAL_TIME if scale == 1 else ProjectClock(now, scale)

    async def put(self, sprint: Sprint) -> None:
        await versions.put(self._connection, sprints, _columns(sprint))

    async def ledger(self, sprint: str) -> Ledger:
        rows: Any = await self._connection.scalar(select(_ENTRIES).where(ledger.c.sprint == sprint))
        return Ledger(tuple(map(_entry, rows or ())))

    async def record(self, sprint: str, entries: Sequence[Entry]) -> None:
        if entries:
            await self._connection.execute(insert(ledger), [_recorded(sprint, entry) for entry in entries])

    async def _first(self, query: Select[Any]) -> Sprint | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _sprint(row) if row else None


def _of_board(given: Mapping[str, Any], anchor: str | None, scale: float) -> Sprint:
    row = named(sprints, given)
    row.anchor, row.scale = (datetime.fromisoformat(anchor) if anchor else None), scale
    return _sprint(row)


def _sprint(row: Any) -> Sprint:
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
        spent=row.spent,
        planned_end=row.planned_last_day,
        clock=clock_of(row),
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
        "spent": sprint.spent,
        "planned_last_day": sprint.planned_end,
        "version": sprint.version,
    }


def _entry(row: Sequence[Any]) -> Entry:
    at, actor, kind, item, points, before, reason = row
    return restored(
        Entry,
        at=datetime.fromisoformat(at),
        actor=actor,
        kind=_KINDS[kind],
        item=item,
        points=points,
        before=before,
        reason=reason,
    )


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


_ITS_OWN = schedules.c.sprint == sprints.c.id
_SPRINTS = select(sprints, schedules.c.anchor, SCALE.label("scale")).select_from(
    sprints.outerjoin(schedules, _ITS_OWN)
)
_e = ledger.c
_ENTRIES = func.json_agg(
    aggregate_order_by(
        func.json_build_array(_e.at, _e.actor, _e.kind, _e.item, _e.points, _e.before, _e.reason), _e.id
    ),
    type_=JSON(none_as_null=True),
)
_NAME = bindparam("sprint", type_=Text)
_WANTED = and_(
    sprints.c.project == projects.c.key,
    case(
        (_NAME == "", sprints.c.state != func.all(literal(_OVER, ARRAY(Text)))), else_=sprints.c.id == _NAME
    ),
)
_BOARD = (
    select(
        func.json_build_object(
            "project",
            func.row_to_json(literal_column("projects")),
            "sprint",
            func.row_to_json(literal_column("sprints")),
            "clock",
            func.json_build_array(schedules.c.anchor, SCALE),
            "entries",
            select(_ENTRIES).where(ledger.c.sprint == sprints.c.id).scalar_subquery(),
            "items",
            select(LIST).where(items.c.sprint == sprints.c.id, items.c.sprint != "").scalar_subquery(),
            type_=JSON(),
        )
    )
    .select_from(projects.outerjoin(sprints, _WANTED).outerjoin(schedules, _ITS_OWN))
    .where(projects.c.key == bindparam("project"))
    .execution_options(**BARE)
)
