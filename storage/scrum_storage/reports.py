"""Reports, kept once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, Table, func, select
from sqlalchemy.dialects.postgresql import insert

from scrum.chronicle.reports import Report
from scrum_storage.chronicle_tables import reports
from scrum_storage.connection import Statements


class PostgresReports:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def keep(self, report: Report) -> bool:
        new = insert(reports).on_conflict_do_nothing().returning(reports.c.id)
        return await self._connection.scalar(new, _columns(report)) is not None

    async def get(self, report: str) -> Report | None:
        found: Report | None = await self._connection.scalar(
            select(reports.c.report).where(reports.c.id == report)
        )
        return found

    async def latest(
        self, project: str, *, sprint: str = "", ceremony: str = "", limit: int = 20
    ) -> list[Report]:
        of_project = select(reports.c.report).where(reports.c.project == project)
        given = {"sprint": sprint, "ceremony": ceremony}
        found = await self._connection.scalars(newest(of_project, reports, given).limit(limit))
        return list(found.all())


def newest(rows: Select[Any], table: Table, given: Mapping[str, str]) -> Select[Any]:
    """Those with the values that are given, unless they are empty. At one moment, C10 is newer than C9."""
    wanted = [table.c[name] == value for name, value in given.items() if value]
    (key,) = table.primary_key.columns
    return rows.where(*wanted).order_by(table.c.at.desc(), func.length(key).desc(), key.desc())


def _columns(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "project": report.project,
        "sprint": report.sprint,
        "ceremony": report.ceremony,
        "at": report.at,
        "report": report,
    }
