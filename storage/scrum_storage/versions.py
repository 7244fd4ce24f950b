"""Writes that never overwrite a newer version."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert

from scrum_storage.connection import Statements
from scrum_storage.errors import Changed


async def put(connection: Statements, table: Table, row: dict[str, Any]) -> None:
    """Insert the row, or update it where the stored version is older.

    Raises:
        Changed: the stored version is the same or newer.
    """
    new = insert(table)
    keys = [column.name for column in table.primary_key]
    newer = new.on_conflict_do_update(
        index_elements=keys,
        set_={name: new.excluded[name] for name in row if name not in keys},
        where=table.c.version < new.excluded.version,
    )
    if (await connection.execute(newer.returning(table.c.version), row)).first() is None:
        raise Changed([str(row[key]) for key in keys])
