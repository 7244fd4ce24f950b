"""What consumers have heard, in the transaction of what it made them do."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CursorResult,
    Executable,
    Integer,
    RowMapping,
    Table,
    Text,
    Update,
    Uuid,
    and_,
    bindparam,
    column,
    delete,
    func,
    literal_column,
    null,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from scrum_storage.connection import Statements

MOST_PURGED = 100_000
"""Rows that one purge deletes: more would take longer than a statement may."""


class State(StrEnum):
    DONE = "done"
    RETRY = "retry"  # it failed, and is tried again when it is due
    PARKED = "parked"  # this version does not know it, a newer one may
    DEAD = "dead"  # only an operator sends it again


@dataclass(frozen=True)
class Letter:
    """An event that a consumer could not handle yet; `due_at` says when to try again."""

    consumer: str
    event: UUID
    source: str
    state: State
    attempts: int
    due_at: datetime | None
    reason: str
    trace: str
    first_failed_at: datetime
    last_failed_at: datetime
    envelope: Mapping[str, Any]


Counts: TypeAlias = dict[tuple[str, State], int]


class Inbox:
    """One row per consumer and event, whatever became of it: the first one to insert it decides."""

    def __init__(self, connection: Statements, table: Table) -> None:
        self._connection = connection
        self._table = table

    async def take(self, consumer: str, source: str, events: Sequence[UUID]) -> set[UUID]:
        """Those that nobody has handled or set aside: they are handled when this unit of work commits.

        Waits for others who have taken the same.
        """
        values = {"consumer": consumer, "source": source, "events": events}
        return set((await self._connection.scalars(_take(self._table), values)).all())

    async def fail(self, letter: Letter) -> None:
        """Set it aside; nothing happens when it was handled or set aside before."""
        await self._connection.execute(_fail(self._table), _values(letter))

    async def due(self, consumer: str, now: datetime) -> Letter | None:
        """One to try again, the longest due first, which no other worker gets until this unit of work ends."""
        found = await self._connection.execute(_due(self._table), {"consumer": consumer, "now": now})
        row = found.mappings().one_or_none()
        return _letter(row) if row else None

    async def handled(self, letter: Letter) -> bool:
        """Call it before the effect: False when it is somebody else's by now, who has tried it since."""
        values = {"of": letter.consumer, "id": letter.event, "was": letter.attempts}
        return await self._changed(_handled(self._table), values)

    async def again(self, letter: Letter, was: int) -> bool:
        """Store how a retry ended; False when it has not had `was` attempts any more: somebody else tried it."""
        values = {"of": letter.consumer, "id": letter.event, "was": was}
        renewed = {name: value for name, value in _values(letter).items() if name in _RENEWED}
        return await self._changed(_again(self._table), values | renewed)

    async def letters(self, *, consumer: str = "", state: str = "", limit: int = 100) -> list[Letter]:
        """What is set aside, the latest failure first."""
        inbox = self._table
        query = select(*_columns(inbox)).where(_set_aside(inbox))
        if consumer:
            query = query.where(inbox.c.consumer == consumer)
        if state:
            query = query.where(inbox.c.state == state)
        newest = query.order_by(inbox.c.last_failed_at.desc(), inbox.c.event.desc()).limit(limit)
        return [_letter(row) for row in (await self._connection.execute(newest)).mappings()]

    async def count(self) -> Counts:
        """What is set aside, by consumer and state."""
        rows = (await self._connection.execute(_count(self._table))).all()
        return {(row.consumer, State(row.state)): row.letters for row in rows}

    async def release(self, ids: Collection[UUID] | None, *, consumer: str = "", now: datetime) -> list[UUID]:
        """Have dead and parked events tried from the start: these, or all; the ids of those that were."""
        inbox = self._table
        which: list[ColumnElement[bool]] = [inbox.c.state.in_([State.DEAD, State.PARKED])]
        if ids is not None:
            which.append(inbox.c.event.in_(ids))
        if consumer:
            which.append(inbox.c.consumer == consumer)
        return await self._released(and_(*which), now)

    async def understood(self, consumer: str, known: Mapping[str, int], now: datetime) -> int:
        """Have parked events tried whose type, in this version or an older one, is `known`; how many."""
        inbox = self._table
        parked = and_(inbox.c.consumer == consumer, inbox.c.state == State.PARKED, _known(inbox, known))
        return len(await self._released(parked, now))

    async def purge(self, before: UUID, handled_before: datetime) -> int:
        """Forget events with an older id that were handled before that moment, at most MOST_PURGED; how many."""
        values = {"before": before, "handled_before": handled_before}
        deleted = await self._connection.execute(_purge(self._table), values)
        return deleted.rowcount

    async def _released(self, which: ColumnElement[bool], now: datetime) -> list[UUID]:
        inbox = self._table
        key = tuple_(inbox.c.consumer, inbox.c.event)
        locked = select(inbox.c.consumer, inbox.c.event).where(which, _set_aside(inbox))
        statement = (
            update(inbox)
            .where(key.in_(locked.order_by(inbox.c.event, inbox.c.consumer).with_for_update()))
            .values(state=State.RETRY, attempts=0, due_at=now)
            .returning(inbox.c.event)
        )
        return list((await self._connection.scalars(statement)).all())

    async def _changed(self, statement: Executable, values: Mapping[str, Any]) -> bool:
        result: CursorResult[Any] = await self._connection.execute(statement, values)
        return result.rowcount > 0


