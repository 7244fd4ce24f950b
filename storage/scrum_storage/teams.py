"""Teams: one row each, with members and absences in their order."""

from sqlalchemy import select

from scrum.team.model import Team
from scrum_storage import versions
from scrum_storage.connection import Statements
from scrum_storage.tables import teams


class PostgresTeams:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def get(self, project: str) -> Team:
        query = select(teams).where(teams.c.project == project)
        row = (await self._connection.execute(query)).one_or_none()
        return Team(row.project, row.members, row.absences, row.version) if row else Team(project)

    async def put(self, team: Team) -> None:
        columns = {
            "project": team.project,
            "members": team.members,
            "absences": team.absences,
            "version": team.version,
        }
        await versions.put(self._connection, teams, columns)
