"""Events that not every consumer has acknowledged."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from scrum_storage.connection import Statements
from scrum_storage.tables import outbox

MOST = 1_000


class PostgresUnsettled:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def of(self, project: str) -> Sequence[UUID]:
        """At most MOST, the latest."""
        return (await self._connection.scalars(_latest(project))).all()


def _latest(project: str) -> Select[Any]:
    mine = select(outbox.c.id).where(outbox.c.project == project)
    return mine.order_by(outbox.c.id.desc()).limit(MOST)
