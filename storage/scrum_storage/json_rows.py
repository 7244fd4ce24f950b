"""Rows that come as JSON objects: their values as the columns' types say."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import Date, DateTime, Table
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from scrum_storage.jsonb import Stored

T = TypeVar("T")


def restored(kind: type[T], /, **values: Any) -> T:
    """A frozen dataclass from all its fields, past its constructor, which takes three times as long."""
    made = object.__new__(kind)
    made.__dict__.update(values)
    return made


def named(table: Table, row: Mapping[str, Any]) -> Any:
    """The values of a row under the names of its columns."""
    values = dict(row)
    for name, convert in _converters(table).items():
        if values[name] is not None:
            values[name] = convert(values[name])
    return SimpleNamespace(**values)


@cache
def _converters(table: Table) -> dict[str, Callable[[Any], Any]]:
    found = {column.name: _converter(column.type) for column in table.c}
    return {name: convert for name, convert in found.items() if convert is not None}


def _converter(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    if isinstance(kind, Stored):
        return kind.restored
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if _is_array_of_dates(kind):
        return _dates
    return None


def _is_array_of_dates(kind: Any) -> bool:
    return isinstance(kind, ARRAY) and isinstance(kind.item_type, Date)  # pyright: ignore[reportUnknownMemberType] # of any type


def _dates(texts: list[str]) -> list[date]:
    return [date.fromisoformat(text) for text in texts]
