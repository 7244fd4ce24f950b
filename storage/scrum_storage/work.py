"""The unit of work of the store `core`, for every context that lives in it."""

from collections.abc import Awaitable, Callable

from scrum.events import Event
from scrum_storage.connection import Statements
from scrum_storage.history import PostgresHistory
from scrum_storage.items import PostgresItems
from scrum_storage.outbox import Outbox
from scrum_storage.plans import PostgresPlans
from scrum_storage.projects import PostgresProjects
from scrum_storage.sprints import PostgresSprints
from scrum_storage.teams import PostgresTeams


class PostgresWork:
    def __init__(self, connection: Statements, commit: Callable[[], Awaitable[None]]) -> None:
        self.projects = PostgresProjects(connection)
        self.teams = PostgresTeams(connection)
        self.items = PostgresItems(connection)
        self.sprints = PostgresSprints(connection)
        self.history = PostgresHistory(connection)
        self.plans = PostgresPlans(connection)
        self._outbox = Outbox(connection)
        self._commit = commit

    def publish(self, *events: Event) -> None:
        self._outbox.add(*events)

    async def commit(self) -> None:
        await self._outbox.write()
        await self._commit()
