"""The doctor: tells what works and what to do, changes nothing, shows no secrets."""

import asyncio
import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from scrum.team.project import Cadence
from scrum_server.checks.check import Check, Mark
from scrum_server.doctor import checks
from scrum_server.settings import Settings, read_settings
from scrum_storage.embedded.servers import Servers
from scrum_storage.migrate import HEADS
from scrum_storage.store import Store
from tests.conftest import administer
from tests.events.held import a_running_sprint, a_scheduler, now
from tests.server.commands import scrum_mcp


@pytest.fixture
def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


@pytest.fixture
def own_servers(database: str, servers: Servers, free_port: str) -> Settings:
    return read_settings(
        {"SCRUM_DATABASE_URL": database, "SCRUM_REDIS_URL": servers.redis, "SCRUM_PORT": free_port}
    )


async def found(settings: Settings) -> dict[str, Check]:
    return {check.about: check for check in await checks(settings)}


def at(home: Path, **settings: str) -> Settings:
    return read_settings({"SCRUM_HOME": str(home), "SCRUM_PORT": "0", **settings})


def everything_in(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


async def test_a_database_for_many_with_a_redis_for_one_is_noted(tmp_path: Path, database: str) -> None:
    seen = await found(at(tmp_path, SCRUM_DATABASE_URL=database))

    assert seen["settings"].mark is Mark.NOTE
    assert "SCRUM_REDIS_URL" in seen["settings"].detail


async def test_where_everything_works_everything_is_ok(own_servers: Settings) -> None:
    seen = await found(own_servers)

    assert {check.mark for check in seen.values()} == {Mark.OK}
    assert seen["schema"].detail == f"up to date at {', '.join(HEADS.values())}"
    assert list(seen) == [
        "Python",
        "scrum-mcp",
        "settings",
        "PostgreSQL",
        "pgvector",
        "schema",
        "Redis",
        "events",
        "ceremonies",
        "HTTP port",
    ]


async def test_an_empty_database_has_a_migration_pending_and_stays_empty(
    own_servers: Settings, empty_database: str
) -> None:
    settings = Settings.model_validate({**dict(own_servers), "database_url": empty_database})

    first, second = await found(settings), await found(settings)

    assert (first["schema"].mark, first["pgvector"].mark) == (Mark.NOTE, Mark.NOTE)
    assert HEADS["core"] in first["schema"].detail
    assert second == first


async def test_a_database_of_a_newer_version_is_not_ok(own_servers: Settings, database: str) -> None:
    await administer(database, "UPDATE core.revision SET version_num = 'core_9999'")

    schema = (await found(own_servers))["schema"]

    assert schema.mark is Mark.BROKEN
    assert "core_9999" in schema.detail


async def test_running_embedded_servers_are_found(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    assert servers.redis
    seen = await found(at((folder if worker_id == "master" else folder.parent) / "home"))

    assert not [check for check in seen.values() if check.mark is Mark.BROKEN]
    assert seen["embedded postgres"].detail.startswith("pid ")
    assert seen["embedded redis"].detail.startswith("pid ")
    assert seen["PostgreSQL"].detail.startswith("version 18")
    assert seen["Redis"].mark is Mark.OK
    assert seen["keeper"].mark is Mark.OK


async def test_looking_at_a_folder_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    seen = await found(at(tmp_path / "some" / "home"))

    assert "does not exist yet" in seen["data folder"].detail
    assert "is not running" in seen["PostgreSQL"].detail
    assert not [check for check in seen.values() if check.mark is Mark.BROKEN]
    assert not (tmp_path / "some").exists()


async def test_a_folder_with_something_else_is_not_ok_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    before = everything_in(tmp_path)

    folder = (await found(at(tmp_path)))["data folder"]

    assert folder.mark is Mark.BROKEN
    assert "holds thesis.txt" in folder.detail
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("text", ['{"made_by": "scrum-mcp", "layout": 99, "postgres": 18}', "[]", "{", "7"])
async def test_a_folder_of_another_version_is_not_ok(tmp_path: Path, text: str) -> None:
    (tmp_path / "scrum-home.json").write_text(text, encoding="utf-8")

    assert "another version" in (await found(at(tmp_path)))["data folder"].detail


async def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("", encoding="utf-8")

    assert (await found(at(tmp_path / "home")))["data folder"].mark is Mark.BROKEN


@pytest.fixture
def closed_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    return folder


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_may_not_be_written_is_not_ok(closed_folder: Path) -> None:
    assert (await found(at(closed_folder / "home")))["data folder"].mark is Mark.BROKEN


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:tiger@127.0.0.1:1/db",
        "postgresql://ana:tiger@127.0.0.1:1/db?sslmode=require",
    ],
)
async def test_a_database_that_cannot_be_used_is_not_ok_and_no_secret_is_shown(
    tmp_path: Path, url: str
) -> None:
    seen = await found(at(tmp_path, SCRUM_DATABASE_URL=url))

    assert seen["PostgreSQL"].mark is Mark.BROKEN
    assert not [
        word for word in ("tiger", "ger@", ":ti") if any(word in str(check) for check in seen.values())
    ]


