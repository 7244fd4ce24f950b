"""A filter over a backlog as SQL: the conditions of what is given, and their parameters."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, func, or_
from sqlalchemy.dialects.postgresql import ARRAY

from scrum.backlog.model import Status, Where
from scrum_storage.tables import items

OPEN = [status.value for status in Status if status.is_open]

_IN_NONE = "-"


def parameters(where: Where) -> dict[str, Any]:
    """By name, those of the conditions that apply. Open items only, unless a status, keys or a sprint are named."""
    sprint = where.sprint.strip().upper()
    named = bool(where.keys) or sprint not in ("", _IN_NONE)
    optional: tuple[tuple[str, object, Any], ...] = (
        ("keys", where.keys, [key.strip().upper() for key in where.keys]),
        ("status", where.status or not named, [status.value for status in where.status] or OPEN),
        ("type", where.type, [kind.value for kind in where.type]),
        ("priority", where.priority, [priority.value for priority in where.priority]),
        ("assignee", where.assignee, where.assignee.strip().lower()),
        ("label", where.label, [where.label]),
        ("skill", where.skill, [where.skill.strip().lower()]),
        ("text", where.text, where.text),
        ("sprint", sprint, sprint.removeprefix(_IN_NONE)),
        ("blocked", where.blocked is not None, where.blocked),
        ("estimated", where.estimated is not None, where.estimated),
    )
    return {name: value for name, given, value in optional if given}


def conditions(names: frozenset[str]) -> list[ColumnElement[bool]]:
    """In a fixed order, for the statement cache."""
    return [_CONDITIONS[name] for name in _CONDITIONS if name in names]


def _several(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    return column == func.any(bindparam(name, type_=ARRAY(Text)))


def _says(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Literally, whatever its case."""
    return func.strpos(func.lower(column), func.lower(bindparam("text", type_=Text))) > 0


_c = items.c
_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "keys": _several(_c.key, "keys"),
    "status": _several(_c.status, "status"),
    "type": _several(_c.type, "type"),
    "priority": _several(_c.priority, "priority"),
    "assignee": func.lower(_c.assignee) == bindparam("assignee"),
    "label": _c.labels.contains(bindparam("label", type_=ARRAY(Text))),
    "skill": _c.skills.contains(bindparam("skill", type_=ARRAY(Text))),
    "text": or_(_says(_c.title), _says(_c.description)),
    "sprint": _c.sprint == bindparam("sprint"),
    "blocked": _c.blocked_since.is_not(None) == bindparam("blocked"),
    "estimated": _c.points.is_not(None) == bindparam("estimated"),
}
