"""The column types of pgvector, whose values travel as text."""

from typing import Any, cast

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


class _Vector(UserDefinedType[str]):
    """Of any number of dimensions, unless one is given."""

    name: str

    def __init__(self, dimensions: int | str = "") -> None:
        self.dimensions = str(dimensions)

    def get_col_spec(self, **_: Any) -> str:
        return f"{self.name}({self.dimensions})" if self.dimensions else self.name


class Vector(_Vector):
    cache_ok = True
    name = "vector"


class HalfVector(_Vector):
    """Half-precision: a row of 768 dimensions stays in its page."""

    cache_ok = True
    name = "halfvec"


class SparseVector(_Vector):
    cache_ok = True
    name = "sparsevec"


_REFLECTED = cast("dict[str, Any]", ischema_names)
_REFLECTED.update({kind.name: kind for kind in (Vector, HalfVector, SparseVector)})