@pytest.mark.parametrize(
    "url",
    [
        "redis://:tiger@127.0.0.1:1/0",
    ],
)
async def test_a_redis_that_cannot_be_used_is_not_ok_and_no_secret_is_shown(tmp_path: Path, url: str) -> None:
    seen = await found(at(tmp_path, SCRUM_REDIS_URL=url))

    assert seen["Redis"].mark is Mark.BROKEN
    assert not [
        word for word in ("tiger", "ger@", "'ti'") if any(word in str(check) for check in seen.values())
    ]


async def test_a_port_that_somebody_else_has_is_not_ok(tmp_path: Path, taken_port: str) -> None:
    port = (await found(at(tmp_path, SCRUM_PORT=taken_port)))["HTTP port"]

    assert port.mark is Mark.BROKEN
    assert "SCRUM_PORT" in port.detail


async def test_a_port_that_scrum_mcp_serves_is_ok(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"status":"live"}')
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        number = server.sockets[0].getsockname()[1]
        port = (await found(at(tmp_path, SCRUM_PORT=str(number))))["HTTP port"]

    assert (port.mark, port.detail) == (Mark.OK, f"scrum-mcp serves 127.0.0.1:{number}")


async def test_an_address_that_others_can_reach_is_not_ok(tmp_path: Path) -> None:
    assert "loopback" in (await found(at(tmp_path, SCRUM_HOST="0.0.0.0")))["HTTP port"].detail  # noqa: S104 - refused


async def test_the_command_prints_a_line_for_each_check_and_starts_nothing(tmp_path: Path) -> None:
    answer = await scrum_mcp("doctor", SCRUM_HOME=str(tmp_path / "home"), SCRUM_PORT="0")

    assert (answer.status, answer.err) == (0, "")
    assert {line[:6].strip() for line in answer.out.splitlines()} == {"ok", "note"}
    assert not (tmp_path / "home").exists()


async def test_the_command_ends_with_status_1_when_something_does_not_work(
    tmp_path: Path, taken_port: str
) -> None:
    answer = await scrum_mcp("doctor", SCRUM_HOME=str(tmp_path / "home"), SCRUM_PORT=taken_port)

    assert answer.status == 1
    assert "not ok  HTTP port" in answer.out


async def test_a_ceremony_that_could_not_be_delivered_is_not_ok(
    own_servers: Settings, database: str, core: Store
) -> None:
    await a_running_sprint(core, now(), 2, {}, cadence=Cadence.STARTUP)
    async with a_scheduler(database, now()) as scheduler:
        await scheduler.evaluating.evaluate()
    waiting = (await found(own_servers))["ceremonies"]
    await administer(database, "UPDATE core.occurrences SET status = 'failed', told = 'No disk'")

    failed = (await found(own_servers))["ceremonies"]

    assert (waiting.mark, waiting.detail) == (Mark.OK, "1 due, none failed")
    assert failed.mark is Mark.BROKEN
    assert failed.detail.startswith("SHOP-S1-C1 could not be delivered, the last because No disk")


async def test_a_ceremony_that_nobody_delivers_is_not_ok(
    own_servers: Settings, database: str, core: Store
) -> None:
    before = now() - timedelta(hours=1)
    await a_running_sprint(core, before, 2, {}, cadence=Cadence.STARTUP)
    async with a_scheduler(database, before) as scheduler:
        await scheduler.evaluating.evaluate()

    late = (await found(own_servers))["ceremonies"]

    assert late.mark is Mark.BROKEN
    assert late.detail.startswith("SHOP-S1-C1 should have been delivered")


@pytest.mark.parametrize(("seconds", "mark"), [(240, Mark.OK), (301, Mark.BROKEN)])
async def test_a_ceremony_is_late_after_five_minutes(
    own_servers: Settings, database: str, core: Store, seconds: int, mark: Mark
) -> None:
    await a_running_sprint(core, now(), 2, {}, cadence=Cadence.STARTUP)
    async with a_scheduler(database, now()) as scheduler:
        await scheduler.evaluating.evaluate()
    await administer(database, f"UPDATE core.occurrences SET due_at = now() - interval '{seconds} s'")  # noqa: S608 - ours

    assert (await found(own_servers))["ceremonies"].mark is mark
