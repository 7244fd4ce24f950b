"""What the database holds, seen past the server."""

import json
from typing import Any

import asyncpg

from scrum_storage.tables import core

TABLES = sorted(table.name for table in core.sorted_tables)


async def rows(url: str, query: str, *arguments: Any) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [dict(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


async def dump(url: str, *, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every row of every table as text, in an order of its own."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return {
            name: sorted(row[0] for row in await connection.fetch(f"SELECT t::text FROM core.{name} t"))  # noqa: S608 - names of our tables
            for name in TABLES
            if name not in without
        }
    finally:
        await connection.close()


async def events(url: str, project: str) -> list[dict[str, Any]]:
    """The outbox of a project, oldest first."""
    found = await rows(url, "SELECT * FROM core.outbox WHERE project = $1 ORDER BY seq", project)
    return [{**row, "data": json.loads(row["data"])} for row in found]


async def ledger(url: str, sprint: str) -> list[dict[str, Any]]:
    return await rows(url, "SELECT * FROM core.ledger WHERE sprint = $1 ORDER BY id", sprint)
