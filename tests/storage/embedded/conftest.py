import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrum_storage.embedded.status import status
from tests.storage.embedded.users import User, eventually, run, stopped, write_one

_MEMORY = Path("/dev/shm")  # noqa: S108 - folders with random names are made in it
_ENOUGH = 2**30  # bytes; a container gives it 64 MB


@pytest.fixture(scope="session")
def disk() -> Iterator[Path]:
    """In memory where there is room: the tests start servers a hundred times, and each start is on the disk."""
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    path = Path(tempfile.mkdtemp(prefix="scrum-test-", dir=_MEMORY if in_memory else None))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def room(disk: Path) -> Iterator[Path]:
    """A folder of the test's own."""
    path = Path(tempfile.mkdtemp(dir=disk))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def home(room: Path) -> Iterator[Path]:
    """A folder that does not exist yet; whatever ran in it has ended after the test."""
    path = room / "home"
    yield path
    assert_nothing_is_left(path)


@pytest.fixture
def used_home(home: Path, template: Path) -> Path:
    """A stopped folder that holds one row and one key."""
    assert run(["cp", "-a", str(template), str(home)]).returncode == 0
    return home


@pytest.fixture(scope="session")
def template(disk: Path) -> Path:
    path = disk / "template"
    with User(path) as user:
        write_one(user.servers)
    assert_nothing_is_left(path)
    return path


def assert_nothing_is_left(home: Path) -> None:
    ended = eventually(lambda: stopped(home))
    if not ended:
        now = status(home)
        for pid in filter(None, (now.keeper, now.postgres.pid, now.redis.pid)):
            os.kill(pid, signal.SIGKILL)
    note = home / "servers" / "sockets.txt"
    if note.exists():
        shutil.rmtree(note.read_text(encoding="utf-8").strip())
    assert ended
