"""kill -9 of any process, in any role, blocks nothing and loses nothing."""

import os
import signal
import sys
from functools import partial
from pathlib import Path

import pytest

from scrum_storage.embedded.servers import embedded
from scrum_storage.embedded.status import Status, status
from tests.requirements import requirement
from tests.storage.embedded.users import (
    NOBODY,
    WRITTEN,
    User,
    eventually,
    kept,
    run,
    spawn,
    stopped,
    write_one,
)


def kill(*pids: int | None) -> None:
    for pid in pids:
        assert pid is not None
        os.kill(pid, signal.SIGKILL)


def keeper_ends(home: Path) -> bool:
    return eventually(lambda: status(home).keeper is None)


@requirement("servers.kill")
def test_the_servers_stop_when_the_last_user_is_killed(used_home: Path) -> None:
    user = User(used_home)
    assert kept(user.servers) == WRITTEN

    user.kill()

    assert eventually(lambda: stopped(used_home))


@requirement("servers.kill")
def test_a_killed_user_takes_nothing_from_the_others(used_home: Path) -> None:
    killed = User(used_home)
    with User(used_home) as stays:
        assert killed.servers == stays.servers

        killed.kill()

        assert kept(stays.servers) == WRITTEN


@requirement("servers.kill")
def test_what_was_written_before_everything_was_killed_is_there(home: Path) -> None:
    user = User(home)
    write_one(user.servers)
    now = status(home)

    kill(now.keeper, now.postgres.pid, now.redis.pid)
    user.kill()

    with embedded(home) as servers:
        assert kept(servers) == WRITTEN


@requirement("servers.kill")
def test_servers_outlive_a_killed_keeper_and_the_next_start_adopts_them(used_home: Path) -> None:
    with User(used_home) as user:
        assert kept(user.servers) == WRITTEN
        before = status(used_home)
        kill(before.keeper)
        assert keeper_ends(used_home)

        with User(used_home) as late:
            assert kept(late.servers) == WRITTEN

        after = status(used_home)
        assert (after.postgres.pid, after.redis.pid) == (before.postgres.pid, before.redis.pid)
        assert after.keeper not in {None, before.keeper}


def test_the_last_user_leaves_no_servers_behind_when_the_keeper_was_killed(used_home: Path) -> None:
    with User(used_home) as user:
        assert kept(user.servers) == WRITTEN
        kill(status(used_home).keeper)
        assert keeper_ends(used_home)

    assert eventually(lambda: stopped(used_home))


def test_the_next_start_adopts_what_a_killed_keeper_and_its_killed_user_left(used_home: Path) -> None:
    user = User(used_home)
    assert kept(user.servers) == WRITTEN
    before = status(used_home)
    kill(before.keeper)
    user.kill()

    with User(used_home) as late:
        assert kept(late.servers) == WRITTEN
        assert status(used_home).postgres.pid == before.postgres.pid


@requirement("servers.kill")
@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_a_killed_server_comes_back_while_users_are_there(used_home: Path, name: str) -> None:
    def pid(now: Status) -> int | None:
        return {"postgres": now.postgres.pid, "redis": now.redis.pid}[name]

    with User(used_home) as user:
        assert kept(user.servers) == WRITTEN
        killed = pid(status(used_home))
        kill(killed)

        assert eventually(lambda: pid(status(used_home)) not in {None, killed})
        with embedded(used_home) as servers:
            assert servers == user.servers
            assert kept(servers) == WRITTEN


def test_a_server_that_keeps_dying_is_given_up_until_the_next_start(used_home: Path) -> None:
    with User(used_home) as user:
        assert kept(user.servers) == WRITTEN
        for _ in range(6):
            killed = status(used_home).redis.pid
            kill(killed)
            assert eventually(partial(settled, used_home, killed))
        assert eventually(lambda: stopped(used_home))
        assert "died too often" in (used_home / "servers/failure.txt").read_text()

        with embedded(used_home) as servers:
            assert kept(servers) == WRITTEN


def settled(home: Path, killed: int | None) -> bool:
    """Either it came back or all is over."""
    redis = status(home).redis
    return stopped(home) or (redis.version is not None and redis.pid not in {None, killed})


def test_the_keeper_stops_the_servers_when_the_system_asks_it_to_end(used_home: Path) -> None:
    with User(used_home) as user:
        assert kept(user.servers) == WRITTEN
        keeper = status(used_home).keeper
        assert keeper is not None

        os.kill(keeper, signal.SIGTERM)

        assert eventually(lambda: stopped(used_home))
        with embedded(used_home) as servers:
            assert kept(servers) == WRITTEN


def test_a_user_survives_its_keeper_being_killed_while_the_folder_is_made(home: Path) -> None:
    with User(home) as user:
        assert eventually((home / "servers/postgres.draft/PG_VERSION").exists)
        kill(status(home).keeper)

        write_one(user.servers)

        assert kept(user.servers) == WRITTEN


@requirement("servers.kill")
def test_a_user_killed_while_the_folder_is_made_does_not_stop_the_next_one(home: Path) -> None:
    first = User(home)
    assert eventually((home / "servers/postgres.draft").exists)
    first.kill()

    with User(home) as second:
        write_one(second.servers)

        assert kept(second.servers) == WRITTEN


def test_half_a_folder_is_made_anew(home: Path) -> None:
    with embedded(home):
        pass
    assert eventually(lambda: stopped(home))
    (home / "servers/postgres").rename(home / "servers/postgres.draft")

    with embedded(home) as servers:
        write_one(servers)

    assert not (home / "servers/postgres.draft").exists()


def test_a_pid_file_whose_number_belongs_to_another_process_blocks_nothing(used_home: Path) -> None:
    user = NOBODY if os.geteuid() == 0 else None
    with spawn(["/bin/cat"], user=user) as other:
        left = f"{other.pid}\n{used_home}/servers/postgres\n1\n5432\n\n\n1 1\nready   \n"
        (used_home / "servers/postgres/postmaster.pid").write_text(left)
        (used_home / "servers/redis/redis.pid").write_text(f"{other.pid}\n")

        with embedded(used_home) as servers:
            assert kept(servers) == WRITTEN
        assert eventually(lambda: stopped(used_home))

        assert other.poll() is None


def test_servers_whose_folder_was_removed_still_stop(home: Path) -> None:
    program = """
import shutil, sys
from pathlib import Path
from scrum_storage.embedded.servers import embedded
from scrum_storage.embedded.status import status
with embedded(Path(sys.argv[1])):
    now = status(Path(sys.argv[1]))
    print(now.keeper, now.postgres.pid, now.redis.pid)
    shutil.rmtree(sys.argv[1], ignore_errors=True)
"""
    done = run([sys.executable, "-c", program, str(home)])
    pids = [int(word) for word in done.stdout.split()]
    assert eventually(lambda: not any(map(alive, pids)))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")
