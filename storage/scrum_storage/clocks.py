"""By which clock the days of a sprint pass: from its planning on, and by its project's policy until it starts."""

from datetime import datetime

from sqlalchemy import Double, literal_column

from scrum.ceremonies.policy.model import resolve
from scrum.ceremonies.policy.spelling import Document
from scrum.clock import REAL_TIME, ProjectClock
from scrum.team.project import Cadence

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


def clock_of(anchor: datetime | None, scale: float, closed: datetime | None) -> ProjectClock:
    """A sprint that is over goes on as real time does."""
    return REAL_TIME if anchor is None or scale == 1 else ProjectClock(anchor, scale, closed)
