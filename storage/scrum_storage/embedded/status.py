"""What runs in a data folder, for `scrum-mcp doctor`. Looking starts nothing and changes nothing."""

import os
from dataclasses import dataclass
from pathlib import Path

from scrum_storage.embedded import locks
from scrum_storage.embedded.home import Folder
from scrum_storage.embedded.postgres import NAME
from scrum_storage.embedded.probes import postgres_version, redis_version
from scrum_storage.embedded.server import pid_in
from scrum_storage.embedded.sockets import POSTGRES_SOCKET, REDIS_SOCKET, recorded

_KERNEL_LOCKS = Path("/proc/locks")


@dataclass(frozen=True)
class ServerStatus:
    """`pid` is None when it is not running, `version` when it does not answer; `size` is of its data, in bytes."""

    name: str
    pid: int | None
    version: str | None
    size: int
    log: Path


@dataclass(frozen=True)
class Status:
    """`users` counts the processes that hold the servers open; None where the system does not tell."""

    home: Path
    keeper: int | None
    users: int | None
    postgres: ServerStatus
    redis: ServerStatus
    keeper_log: Path


def status(home: Path) -> Status:
    """Raises OSError where the folder is there and cannot be read."""
    folder = Folder(home.expanduser().resolve())
    sockets = recorded(folder) or folder.servers / "run"
    postgres = postgres_version(sockets / POSTGRES_SOCKET, user=NAME, database=NAME)
    return Status(
        home=folder.home,
        keeper=_running(folder, "keeper", folder.servers / "keeper.pid"),
        users=_users(folder.lock("lease")),
        postgres=_server(folder, "postgres", "postmaster.pid", postgres),
        redis=_server(folder, "redis", "redis.pid", redis_version(sockets / REDIS_SOCKET)),
        keeper_log=folder.log("keeper"),
    )


def _server(folder: Folder, name: str, pid_file: str, version: str | None) -> ServerStatus:
    data = folder.data(name)
    return ServerStatus(name, _running(folder, name, data / pid_file), version, _size(data), folder.log(name))


def _running(folder: Folder, name: str, pid_file: Path) -> int | None:
    return pid_in(pid_file) if locks.is_taken(folder.lock(name)) else None


def _size(data: Path) -> int:
    """Files come and go while we look."""
    total = 0
    for where, _, names in os.walk(data):
        for name in names:
            try:
                total += (Path(where) / name).lstat().st_size
            except FileNotFoundError:
                continue
    return total


def _users(lease: Path) -> int | None:
    """The kernel lists each lock that is held as `12: FLOCK ADVISORY READ 4711 fd:01:131090 0 EOF`."""
    if not _KERNEL_LOCKS.exists():
        return None
    if not lease.exists():
        return 0
    inode = str(lease.stat().st_ino)
    held = (line.split() for line in _KERNEL_LOCKS.read_text(encoding="ascii").splitlines())
    return sum(
        1 for lock in held if lock[1] == "FLOCK" and lock[3] == "READ" and lock[5].endswith(f":{inode}")
    )
