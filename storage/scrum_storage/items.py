"""Items of the backlog. A write is one statement, however many items it changes."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Row,
    TableValuedAlias,
    Text,
    bindparam,
    column,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB

from scrum.backlog.model import Item, Page, Where
from scrum_storage.bare import BARE
from scrum_storage.connection import Statements
from scrum_storage.errors import Changed
from scrum_storage.filters import OPEN, conditions, parameters
from scrum_storage.item_rows import LIST, LISTED, columns_of, items_of, list_of
from scrum_storage.tables import items as table

_FIXED = ("key", "project", "number", "rank", "created_at")


def _given(*columns: ColumnElement[Any]) -> TableValuedAlias:
    """The parameter `rows`, a JSON array of objects, as a table."""
    fields = [column(name.key, name.type) for name in columns]  # type: ignore[arg-type] # columns of a table have keys
    rows = func.jsonb_to_recordset(bindparam("rows", type_=JSONB))
    return rows.table_valued(*fields).render_derived(name="given", with_types=True)


_NEW = _given(*LISTED)
_PUT = (
    update(table)
    .where(table.c.key == _NEW.c.key, table.c.version < _NEW.c.version)
    .values({c.name: _NEW.c[c.name] for c in LISTED if c.name not in _FIXED})
    .returning(table.c.key, table.c.version)
)
"""Of two versions of one item it writes one, and says which."""
_RANKS = _given(table.c.key, table.c.rank)
_RERANK = update(table).where(table.c.key == _RANKS.c.key).values(rank=_RANKS.c.rank)
_TEXTS = _given(table.c.key, table.c.description)
_DESCRIBE = update(table).where(table.c.key == _TEXTS.c.key).values(description=_TEXTS.c.description)


class PostgresItems:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def of(self, project: str, keys: Collection[str]) -> dict[str, Item]:
        wanted = (table.c.project == project, _any(table.c.key, keys))
        return {item.key: item for item in await self._listed(*wanted)} if keys else {}

    async def open(self, project: str) -> tuple[Item, ...]:
        return await self._listed(table.c.project == project, table.c.status.in_(OPEN))

    async def in_sprint(self, sprint: str) -> tuple[Item, ...]:
        return await self._listed(table.c.sprint == sprint, table.c.sprint != "")

    async def page(self, project: str, where: Where, *, after: int | None, limit: int) -> Page:
        """`after` of the page is None when nothing follows."""
        given = parameters(where)
        values = {**given, "project": project, "after": -1 if after is None else after, "limit": limit + 1}
        page = await self._connection.scalar(_page(frozenset(given)), values)
        found = items_of(page["items"])
        return Page(found[:limit], page["total"], found[limit - 1].rank if len(found) > limit else None)

    async def order(self, project: str) -> list[tuple[str, int]]:
        query = select(table.c.key, table.c.rank).where(table.c.project == project, table.c.status.in_(OPEN))
        return [(row.key, row.rank) for row in await self._all(query.order_by(table.c.rank))]

    async def keys_like(self, project: str, prefix: str, limit: int) -> list[str]:
        mine = select(table.c.key).where(table.c.project == project, table.c.status.in_(OPEN))
        alike = mine.where(table.c.key.startswith(prefix, autoescape=True)).order_by(table.c.rank)
        return list((await self._connection.scalars(alike.limit(limit))).all())

    async def last_rank(self, project: str) -> int:
        query = select(func.coalesce(func.max(table.c.rank), 0)).where(table.c.project == project)
        return int((await self._connection.scalars(query)).one())

    async def dependencies(self, project: str) -> dict[str, frozenset[str]]:
        query = select(table.c.key, table.c.depends_on).where(table.c.project == project)
        some = query.where(func.cardinality(table.c.depends_on) > 0)
        return {row.key: frozenset(row.depends_on) for row in await self._all(some)}

    async def by_external_key(self, project: str, keys: Collection[str]) -> dict[str, str]:
        query = select(table.c.external_key, table.c.key).where(table.c.project == project)
        known = query.where(_any(table.c.external_key, keys), table.c.external_key != "")
        return {row.external_key: row.key for row in await self._all(known)} if keys else {}

    async def descriptions(self, project: str, keys: Collection[str]) -> dict[str, str]:
        query = select(table.c.key, table.c.description).where(table.c.project == project)
        return {row.key: row.description for row in await self._all(query.where(_any(table.c.key, keys)))}

    async def add(self, items: Sequence[Item], descriptions: Mapping[str, str]) -> None:
        rows = [{**columns_of(item), "description": descriptions.get(item.key, "")} for item in items]
        if rows:
            await self._connection.execute(insert(table), rows)

    async def put(self, items: Sequence[Item]) -> None:
        """All but the rank: `rerank` writes that. Each once.

        Raises:
            Changed: a stored version is the same or newer, or there is no such item.
        """
        if not items:
            return
        rows = [columns_of(item) for item in items]
        written = {(row.key, row.version) for row in await self._connection.execute(_PUT, {"rows": rows})}
        if missed := [item.key for item in items if (item.key, item.version) not in written]:
            raise Changed(missed)

    async def describe(self, project: str, descriptions: Mapping[str, str]) -> None:
        await self._change(_DESCRIBE, project, "description", descriptions)

    async def rerank(self, project: str, ranks: Mapping[str, int]) -> None:
        await self._change(_RERANK, project, "rank", ranks)

    async def _change(self, statement: Any, project: str, name: str, values: Mapping[str, Any]) -> None:
        rows = [{"key": key, name: value} for key, value in values.items()]
        if rows:
            await self._connection.execute(statement.where(table.c.project == project), {"rows": rows})

    async def _listed(self, *conditions: ColumnElement[bool]) -> tuple[Item, ...]:
        rows: Any = await self._connection.scalar(select(LIST).where(*conditions))
        return items_of(rows)

    async def _all(self, query: Executable) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = (await self._connection.execute(query)).all()
        return rows


def _any(column: ColumnElement[str], values: Collection[str]) -> ColumnElement[bool]:
    """One parameter, however many values: PostgreSQL takes 32,767 parameters at most."""
    return column == func.any(literal(list(values), ARRAY(Text)))


@cache
def _page(names: frozenset[str]) -> Executable:
    """The count of all that match, and a list of those after a rank."""
    matching = [table.c.project == bindparam("project"), *conditions(names)]
    total = select(func.count()).select_from(table).where(*matching).scalar_subquery()
    rest = select(*LISTED).where(*matching, table.c.rank > bindparam("after")).order_by(table.c.rank)
    page = select(list_of(rest.limit(bindparam("limit")).subquery("page"))).scalar_subquery()
    both = func.json_build_object("total", total, "items", page, type_=JSON())
    return select(both).execution_options(**BARE)
