"""Frozen dataclasses as jsonb columns: exact there and back, and unknown keys of other versions are ignored."""

from datetime import date
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator


class Stored(TypeDecorator[Any]):
    """A value of one type; None is NULL."""

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self.plain(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self.restored(value)

    def plain(self, value: Any) -> Any:
        """As plain JSON values."""
        return self._adapter.dump_python(value, mode="json")

    def restored(self, value: Any) -> Any:
        """From plain JSON values."""
        return self._adapter.validate_python(value)


def plain(value: object) -> str:
    """What JSON has no form for: days and moments, as ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
