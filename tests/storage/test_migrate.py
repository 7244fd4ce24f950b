"""Migrations: all or nothing, once, and never backwards."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from scrum_storage.errors import MayNotCreate, NewerDatabase, Unreachable
from scrum_storage.migrate import HEAD, VERSION_TABLE, alembic_config, migrate, pending
from scrum_storage.tables import core as metadata
from tests.conftest import administer, in_database
from tests.requirements import requirement


async def tables(url: str) -> list[str]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'core' ORDER BY 1")
        return [row["tablename"] for row in rows]
    finally:
        await connection.close()


async def test_the_head_known_in_code_is_the_head_of_the_scripts() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [HEAD]


async def test_migrating_twice_does_nothing_the_second_time(empty_database: str) -> None:
    assert await migrate(empty_database) == [HEAD]
    assert await migrate(empty_database) == []


async def test_pending_lists_what_migrate_would_apply(empty_database: str) -> None:
    assert await pending(empty_database) == [HEAD]
    await migrate(empty_database)
    assert await pending(empty_database) == []


@requirement("store.migrate-once")
async def test_of_two_migrations_at_once_one_migrates_and_the_other_finds_nothing_to_do(
    empty_database: str,
) -> None:
    results = await asyncio.gather(migrate(empty_database), migrate(empty_database))

    assert sorted(results) == [[], [HEAD]]


async def test_a_database_of_a_newer_version_is_refused_and_unchanged(database: str) -> None:
    await administer(database, "UPDATE core.revision SET version_num = 'core_9999'")
    before = await tables(database)

    with pytest.raises(NewerDatabase, match="core_9999"):
        await migrate(database)
    with pytest.raises(NewerDatabase):
        await pending(database)

    assert await tables(database) == before


async def test_a_failed_migration_leaves_nothing_behind(empty_database: str) -> None:
    await administer(empty_database, "CREATE SCHEMA core", "CREATE TABLE core.plans (mine integer)")

    with pytest.raises(Exception, match="already exists"):
        await migrate(empty_database)

    assert await tables(empty_database) == ["plans"]


async def test_a_role_that_may_not_create_is_told_what_it_needs(empty_database: str) -> None:
    role = f"reader_{empty_database.partition('test_')[2][:8]}"
    await administer(empty_database, f"CREATE ROLE {role} LOGIN")
    try:
        with pytest.raises(MayNotCreate, match="Grant it CREATE"):
            await migrate(empty_database.replace("//scrum@", f"//{role}@"))
    finally:
        await administer(empty_database, f"DROP ROLE {role}")


async def test_a_missing_database_is_named_without_its_password(database: str) -> None:
    url = in_database(database, "nowhere").replace("//scrum@", "//scrum:geheim@")

    with pytest.raises(Unreachable, match="nowhere") as caught:
        await migrate(url)

    assert "geheim" not in str(caught.value)


async def test_the_migrated_schema_is_the_one_that_the_code_expects(database: str) -> None:
    assert await inside(database, differences) == []


async def test_downgrading_takes_every_table_away(database: str) -> None:
    await inside(database, lambda connection: command.downgrade(alembic_config(connection), "core@base"))

    assert await tables(database) == [VERSION_TABLE]
    assert await migrate(database) == [HEAD]


async def test_a_database_that_is_up_to_date_costs_no_import_of_alembic(database: str) -> None:
    program = (
        "import asyncio, sys; from scrum_storage import migrate, store; "
        "asyncio.run(migrate.migrate(sys.argv[1])); print({'alembic', 'scipy'} & set(sys.modules))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, database, stdout=PIPE)
    async with asyncio.timeout(60):
        said, _ = await process.communicate()

    assert said.strip() == b"set()"


async def inside(url: str, act: Callable[[Connection], Any]) -> Any:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(act)
    finally:
        await engine.dispose()


def differences(connection: Connection) -> list[Any]:
    options = {
        "include_schemas": True,
        "compare_type": True,
        "compare_server_default": True,
        "include_name": _of_core,
        "version_table": VERSION_TABLE,
        "version_table_schema": "core",
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _of_core(name: str | None, kind: str, _: object) -> bool:
    return kind != "schema" or name == "core"
