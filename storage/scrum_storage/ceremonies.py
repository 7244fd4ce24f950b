"""Ceremonies: what projects set, the schedules of sprints, and the occurrences that became due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Executable,
    Select,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, distinct_on
from sqlalchemy.dialects.postgresql import insert as put

from scrum.backlog.model import Status as ItemStatus
from scrum.ceremonies.occurrence import Occurrence, Status, Undelivered, UnknownOccurrence
from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.schedule import AT_ONCE, Schedule
from scrum.ceremonies.terms import Happened
from scrum.ceremonies.triggers.facts import Happening
from scrum_storage.ceremony_tables import ceremony_settings, happenings, occurrences, schedules
from scrum_storage.connection import Statements
from scrum_storage.errors import Changed
from scrum_storage.tables import items, projects

_SCHEDULE = [one.name for one in fields(Schedule)]
_HAPPENING = [one.name for one in fields(Happening)]
_OCCURRENCE = [one.name for one in fields(Occurrence)]
MOST_FORGOTTEN = 100_000
"""Rows that one statement deletes: more would take longer than it may."""
_LISTS = ("covers", "participants")
_MOST = 200
"""Occurrences of a sprint that are listed, and of a project that wait."""


class PostgresSettings:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def of(self, project: str) -> Document:
        mine = select(ceremony_settings.c.document).where(ceremony_settings.c.project == project)
        found: Document | None = await self._connection.scalar(mine)
        return found or Document()

    async def put(self, project: str, document: Document) -> None:
        new = put(ceremony_settings).values(project=project, document=document)
        over = {"document": new.excluded.document}
        await self._connection.execute(new.on_conflict_do_update(index_elements=["project"], set_=over))


class PostgresSchedules:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def claim(self, sprint: str) -> Schedule | None:
        return await self._one(_schedule(sprint).with_for_update(key_share=True))

    async def find(self, sprint: str) -> Schedule | None:
        return await self._one(_schedule(sprint))

    async def open(self, schedule: Schedule) -> None:
        new = put(schedules).values({name: getattr(schedule, name) for name in _SCHEDULE})
        await self._connection.execute(new.on_conflict_do_nothing())

    async def put(self, schedule: Schedule) -> None:
        changed = {name: getattr(schedule, name) for name in ("standing", "occurrences", "wake_at", "over")}
        mine = update(schedules).where(schedules.c.sprint == schedule.sprint)
        await self._connection.execute(mine.values(changed))

    async def happenings(self, sprint: str, after: int, limit: int | None = None) -> list[Happening]:
        mine = select(*(happenings.c[name] for name in _HAPPENING)).where(happenings.c.sprint == sprint)
        later = mine.where(happenings.c.number > after).order_by(happenings.c.number).limit(limit)
        return [Happening(**row) for row in (await self._connection.execute(later)).mappings()]

    async def heard(self, sprint: str, source: str, signal: str) -> bool:
        mine = select(happenings.c.number).where(happenings.c.sprint == sprint)
        same = mine.where(happenings.c.source == source, happenings.c.signal == signal)
        return await self._connection.scalar(same) is not None

    async def due(self, now: datetime, limit: int) -> list[str]:
        awake = select(schedules.c.sprint).where(schedules.c.wake_at <= now)
        first = awake.order_by(schedules.c.wake_at, schedules.c.sprint).limit(limit)
        return list((await self._connection.scalars(first)).all())

    async def next(self) -> datetime | None:
        found: datetime | None = await self._connection.scalar(select(func.min(schedules.c.wake_at)))
        return found

    async def done(self, schedule: Schedule, keys: Collection[str]) -> frozenset[str]:
        if not keys:
            return frozenset()
        mine = select(items.c.key).where(items.c.project == schedule.project, items.c.key.in_(sorted(keys)))
        unseen = _items(Happened.TASK_COMPLETED, schedule.sprint, schedule.standing.seen)
        done = mine.where(items.c.status == ItemStatus.DONE, items.c.key.not_in(unseen))
        return frozenset((await self._connection.scalars(done)).all())

    async def cancelled_after(self, sprint: str, number: int) -> frozenset[str]:
        named = _items(Happened.SCOPE_CHANGED, sprint, number).where(happenings.c.item != "")
        return frozenset((await self._connection.scalars(named)).all())

    async def forget(self) -> int:
        """What sprints that are over have seen happen, of which nobody asks again, at most MOST_FORGOTTEN; how many."""
        deleted = await self._connection.execute(_FORGET)
        return deleted.rowcount

    async def _one(self, query: Select[Any]) -> Schedule | None:
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return Schedule(**row) if row else None


def _schedule(sprint: str) -> Select[Any]:
    return select(*(schedules.c[name] for name in _SCHEDULE)).where(schedules.c.sprint == sprint)


def _items(name: Happened, sprint: str, after: int) -> Select[tuple[str]]:
    mine = select(happenings.c.item).where(happenings.c.sprint == sprint, happenings.c.name == name)
    return mine.where(happenings.c.number > after)


_SEEN = type_coerce(schedules.c.standing, JSONB)["seen"].as_integer()
_FORGOTTEN = (
    select(happenings.c.sprint, happenings.c.number)
    .join(schedules, schedules.c.sprint == happenings.c.sprint)
    .where(schedules.c.over, happenings.c.number <= _SEEN)
    .limit(MOST_FORGOTTEN)
    .with_for_update(of=happenings, skip_locked=True)
)
_FORGET = delete(happenings).where(tuple_(happenings.c.sprint, happenings.c.number).in_(_FORGOTTEN))


class PostgresOccurrences:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def add(self, occurred: Sequence[Occurrence]) -> list[Occurrence]:
        if not occurred:
            return []
        new = put(occurrences).values([_columns(one) for one in occurred])
        once = new.on_conflict_do_nothing(constraint="occurrences_once").returning(occurrences.c.id)
        added = set((await self._connection.scalars(once)).all())
        return [one for one in occurred if one.id in added]

    async def put(self, *changed: Occurrence) -> None:
        if not changed:
            return
        rows = [_columns(one) for one in sorted(changed, key=lambda one: one.id)]
        written = {(row.id, row.version) for row in await self._connection.execute(_PUT, {"rows": rows})}
        if missed := [row["id"] for row in rows if (row["id"], row["version"]) not in written]:
            raise Changed(missed)

    async def prolong(self, begun: Occurrence, until: datetime) -> None:
        mine = update(occurrences).where(occurrences.c.id == begun.id, occurrences.c.version == begun.version)
        await self._connection.execute(mine.values(again_at=until))

    async def get(self, occurrence: str) -> Occurrence:
        found = await self._all(_ONE, {"id": occurrence.strip().upper()})
        if not found:
            raise UnknownOccurrence(occurrence)
        return found[0]

    async def of(self, sprint: str) -> list[Occurrence]:
        mine = _OCCURRENCES.where(occurrences.c.sprint == sprint)
        return await self._all(mine.order_by(occurrences.c.number.desc()).limit(_MOST))

    async def last(self, sprint: str, ceremony: str) -> Occurrence | None:
        mine = _OCCURRENCES.where(occurrences.c.sprint == sprint, occurrences.c.ceremony == ceremony)
        found = await self._all(mine.order_by(occurrences.c.number.desc()).limit(1))
        return found[0] if found else None

    async def pending(self, now: datetime, limit: int) -> list[Occurrence]:
        return await self._all(_PENDING, {"now": now, "most": limit})

    async def undelivered(self, limit: int) -> list[Occurrence]:
        oldest = _OCCURRENCES.where(_IS_UNDELIVERED).order_by(occurrences.c.due_at, occurrences.c.id)
        return await self._all(oldest.limit(limit))

    async def count_undelivered(self) -> Undelivered:
        row = (await self._connection.execute(_COUNTED)).one()
        return Undelivered(row.due, row.failed, row.oldest)

    async def waiting(self, projects: Collection[str]) -> list[Occurrence]:
        return await self._all(_WAITING, {"projects": list(projects)})

    async def next_attempt(self) -> datetime | None:
        found: datetime | None = await self._connection.scalar(_NEXT_ATTEMPT)
        return found

    async def _all(self, query: Executable, values: Mapping[str, Any] | None = None) -> list[Occurrence]:
        return [_occurrence(row) for row in (await self._connection.execute(query, values)).mappings()]


_OCCURRENCES = select(*(occurrences.c[name] for name in _OCCURRENCE))
_ONE = _OCCURRENCES.where(occurrences.c.id == bindparam("id"))
_IS_DUE = occurrences.c.status == literal_column(f"'{Status.DUE}'")
"""As the index has it: a plan that is made for any value does not use that."""
_IS_UNDELIVERED = occurrences.c.status.in_(
    [literal_column(f"'{one}'") for one in (Status.DUE, Status.FAILED)]
)
_COUNTED = select(
    func.count().filter(_IS_DUE).label("due"),
    func.count().filter(~_IS_DUE).label("failed"),
    func.min(occurrences.c.due_at).filter(_IS_DUE).label("oldest"),
).where(_IS_UNDELIVERED)
_PENDING = (
    _OCCURRENCES.where(
        _IS_DUE, or_(occurrences.c.again_at.is_(None), occurrences.c.again_at <= bindparam("now"))
    )
    .order_by(occurrences.c.due_at, occurrences.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_NEXT_ATTEMPT = select(func.min(func.coalesce(occurrences.c.again_at, AT_ONCE))).where(_IS_DUE)
"""Whatever the time at which it was due: the clock that said so may be ahead."""
_LAST = [projects.c.key + "-S" + cast(projects.c.next_sprint - before, Text) for before in range(3)]


def _newest(of: Any) -> list[Any]:
    """The newest sprint first, and of each the latest."""
    return [func.length(of.sprint).desc(), of.sprint.desc(), of.number.desc()]


_LAST_OF_EACH = (
    _OCCURRENCES.add_columns(projects.c.key.label("owner"))
    .select_from(projects.join(occurrences, occurrences.c.sprint.in_(_LAST)))
    .where(projects.c.key == func.any(bindparam("projects", type_=ARRAY(Text))))
    .ext(distinct_on(projects.c.key, occurrences.c.ceremony))
    .order_by(projects.c.key, occurrences.c.ceremony, *_newest(occurrences.c))
    .subquery("last_of_each")
)
_WAITING = (
    select(*(_LAST_OF_EACH.c[name] for name in _OCCURRENCE))
    .where(_LAST_OF_EACH.c.status.not_in([Status.HELD.value, Status.SKIPPED.value]))
    .order_by(_LAST_OF_EACH.c.owner, *_newest(_LAST_OF_EACH.c))
)
_ROWS = (
    func.jsonb_to_recordset(bindparam("rows", type_=JSONB))
    .table_valued(*(column(one.name, one.type) for one in occurrences.c))
    .render_derived(name="given", with_types=True)
)
_PUT = (
    update(occurrences)
    .where(occurrences.c.id == _ROWS.c.id, occurrences.c.version < _ROWS.c.version)
    .values({one.name: _ROWS.c[one.name] for one in occurrences.c if one.name != "id"})
    .returning(occurrences.c.id, occurrences.c.version)
)
"""Of two versions of one occurrence it writes one, and says which."""


def _columns(occurrence: Occurrence) -> dict[str, Any]:
    values = {name: getattr(occurrence, name) for name in _OCCURRENCE}
    return {**values, "id": occurrence.id, **{name: list(values[name]) for name in _LISTS}}


def _occurrence(row: Any) -> Occurrence:
    values: dict[str, Any] = {**row, "status": Status(row["status"])}
    values |= {name: tuple(values[name]) for name in _LISTS}
    return Occurrence(**values)
