"""Units of work: what every store has, and what the store `core` has for every context that lives in it."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from scrum.deliveries import Delivery
from scrum.events import Event
from scrum_storage.ceremonies import PostgresOccurrences, PostgresSchedules, PostgresSettings
from scrum_storage.connection import Statements
from scrum_storage.happenings import Happenings
from scrum_storage.history import PostgresHistory
from scrum_storage.inbox import Inbox
from scrum_storage.items import PostgresItems
from scrum_storage.messages import Messages
from scrum_storage.outbox import Outbox
from scrum_storage.plannings import PostgresPlannings
from scrum_storage.plans import PostgresPlans
from scrum_storage.projects import PostgresProjects
from scrum_storage.sprints import PostgresSprints
from scrum_storage.teams import PostgresTeams
from scrum_storage.unsettled import PostgresUnsettled

Commit: TypeAlias = Callable[[], Awaitable[None]]


class MessageWork:
    def __init__(self, connection: Statements, commit: Commit, messages: Messages) -> None:
        self.inbox = Inbox(connection, messages.inbox)
        self._outbox = Outbox(connection, messages.outbox)
        self._commit = commit

    def publish(self, *events: Event, cause: Delivery | None = None) -> None:
        self._outbox.add(*events, cause=cause)

    async def commit(self) -> None:
        await self._outbox.write()
        await self._commit()


class PostgresWork(MessageWork):
    def __init__(self, connection: Statements, commit: Commit, messages: Messages) -> None:
        super().__init__(connection, commit, messages)
        self.projects = PostgresProjects(connection)
        self.teams = PostgresTeams(connection)
        self.items = PostgresItems(connection)
        self.sprints = PostgresSprints(connection)
        self.history = PostgresHistory(connection)
        self.plans = PostgresPlans(connection)
        self.unsettled = PostgresUnsettled(connection)
        self.settings = PostgresSettings(connection)
        self.schedules = PostgresSchedules(connection)
        self.occurrences = PostgresOccurrences(connection)
        self.plannings = PostgresPlannings(connection)
        self._happenings = Happenings(connection)

    async def hear(self) -> None:
        await self._happenings.record(self._outbox.fresh())

    async def commit(self) -> None:
        await self.hear()
        await super().commit()
