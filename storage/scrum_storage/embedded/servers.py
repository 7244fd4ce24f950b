"""PostgreSQL and Redis in a data folder, shared by every process that opens it.

Each user process holds a shared lock, the lease, which dies with it. A keeper (see keeper.py) waits for the
exclusive one and then stops the servers. Two more locks make starting safe: who wants to start something
takes the start lock and hands it to the keeper, so the next one waits until the servers answer.
"""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import scrum
import scrum_storage
from scrum_storage.embedded import locks
from scrum_storage.embedded.errors import NotStarted, Unsupported
from scrum_storage.embedded.home import Folder, claim, usable
from scrum_storage.embedded.keeper import Task
from scrum_storage.embedded.postgres import NAME
from scrum_storage.embedded.probes import postgres_version, redis_version
from scrum_storage.embedded.programs import find_programs
from scrum_storage.embedded.server import tail
from scrum_storage.embedded.sockets import POSTGRES_SOCKET, REDIS_SOCKET, recorded, socket_folder

_PATIENCE = 150.0  # seconds: more than the keeper takes to give up
_PAUSE = 0.01
_KEEPERS = 3
_PLATFORMS = ("linux", "darwin")
_BOOT = "import sys; sys.path += sys.argv[2:]; from scrum_storage.embedded import keeper; keeper.main(sys.argv[1])"
_ENVIRONMENT = {
    "LC_ALL": "C",
    "PATH": os.defpath,
}  # the keeper outlives its user: it gets none of its secrets


@dataclass(frozen=True)
class Servers:
    postgres: str  # for SQLAlchemy, with asyncpg
    redis: str  # for from_url of redis-py


@contextmanager
def embedded(home: Path) -> Generator[Servers, None, None]:
    """Servers that run at least as long as this is open. Blocks, so call it in a thread.

    Raises Unsupported, MissingServer, ForeignFolder, OtherVersion, Unusable, NotStarted.
    """
    check_platform(sys.platform)
    folder = claim(home)
    with usable(folder.home):
        lease = locks.share(folder.lock("lease"))
    try:
        with usable(folder.home):
            servers = _addresses(_joined(folder))
        yield servers
    finally:
        locks.release(lease)
        _leave_a_keeper(folder)


def check_platform(platform: str) -> None:
    if platform not in _PLATFORMS:
        raise Unsupported(platform)


def _joined(folder: Folder) -> Path:
    """The folder with the sockets of servers that answer. The lease is ours, so they stay."""
    deadline = time.monotonic() + _PATIENCE
    keepers = 0
    while time.monotonic() < deadline:
        start = locks.take(folder.lock("start"))
        try:
            if (sockets := _answering(folder)) is not None:
                return sockets
            started = _start_keeper(folder, start, keepers)
        finally:
            os.close(start)
        keepers += started
        if not started:
            time.sleep(_PAUSE)
    raise NotStarted(folder.home, f"they do not answer; see {folder.log('keeper')}")


def _answering(folder: Folder) -> Path | None:
    sockets = recorded(folder)
    answers = (
        sockets is not None
        and locks.is_taken(folder.lock("keeper"))
        and postgres_version(sockets / POSTGRES_SOCKET, user=NAME, database=NAME)
        and redis_version(sockets / REDIS_SOCKET)
    )
    return sockets if answers else None


def _start_keeper(folder: Folder, start: int, before: int) -> bool:
    """Whether there was none. One that gave up has said why; one that was killed is replaced, at most twice."""
    keeper = locks.try_take(folder.lock("keeper"))
    if keeper is None:
        return False
    try:
        if before and (folder.failure.exists() or before == _KEEPERS):
            raise NotStarted(folder.home, _why(folder))
        folder.failure.unlink(missing_ok=True)
        _run_keeper(Task(folder, socket_folder(folder), find_programs(), start), keeper)
    finally:
        os.close(keeper)
    return True


def _run_keeper(task: Task, keeper: int) -> None:
    """Detached: it gets the two locks, a log and nothing else of ours. Returns when the servers answer or it is gone."""
    roots = {str(Path(package.__path__[0]).parent) for package in (scrum, scrum_storage)}
    program = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _BOOT, task.dumps(), *sorted(roots)]
    with task.folder.log("keeper").open("ab") as log:
        subprocess.run(  # noqa: S603 - this interpreter, and a program of ours
            program,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_ENVIRONMENT,
            start_new_session=True,
            pass_fds=(task.start_lock, keeper),
            check=False,
        )


def _leave_a_keeper(folder: Folder) -> None:
    """Servers whose keeper was killed would run for ever: another one adopts them, and stops them in time."""
    if not any(locks.is_taken(folder.lock(name)) for name in ("postgres", "redis")):
        return
    start = locks.try_take(folder.lock("start"))
    if start is None:
        return  # somebody is starting one
    try:
        _start_keeper(folder, start, before=0)
    finally:
        os.close(start)


def _why(folder: Folder) -> str:
    if folder.failure.exists():
        return folder.failure.read_text(encoding="utf-8")
    return f"the process that starts them ended without a word: {tail(folder.log('keeper').read_text(errors='replace'))}"


def _addresses(sockets: Path) -> Servers:
    where = quote(str(sockets))
    return Servers(
        postgres=f"postgresql+asyncpg://{NAME}@/{NAME}?host={where}&port=5432",
        redis=f"unix://{where}/{REDIS_SOCKET}?db=0",
    )
