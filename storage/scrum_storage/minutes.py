"""What people said in ceremonies, and what they agreed to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, type_coerce
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from scrum.ceremonies.terms import RETROSPECTIVE
from scrum.chronicle.reports import ActionChange, ActionItem, ActionStatus, Minutes, stands
from scrum_storage import chronicle_tables
from scrum_storage.connection import Statements
from scrum_storage.jsonb import Stored
from scrum_storage.reports import newest

_MINUTES, _ACTIONS, _CHANGES = chronicle_tables.minutes, chronicle_tables.actions, chronicle_tables.changes
_ORDER = (_CHANGES.c.at, _CHANGES.c.event, _CHANGES.c.place)
_OF_IT = and_(_CHANGES.c.project == _ACTIONS.c.project, _CHANGES.c.action == _ACTIONS.c.id)


class PostgresMinutes:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def add(
        self,
        minutes: Minutes,
        agreed: Sequence[ActionItem] = (),
        changes: Sequence[ActionChange] = (),
        *,
        event: UUID,
    ) -> None:
        new = insert(_MINUTES).on_conflict_do_nothing().returning(_MINUTES.c.occurrence)
        if await self._connection.scalar(new, _minutes(minutes)) is None:
            return
        if rows := [_action(one) for one in agreed]:
            await self._connection.execute(insert(_ACTIONS).values(rows).on_conflict_do_nothing())
        if rows := [_change(minutes, event, place, one) for place, one in enumerate(changes)]:
            await self._connection.execute(insert(_CHANGES).values(rows))

    async def of(
        self, project: str, *, sprint: str = "", ceremony: str = "", limit: int = 20
    ) -> list[Minutes]:
        of_project = select(_MINUTES.c.minutes).where(_MINUTES.c.project == project)
        given = {"sprint": sprint, "ceremony": ceremony}
        found = await self._connection.scalars(newest(of_project, _MINUTES, given).limit(limit))
        return list(found.all())

    async def actions(self, project: str, *, sprint: str = "", only_open: bool = True) -> list[ActionItem]:
        # In this order: what a retrospective settles that comes in between is not told as carried over it
        held = await self._retrospectives(project)
        query = _actions().where(_ACTIONS.c.project == project)
        if sprint:
            query = query.where(_ACTIONS.c.sprint == sprint)
        if only_open:
            query = query.where(_status() == ActionStatus.OPEN.value)
        rows = (await self._connection.execute(query)).all()
        return [stands(row.action, row.changes or (), _besides(row.action.sprint, held)) for row in rows]

    async def _retrospectives(self, project: str) -> Mapping[str, datetime]:
        """The first of each sprint."""
        mine = (_MINUTES.c.project == project, _MINUTES.c.ceremony == RETROSPECTIVE)
        first = select(_MINUTES.c.sprint, func.min(_MINUTES.c.at).label("at")).where(*mine)
        rows = (await self._connection.execute(first.group_by(_MINUTES.c.sprint))).all()
        return {row.sprint: row.at for row in rows}


def _besides(sprint: str, held: Mapping[str, datetime]) -> list[datetime]:
    return [at for each, at in held.items() if each != sprint]


def _actions() -> Select[Any, Any]:
    """The oldest first, with all that was said of them."""
    every = func.jsonb_agg(aggregate_order_by(_CHANGES.c.change, *_ORDER))
    said = select(type_coerce(every, Stored(tuple[ActionChange, ...]))).where(_OF_IT)
    oldest = (_ACTIONS.c.at, func.length(_ACTIONS.c.id), _ACTIONS.c.id)
    return select(_ACTIONS.c.action, said.scalar_subquery().label("changes")).order_by(*oldest)


def _status() -> ColumnElement[str]:
    """As it was last told."""
    told = select(_CHANGES.c.status).where(_OF_IT, _CHANGES.c.status.is_not(None))
    last = told.order_by(*(one.desc() for one in _ORDER)).limit(1)
    return func.coalesce(last.scalar_subquery(), _ACTIONS.c.status)


def _minutes(minutes: Minutes) -> dict[str, Any]:
    return {
        "occurrence": minutes.occurrence,
        "project": minutes.project,
        "sprint": minutes.sprint,
        "ceremony": minutes.ceremony,
        "at": minutes.held_at,
        "minutes": minutes,
    }


def _action(agreed: ActionItem) -> dict[str, Any]:
    return {
        "id": agreed.id,
        "project": agreed.project,
        "sprint": agreed.sprint,
        "at": agreed.agreed_at,
        "status": agreed.status.value,
        "action": agreed,
    }


def _change(minutes: Minutes, event: UUID, place: int, change: ActionChange) -> dict[str, Any]:
    return {
        "occurrence": minutes.occurrence,
        "place": place,
        "project": minutes.project,
        "action": change.id,
        "at": change.at,
        "event": event,
        "status": change.status.value if change.status else None,
        "change": change,
    }
