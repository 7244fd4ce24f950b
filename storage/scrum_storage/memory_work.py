"""The unit of work of the store `memory`."""

from scrum_storage.connection import Statements
from scrum_storage.episodes import PostgresEpisodes
from scrum_storage.messages import Messages
from scrum_storage.sharing import PostgresSharing
from scrum_storage.strategies import PostgresStrategies
from scrum_storage.work import Commit, MessageWork

INDEX = {"hnsw.ef_search": "100", "hnsw.iterative_scan": "relaxed_order"}
"""How thoroughly the indexes of vectors are searched, and that they go on when a filter left too few."""


class MemoryWork(MessageWork):
    def __init__(self, connection: Statements, commit: Commit, messages: Messages) -> None:
        super().__init__(connection, commit, messages)
        self.episodes = PostgresEpisodes(connection)
        self.sharing = PostgresSharing(connection)
        self.strategies = PostgresStrategies(connection)
