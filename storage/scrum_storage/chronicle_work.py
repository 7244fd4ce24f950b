"""The unit of work of the store `chronicle`."""

from scrum_storage.chronicle import PostgresHappenings
from scrum_storage.connection import Statements
from scrum_storage.messages import Messages
from scrum_storage.minutes import PostgresMinutes
from scrum_storage.reports import PostgresReports
from scrum_storage.work import Commit, MessageWork


class ChronicleWork(MessageWork):
    def __init__(self, connection: Statements, commit: Commit, messages: Messages) -> None:
        super().__init__(connection, commit, messages)
        self.happenings = PostgresHappenings(connection, messages.inbox)
        self.reports = PostgresReports(connection)
        self.minutes = PostgresMinutes(connection)
