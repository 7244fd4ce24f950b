"""As root and as an ordinary user."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrum_storage.embedded.servers import embedded
from scrum_storage.embedded.status import status
from tests.storage.embedded.conftest import assert_nothing_is_left
from tests.storage.embedded.users import NOBODY, WRITTEN, User, kept, spawn, write_one

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def private(room: Path) -> Iterator[Path]:
    """Below a folder that only its owner enters."""
    closed = room / "closed"
    closed.mkdir(mode=0o700)
    yield closed / "home"
    assert_nothing_is_left(closed / "home")


@pytest.fixture
def nobodys() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="scrum-test-"))
    os.chown(folder, NOBODY, NOBODY)
    yield folder
    assert_nothing_is_left(folder / "home")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def python() -> str:
    """An interpreter that nobody can run: root's own may lie below a closed folder."""
    for candidate in (sys.executable, "/usr/bin/python3"):
        if runs(candidate, "-c", "import sqlalchemy, asyncpg, scrum"):
            return candidate
    pytest.skip("no interpreter with our packages can be run by an unprivileged user")


def runs(*words: str) -> bool:
    try:
        with spawn(words, user=NOBODY) as process:
            process.communicate()
    except PermissionError:
        return False
    return process.returncode == 0


@as_root
def test_root_serves_from_below_a_closed_folder_and_opens_it_to_nobody(private: Path) -> None:
    with embedded(private) as servers:
        write_one(servers)
        assert kept(servers) == WRITTEN

    for folder in (private.parent, private, private / "servers"):
        found = folder.stat()
        assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (0, 0o700)


@as_root
def test_no_server_runs_as_root(private: Path) -> None:
    with embedded(private):
        now = status(private)
        for pid in (now.keeper, now.postgres.pid, now.redis.pid):
            assert Path(f"/proc/{pid}").stat().st_uid == NOBODY


@as_root
@pytest.mark.parametrize("missing", ["setuid", "setgid", "setpcap", "dac_override"])
def test_a_missing_capability_is_named(private: Path, missing: str) -> None:
    reduced = ("setpriv", f"--bounding-set=-{missing}", sys.executable)
    with User(private, python=reduced) as user:
        assert user.answer["error"] == "NotStarted"
        assert missing.upper() in user.answer["text"].split("Run scrum-mcp")[0]


@as_root
def test_the_capabilities_of_a_container_are_enough(private: Path) -> None:
    kept_there = "chown,dac_override,fowner,fsetid,kill,setgid,setuid,setpcap,net_bind_service,net_raw,sys_chroot,mknod,audit_write,setfcap"
    bounds = "-all," + ",".join(f"+{name}" for name in kept_there.split(","))
    with User(private, python=("setpriv", f"--bounding-set={bounds}", sys.executable)) as user:
        write_one(user.servers)


@as_root
def test_an_ordinary_user_needs_no_rights(nobodys: Path, python: str) -> None:
    with User(nobodys / "home", python=(python,), user=NOBODY) as user:
        write_one(user.servers)
        assert kept(user.servers) == WRITTEN


@as_root
def test_a_user_without_a_name_is_told_so(nobodys: Path, python: str) -> None:
    os.chown(nobodys, 54321, 54321)
    with User(nobodys / "home", python=(python,), user=54321) as user:
        assert user.answer["error"] == "NotStarted"
        assert "user 54321 is not in /etc/passwd" in user.answer["text"]


@as_root
def test_root_serves_an_ordinary_users_folder_as_that_user(nobodys: Path, python: str) -> None:
    home = nobodys / "home"
    with User(home, python=(python,), user=NOBODY) as user:
        write_one(user.servers)

    with embedded(home) as servers:
        assert kept(servers) == WRITTEN
        assert Path(f"/proc/{status(home).postgres.pid}").stat().st_uid == NOBODY

    with User(home, python=(python,), user=NOBODY) as user:
        assert kept(user.servers) == WRITTEN


@as_root
def test_a_folder_that_cannot_be_written_is_named(private: Path, nobodys: Path, python: str) -> None:
    private.parent.parent.chmod(0o755)
    for closed in (private, nobodys / "home"):
        closed.mkdir()
        with User(closed, python=(python,), user=NOBODY + 1) as user:
            assert user.answer["error"] == "Unusable"
            assert "Permission denied" in user.answer["text"]
