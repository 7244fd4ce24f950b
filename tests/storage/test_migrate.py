"""Migrations: all or nothing, once, and never backwards."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from scrum.deliveries import Place
from scrum_storage.errors import MayNotCreate, NewerDatabase, Unreachable
from scrum_storage.ids import uuid7
from scrum_storage.memory_tables import memory
from scrum_storage.migrate import HEADS, VERSION_TABLE, alembic_config, migrate, pending
from scrum_storage.store import open_store
from scrum_storage.tables import chronicle, core
from tests.builders import SHOP
from tests.conftest import administer, in_database
from tests.requirements import requirement
from tests.storage.messages import HERE, sent

CORE = [f"core_{number:04}" for number in range(1, 14)]
ALL = [
    *CORE,
    "memory_0001",
    "memory_0002",
    "memory_0003",
    "memory_0004",
    "memory_0005",
    "chronicle_0001",
    "chronicle_0002",
]
EVERY_SCHEMA = pytest.mark.parametrize("metadata", [core, memory, chronicle], ids=HEADS)

_OURS = "SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1"
_EXTENSIONS = "SELECT extname FROM pg_extension WHERE extname = 'vector'"

_WAITING = """
INSERT INTO core.outbox (id, type, version, project, aggregate, aggregate_version, occurred_at, actor, reason,
    correlation_id, data)
VALUES ('{0}', 'ProjectSetUp', 1, 'SHOP', 'SHOP', 1, now(), 'ana', '', '{0}', '{{"name": "The shop", "settings": {{}}}}')
"""

PROJECT = """
INSERT INTO core.projects VALUES ('SHOP', 'The shop', 14, 'solo', 'confirm', 0.8, 0.5, 'UTC', '', '{0,1,2,3,4}', '{}', 1, 2, 1)
"""
SPRINT = """
INSERT INTO core.sprints VALUES ('SHOP-S1', 'SHOP', 1, '', '2026-03-02', '2026-03-15', 'completed', '', 'ana', 1, 20, 2, NULL,
    '2026-03-02T09:00Z', '2026-03-13T09:00Z', '2026-03-13T09:00Z', NULL, 4)
