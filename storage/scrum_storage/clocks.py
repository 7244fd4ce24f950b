"""By which clock the days of a sprint pass: from its planning on, and by its project's policy until it starts."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Double, bindparam, literal_column, select

from scrum.ceremonies.policy.model import resolve
from scrum.ceremonies.policy.spelling import Document
from scrum.clock import REAL_TIME, ProjectClock
from scrum.team.calendar import LONGEST
from scrum.team.project import Cadence
from scrum_storage.ceremony_tables import ceremony_settings
from scrum_storage.tables import projects

_SCALES = {cadence: resolve(cadence, Document()).sprint.settings.time_scale for cadence in Cadence}
_OF_TEMPLATE = " ".join(f"WHEN '{cadence}' THEN {scale}" for cadence, scale in _SCALES.items() if scale != 1)

SCALE_OF_PROJECT = (
    "coalesce((ceremony_settings.document #>> '{sprint,time_scale}')::float8, "
    f"CASE projects.cadence {_OF_TEMPLATE} ELSE 1 END)"
)
SCALE = literal_column(
    f"coalesce(schedules.time_scale, (SELECT {SCALE_OF_PROJECT} FROM core.projects LEFT JOIN core.ceremony_settings "  # noqa: S608 - our own names
    "ON ceremony_settings.project = projects.key WHERE projects.key = sprints.project))",
    Double,
)
SCALE_OF_COMING = (
    select(literal_column(SCALE_OF_PROJECT, Double))
    .select_from(projects.outerjoin(ceremony_settings, ceremony_settings.c.project == projects.c.key))
    .where(projects.c.key == bindparam("project"))
)


def clock_of(row: Any) -> ProjectClock:
    """Of a sprint, with the anchor and the scale; once it is closed it goes on as real time does."""
    if row.anchor is None or row.scale == 1:
        return REAL_TIME
    clock = ProjectClock(row.anchor, row.scale)
    ends = [row.closed_at, _forgotten(clock, row.last_day) if row.started_at else None]
    return replace(clock, until=min(filter(None, ends), default=None))


def _forgotten(clock: ProjectClock, last: date) -> datetime:
    """A year after it was to end: what nobody closes does not grow older by centuries."""
    return clock.real(datetime.combine(last + timedelta(LONGEST), time(), UTC))
