"""A filter over a backlog as SQL conditions."""

from sqlalchemy import ColumnElement, func, or_

from scrum.backlog.model import Status, Where
from scrum_storage.tables import items

OPEN = [status for status in Status if status.is_open]

_IN_NONE = "-"


def matching(project: str, where: Where) -> list[ColumnElement[bool]]:
    """Open items only, unless a status, keys or a sprint are asked for."""
    c = items.c
    sprint = where.sprint.strip().upper()
    named = bool(where.keys) or sprint not in ("", _IN_NONE)
    optional = (
        (where.keys, c.key.in_([key.strip().upper() for key in where.keys])),
        (where.status or not named, c.status.in_(where.status or OPEN)),
        (where.type, c.type.in_(where.type)),
        (where.priority, c.priority.in_(where.priority)),
        (where.assignee, func.lower(c.assignee) == where.assignee.strip().lower()),
        (where.label, c.labels.contains([where.label])),
        (where.skill, c.skills.contains([where.skill.strip().lower()])),
        (where.text, _says(where.text)),
        (sprint, c.sprint == sprint.removeprefix(_IN_NONE)),
        (where.blocked is not None, c.blocked_since.is_not(None).is_(where.blocked is True)),
        (where.estimated is not None, c.points.is_not(None).is_(where.estimated is True)),
    )
    return [c.project == project, *(condition for given, condition in optional if given)]


def _says(text: str) -> ColumnElement[bool]:
    """Literally, whatever its case."""
    return or_(
        items.c.title.icontains(text, autoescape=True), items.c.description.icontains(text, autoescape=True)
    )
