"""Several processes, one pair of servers."""

import stat
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from scrum_storage.embedded.probes import FULL
from scrum_storage.embedded.servers import embedded
from scrum_storage.embedded.status import status
from scrum_storage.errors import Busy
from scrum_storage.store import open_store
from tests.requirements import requirement
from tests.storage.embedded.users import (
    WRITTEN,
    User,
    command,
    eventually,
    kept,
    rows,
    spawn,
    stopped,
    write_one,
)


@requirement("servers.shared")
def test_processes_that_open_a_fresh_folder_at_once_share_one_pair_of_servers(home: Path) -> None:
    users = [User(home) for _ in range(4)]
    try:
        assert len({user.servers for user in users}) == 1
        assert (home / "servers/postgres.log").read_text().count("starting PostgreSQL") == 1
        assert status(home).users in {4, None}
    finally:
        for user in users:
            user.leave()


def test_who_joins_finds_what_another_wrote(home: Path) -> None:
    with User(home) as first, User(home) as second:
        write_one(first.servers)

        assert kept(second.servers) == WRITTEN


@requirement("servers.shared")
def test_the_servers_stay_while_one_user_is_left(used_home: Path) -> None:
    with User(used_home) as stays:
        with User(used_home) as leaves:
            assert leaves.servers == stays.servers
        before = status(used_home)

        assert kept(stays.servers) == WRITTEN
        assert status(used_home) == before


@requirement("servers.shared")
def test_the_servers_stop_when_the_last_user_leaves(used_home: Path) -> None:
    with User(used_home) as user:
        assert kept(user.servers) == WRITTEN

    assert eventually(lambda: stopped(used_home))
    assert (used_home / "servers/postgres.log").read_text().endswith("database system is shut down\n")


def test_a_folder_opens_again_with_what_was_written(used_home: Path) -> None:
    for _ in range(3):
        with embedded(used_home) as servers:
            assert kept(servers) == WRITTEN


def test_one_process_may_open_a_folder_twice(used_home: Path) -> None:
    with embedded(used_home) as outer:
        with embedded(used_home) as inner:
            assert inner == outer

        assert kept(outer) == WRITTEN


def test_the_database_has_pgvector_and_sorts_by_code_point(used_home: Path) -> None:
    with embedded(used_home) as servers:
        assert rows(servers, "CREATE EXTENSION vector", "SELECT '[1,2]'::vector <-> '[1,3]'") == [(1.0,)]
        locale = "SELECT pg_encoding_to_char(encoding), datlocale FROM pg_database WHERE datname = 'scrum'"
        assert rows(servers, locale) == [("UTF8", "C.UTF-8")]


def test_what_is_committed_is_on_the_disk(used_home: Path) -> None:
    with embedded(used_home) as servers:
        settings = ("fsync", "synchronous_commit", "full_page_writes")
        assert {rows(servers, f"SHOW {name}")[0][0] for name in settings} == {"on"}
        assert command(servers, "CONFIG", "GET", "appendfsync") == {"appendfsync": "always"}


def test_the_servers_listen_on_no_network(used_home: Path) -> None:
    with embedded(used_home) as servers:
        assert rows(servers, "SHOW listen_addresses") == [("",)]
        assert command(servers, "CONFIG", "GET", "port") == {"port": "0"}


def test_only_the_owner_reaches_the_sockets(used_home: Path) -> None:
    with embedded(used_home) as servers:
        sockets = Path(parse_qs(urlsplit(servers.postgres).query)["host"][0])

        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE((used_home / "servers").stat().st_mode) == 0o700


def test_the_port_of_another_postgres_in_the_environment_changes_nothing(
    used_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    with embedded(used_home) as servers:
        assert kept(servers) == WRITTEN


def test_the_servers_keep_no_pipe_of_the_process_that_started_them(used_home: Path) -> None:
    with User(used_home) as starter, User(used_home) as stays:
        assert starter.servers == stays.servers

        starter.leave()  # reads its standard output to the end, which comes when nobody has it open

        assert kept(stays.servers) == WRITTEN


async def test_who_joins_when_all_connections_are_taken_is_told_so_at_once(used_home: Path) -> None:
    with embedded(used_home) as first:
        async with all_connections(first.postgres):
            with embedded(used_home) as second:
                assert second == first
                async with open_store(second.postgres) as store:
                    with pytest.raises(Busy):
                        await store.ping()
            assert status(used_home).postgres.version == FULL


def test_a_forked_child_does_not_prolong_the_lease(used_home: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from scrum_storage.embedded.servers import embedded
with embedded(Path(sys.argv[1])):
    child = os.fork()
    if not child:
        sys.stdin.read()
        os._exit(0)
print("left", flush=True)
os.waitpid(child, 0)
"""
    with spawn([sys.executable, "-c", program, str(used_home)]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"left\n"
        assert eventually(lambda: stopped(used_home))
        process.communicate()


def test_status_tells_what_runs_and_who_uses_it(used_home: Path) -> None:
    with User(used_home) as first, User(used_home) as second:
        assert first.servers == second.servers

        now = status(used_home)

        assert now.users in {2, None}
        assert (now.postgres.version or "").startswith("18.")
        assert now.redis.version
        assert None not in {now.keeper, now.postgres.pid, now.redis.pid}
        assert now.postgres.size > 1_000_000
        assert now.postgres.log.exists()


def test_status_of_a_stopped_folder_starts_nothing(used_home: Path) -> None:
    now = status(used_home)

    assert (now.keeper, now.postgres.pid, now.postgres.version, now.redis.pid) == (None, None, None, None)
    assert now.users in {0, None}
    assert stopped(used_home)


def test_status_of_no_folder_makes_none(home: Path) -> None:
    assert status(home).postgres.size == 0
    assert not home.exists()


@asynccontextmanager
async def all_connections(url: str) -> AsyncGenerator[None]:
    held: list[asyncpg.Connection[asyncpg.Record]] = []
    try:
        with suppress(asyncpg.TooManyConnectionsError):
            while True:
                held.append(await asyncpg.connect(url.replace("+asyncpg", "")))
        assert len(held) == 300
        yield
    finally:
        for connection in held:
            connection.terminate()
