"""JSON values, as type checkers want to see them."""

from typing import Any, TypeGuard


def is_array(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)
