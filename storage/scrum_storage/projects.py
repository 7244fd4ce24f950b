"""Projects."""

from typing import Any

from sqlalchemy import func, select

from scrum.team.calendar import WorkingCalendar
from scrum.team.project import Autonomy, Cadence, Project, UnknownProject
from scrum_storage import versions
from scrum_storage.connection import Statements
from scrum_storage.tables import projects


class PostgresProjects:
    """A claim is a row lock that lets others read, and refer to, the project."""

    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def get(self, key: str) -> Project:
        return await self._one(key, claim=False)

    async def claim(self, key: str) -> Project:
        return await self._one(key, claim=True)

    async def find(self, key: str) -> Project | None:
        """Whoever asks for the same key waits until this work ends, also while there is no such project."""
        lock = func.pg_advisory_xact_lock(func.hashtextextended(f"core.projects:{_normal(key)}", 0))
        await self._connection.execute(select(lock))
        return await self._row(key, claim=True)

    async def keys(self) -> list[str]:
        return list((await self._connection.scalars(select(projects.c.key).order_by(projects.c.key))).all())

    async def put(self, project: Project) -> None:
        await versions.put(self._connection, projects, _columns(project))

    async def _one(self, key: str, *, claim: bool) -> Project:
        project = await self._row(key, claim=claim)
        if project is None:
            raise UnknownProject(key, await self.keys())
        return project

    async def _row(self, key: str, *, claim: bool) -> Project | None:
        query = select(projects).where(projects.c.key == _normal(key))
        query = query.with_for_update(key_share=True) if claim else query
        row = (await self._connection.execute(query)).one_or_none()
        return project_of(row) if row else None


def _normal(key: str) -> str:
    return key.strip().upper()


def project_of(row: Any) -> Project:
    """From a row, or anything else with its names."""
    calendar = WorkingCalendar(row.timezone, row.country, tuple(row.workdays), tuple(row.days_off))
    return Project(
        key=row.key,
        name=row.name,
        sprint_days=row.sprint_days,
        cadence=Cadence(row.cadence),
        autonomy=Autonomy(row.autonomy),
        focus_factor=row.focus_factor,
        target_confidence=row.target_confidence,
        share_memory=row.share_memory,
        learning=row.learning,
        calendar=calendar,
        next_item=row.next_item,
        next_sprint=row.next_sprint,
        version=row.version,
    )


def _columns(project: Project) -> dict[str, Any]:
    calendar = project.calendar
    return {
        "key": project.key,
        "name": project.name,
        "sprint_days": project.sprint_days,
        "cadence": project.cadence,
        "autonomy": project.autonomy,
        "focus_factor": project.focus_factor,
        "target_confidence": project.target_confidence,
        "share_memory": project.share_memory,
        "learning": project.learning,
        "timezone": calendar.timezone,
        "country": calendar.country,
        "workdays": list(calendar.workdays),
        "days_off": list(calendar.days_off),
        "next_item": project.next_item,
        "next_sprint": project.next_sprint,
        "version": project.version,
    }
