"""Whose episodes others may find."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from scrum_storage.connection import Statements
from scrum_storage.memory_tables import sharing

_NEW = insert(sharing)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["project"],
    set_={"shared": _NEW.excluded.shared, "version": _NEW.excluded.version},
    where=sharing.c.version < _NEW.excluded.version,
)


class PostgresSharing:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def put(self, project: str, version: int, *, shared: bool) -> None:
        row = {"project": project, "shared": shared, "version": version}
        await self._connection.execute(_PUT, row)

    async def others(self, project: str) -> list[str]:
        sharers = select(sharing.c.project).where(sharing.c.shared, sharing.c.project != project)
        return list((await self._connection.scalars(sharers.order_by(sharing.c.project))).all())