"""
_PLAN = """
INSERT INTO core.plans VALUES ('PLAN-1', 'SHOP', now(), now(), 'SHOP-S1', '{"start": "2026-02-27", "end": "2026-03-10"}')
"""
_PAST = "INSERT INTO core.history VALUES ('SHOP', 'Old', 1, 'imported', 20.5, 4)"


async def names(url: str, query: str, *arguments: str) -> list[str]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [row[0] for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


async def tables(url: str, schema: str = "core") -> list[str]:
    return await names(url, _OURS, schema)


async def test_the_heads_known_in_code_are_the_heads_of_the_scripts() -> None:
    assert sorted(ScriptDirectory.from_config(alembic_config("core")).get_heads()) == sorted(HEADS.values())


async def test_migrating_twice_does_nothing_the_second_time(empty_database: str) -> None:
    assert await migrate(empty_database) == ALL
    assert await migrate(empty_database) == []


async def test_pending_lists_what_migrate_would_apply(empty_database: str) -> None:
    assert await pending(empty_database) == ALL
    await migrate(empty_database)
    assert await pending(empty_database) == []


async def test_a_store_is_migrated_alone_where_it_lives_alone(empty_database: str) -> None:
    assert await migrate(empty_database, ["chronicle"]) == ["chronicle_0001", "chronicle_0002"]

    assert await pending(empty_database, ["chronicle"]) == []
    assert (await tables(empty_database), await tables(empty_database, "memory")) == ([], [])


async def test_stores_that_moved_away_are_migrated_to_where_the_others_are_later(empty_database: str) -> None:
    await migrate(empty_database, ["core"])

    assert await migrate(empty_database) == [
        "memory_0001",
        "memory_0002",
        "memory_0003",
        "memory_0004",
        "memory_0005",
        "chronicle_0001",
        "chronicle_0002",
    ]


async def test_only_memory_needs_vectors(empty_database: str) -> None:
    await migrate(empty_database, ["core", "chronicle"])
    assert await names(empty_database, _EXTENSIONS) == []

    await migrate(empty_database, ["memory"])
    assert await names(empty_database, _EXTENSIONS) == ["vector"]


@requirement("store.migrate-once")
async def test_of_two_migrations_at_once_one_migrates_and_the_other_finds_nothing_to_do(
    empty_database: str,
) -> None:
    results = await asyncio.gather(migrate(empty_database), migrate(empty_database))

    assert sorted(results) == [[], ALL]


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


@EVERY_SCHEMA
async def test_the_migrated_schema_is_the_one_that_the_code_expects(
    database: str, metadata: MetaData
) -> None:
    assert await inside(database, partial(differences, metadata)) == []


@pytest.mark.parametrize("store", HEADS)
async def test_downgrading_takes_every_table_of_a_store_away(database: str, store: str) -> None:
    def down(connection: Connection) -> None:
        command.downgrade(alembic_config(store, connection), f"{store}@base")

    await inside(database, down)

    assert await tables(database, store) == [VERSION_TABLE]
    assert await migrate(database) == [one for one in ALL if one.startswith(store)]


async def test_what_sprints_cost_can_be_taken_back_and_applied_again(database: str) -> None:
    def down(connection: Connection) -> None:
        command.downgrade(alembic_config("core", connection), "core_0002")

    await inside(database, down)

    assert await migrate(database) == CORE[2:]
    assert await inside(database, partial(differences, core)) == []


async def test_events_that_waited_in_the_first_version_are_sent_by_this_one(empty_database: str) -> None:
    waiting = await an_old_database(empty_database)

    assert await migrate(empty_database, ["core"]) == CORE[1:]

    async with open_store(empty_database) as store:
        assert await sent(store.outgoing) == waiting
        assert await store.outgoing.settle(HERE, Place(1, 1)) == 2


async def test_sprints_of_the_second_version_are_kept_and_what_they_cost_is_unknown(
    empty_database: str,
) -> None:
    await an_old_database(empty_database, "core_0002")
    await administer(empty_database, PROJECT, SPRINT, _PAST)

    assert await migrate(empty_database, ["core"]) == CORE[2:]

    async with open_store(empty_database) as store, store.start() as work:
        (sprint,), (past,) = await work.sprints.completed(SHOP, 5), await work.history.of(SHOP)
        assert (sprint.id, sprint.version, sprint.spent) == ("SHOP-S1", 4, None)
        assert (past.name, past.completed_points, past.spent) == ("Old", 20.5, None)


@pytest.mark.parametrize(
    ("plan", "end"),
    [("PLAN-1", date(2026, 3, 13)), ("", date(2026, 3, 15))],
    ids=["as its plan has it", "as it is, without a plan"],
)
async def test_a_sprint_of_the_third_version_was_to_end(empty_database: str, plan: str, end: date) -> None:
    await an_old_database(empty_database, "core_0003")
    await administer(empty_database, PROJECT, SPRINT, _PLAN, f"UPDATE core.sprints SET plan = '{plan}'")  # noqa: S608 - ours

    await migrate(empty_database, ["core"])

    async with open_store(empty_database) as store, store.start() as work:
        (sprint,) = await work.sprints.completed(SHOP, 5)
        assert (sprint.end, sprint.planned_end) == (date(2026, 3, 15), end)


async def test_an_upgraded_schema_is_the_one_that_the_code_expects(empty_database: str) -> None:
    await an_old_database(empty_database)
    await migrate(empty_database)

    assert await inside(empty_database, partial(differences, core)) == []


async def test_a_database_that_is_up_to_date_costs_no_import_of_alembic(database: str) -> None:
    program = (
        "import asyncio, sys; from scrum_storage import migrate, store; "
        "asyncio.run(migrate.migrate(sys.argv[1])); print({'alembic', 'scipy'} & set(sys.modules))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, database, stdout=PIPE)
    async with asyncio.timeout(60):
        said, _ = await process.communicate()

    assert said.strip() == b"set()"


async def an_old_database(url: str, revision: str = "core_0001") -> list[UUID]:
    """At that revision, with two events that nobody sent; their ids."""

    def up(connection: Connection) -> None:
        command.upgrade(alembic_config("core", connection), revision)

    ids = [uuid7(), uuid7()]
    await administer(url, "CREATE SCHEMA core")
    await inside(url, up)
    await administer(url, *(_WAITING.format(one) for one in ids))
    return ids


async def inside(url: str, act: Callable[[Connection], Any]) -> Any:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(act)
    finally:
        await engine.dispose()


def differences(metadata: MetaData, connection: Connection) -> list[Any]:
    def ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "schema" or name == metadata.schema

    options = {
        "include_schemas": True,
        "compare_type": True,
        "compare_server_default": True,
        "include_name": ours,
        "version_table": VERSION_TABLE,
        "version_table_schema": metadata.schema,
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))
