"""What the team context needs from outside."""

from typing import Protocol

from scrum.team.model import Team
from scrum.team.project import Project
from scrum.work import Work


class Projects(Protocol):
    async def get(self, key: str) -> Project:
        """Raises UnknownProject."""
        ...

    async def claim(self, key: str) -> Project:
        """As `get`, and nobody else changes this project before the work ends. Raises UnknownProject."""
        ...

    async def find(self, key: str) -> Project | None:
        """Claimed, or None where there is none yet."""
        ...

    async def keys(self) -> list[str]: ...

    async def put(self, project: Project) -> None: ...


class Teams(Protocol):
    async def get(self, project: str) -> Team:
        """An empty team where none was set."""
        ...

    async def put(self, team: Team) -> None: ...


class TeamWork(Work, Protocol):
    @property
    def projects(self) -> Projects: ...

    @property
    def teams(self) -> Teams: ...
