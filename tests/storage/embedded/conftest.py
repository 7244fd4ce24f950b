import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrum_storage.embedded.status import status
from tests.storage.embedded.users import User, eventually, run, stopped, write_one


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder that does not exist yet; whatever ran in it has ended after the test."""
    path = tmp_path / "home"
    yield path
    assert_nothing_is_left(path)


@pytest.fixture
def used_home(home: Path, template: Path) -> Path:
    """A stopped folder that holds one row and one key."""
    assert run(["cp", "-a", str(template), str(home)]).returncode == 0
    return home


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "home"
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