_DONE: ColumnElement[str] = literal_column(f"'{State.DONE}'")
"""As the indexes have it: a parameter would hide that it is the same."""
_FIELDS = tuple(Letter.__dataclass_fields__)
_RENEWED = ("state", "attempts", "due_at", "reason", "trace", "last_failed_at")


@cache
def _take(inbox: Table) -> Executable:
    """In the order of the ids: two who take some of the same wait for each other in one direction."""
    events = func.unnest(bindparam("events", type_=ARRAY(Uuid))).column_valued("taken")
    rows = select(
        bindparam("consumer", type_=Text),
        events,
        bindparam("source", type_=Text),
        bindparam("state", State.DONE.value, Text),
        func.now(),
    ).order_by(events)
    columns = ["consumer", "event", "source", "state", "handled_at"]
    return insert(inbox).from_select(columns, rows).on_conflict_do_nothing().returning(inbox.c.event)


@cache
def _fail(inbox: Table) -> Executable:
    return insert(inbox).on_conflict_do_nothing()


@cache
def _due(inbox: Table) -> Executable:
    return (
        select(*_columns(inbox))
        .where(inbox.c.consumer == bindparam("consumer"), inbox.c.state == State.RETRY)
        .where(_set_aside(inbox), inbox.c.due_at <= bindparam("now"))
        .order_by(inbox.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


@cache
def _handled(inbox: Table) -> Executable:
    return _unchanged(inbox).values(
        state=State.DONE, due_at=None, trace="", envelope=null(), handled_at=func.now()
    )


@cache
def _again(inbox: Table) -> Executable:
    return _unchanged(inbox).values({name: bindparam(name) for name in _RENEWED})


def _unchanged(inbox: Table) -> Update:
    """The letter, unless somebody has tried it since it was read."""
    return (
        update(inbox)
        .where(inbox.c.consumer == bindparam("of"), inbox.c.event == bindparam("id"))
        .where(inbox.c.state == State.RETRY, inbox.c.attempts == bindparam("was"))
    )


@cache
def _count(inbox: Table) -> Executable:
    groups = (inbox.c.consumer, inbox.c.state)
    return select(*groups, func.count().label("letters")).where(_set_aside(inbox)).group_by(*groups)


@cache
def _purge(inbox: Table) -> Executable:
    key = tuple_(inbox.c.consumer, inbox.c.event)
    old = select(inbox.c.consumer, inbox.c.event).where(
        inbox.c.state == _DONE,
        inbox.c.event < bindparam("before"),
        inbox.c.handled_at < bindparam("handled_before"),
    )
    return delete(inbox).where(key.in_(old.limit(MOST_PURGED).with_for_update(skip_locked=True)))


def _set_aside(inbox: Table) -> ColumnElement[bool]:
    return inbox.c.state != _DONE


def _known(inbox: Table, known: Mapping[str, int]) -> ColumnElement[bool]:
    types = func.unnest(
        bindparam("types", list(known), ARRAY(Text)),
        bindparam("versions", list(known.values()), ARRAY(Integer)),
    ).table_valued(column("type", Text), column("version", Integer))
    one = types.render_derived(name="known")
    envelope = inbox.c.envelope
    return (
        select(one.c.type)
        .where(envelope["type"].astext == one.c.type)
        .where(envelope["version"] <= func.to_jsonb(one.c.version))
        .exists()
    )


def _columns(inbox: Table) -> list[Any]:
    return [inbox.c[name] for name in _FIELDS]


def _letter(row: RowMapping) -> Letter:
    values: dict[str, Any] = {**row, "state": State(row["state"])}
    return Letter(**values)


def _values(letter: Letter) -> dict[str, Any]:
    """Whatever came along: what went wrong has to be kept."""
    return {name: _storable(value) for name, value in asdict(letter).items()}


def _storable(value: object) -> Any:
    """PostgreSQL has no form for U+0000, lone surrogates, and numbers that are none."""
    convert = _STORABLE.get(type(value))
    return convert(value) if convert else value


def _storable_text(text: str) -> str:
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def _storable_object(pairs: dict[str, Any]) -> dict[str, Any]:
    return {_storable(name): _storable(value) for name, value in pairs.items()}


def _storable_array(values: list[Any]) -> list[Any]:
    return [_storable(value) for value in values]


def _storable_number(number: float) -> float | str:
    return number if isfinite(number) else str(number)


_STORABLE: dict[type, Callable[[Any], Any]] = {
    str: _storable_text,
    dict: _storable_object,
    list: _storable_array,
    float: _storable_number,
}
