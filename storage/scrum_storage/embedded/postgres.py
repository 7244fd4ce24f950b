"""PostgreSQL on a unix socket, with little memory and full durability."""

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, Signals

from scrum_storage.embedded.home import Folder, sync_folder
from scrum_storage.embedded.probes import postgres_version
from scrum_storage.embedded.programs import Programs
from scrum_storage.embedded.server import Failed, pid_in, tail
from scrum_storage.embedded.sockets import POSTGRES_SOCKET

NAME = "scrum"  # of the role that owns everything, and of the database

_INITDB = (
    *("--username", NAME, "--auth-local=trust", "--auth-host=reject"),  # the socket's folder is the lock
    *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    *("--wal-segsize=4", "--no-instructions", "-c", "dynamic_shared_memory_type=mmap"),
)
_ROOM = 64  # MB: making a folder takes 40, and initdb has many words for a disk that fills up meanwhile
_SYNC = "syncfs" if sys.platform == "linux" else "fsync"  # one call for 1,300 files, where there is one
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",  # part of the socket's name
    "max_connections": "300",
    "shared_buffers": "64MB",
    "huge_pages": "off",
    "dynamic_shared_memory_type": "mmap",  # in the data folder: a killed server leaves nothing elsewhere
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",  # standard error is a log that the keeper bounds
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a statement may hold what people wrote
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class PostgreSQL:
    folder: Folder
    programs: Programs
    sockets: Path
    name: str = "postgres"
    stop_signal: Signals = SIGINT  # the fast shutdown: ends sessions, waits for none

    def prepare(self, lock: int) -> None:
        """Nothing else holds the lock, so a pid file is a dead server's: its number may be another's by now."""
        data = self.folder.data(self.name)
        if not data.exists():
            self._initialise(data, lock)
        (data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.sockets.glob(f"{POSTGRES_SOCKET}*"):
            left.unlink()

    def command(self) -> list[str]:
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        places = ["-D", str(self.folder.data(self.name)), "-k", str(self.sockets)]
        return [str(self.programs.postgres), *places, *settings]

    def pid(self) -> int | None:
        return pid_in(self.folder.data(self.name) / "postmaster.pid")

    def version(self) -> str | None:
        if not self._is_ready():
            return None  # it would log each of our questions
        return postgres_version(self.sockets / POSTGRES_SOCKET, user=NAME, database=NAME)

    def _is_ready(self) -> bool:
        """Its pid file ends with `ready` then."""
        try:
            return (self.folder.data(self.name) / "postmaster.pid").read_text().endswith("ready   \n")
        except FileNotFoundError:
            return False

    def _initialise(self, data: Path, lock: int) -> None:
        """The folder gets its name when all is in it and on the disk, so that no half of it is ever found."""
        _require_name(os.geteuid())
        draft = data.with_name(f"{data.name}.draft")
        if draft.exists():
            shutil.rmtree(draft)
        _require_room(data.parent)
        _run([str(self.programs.initdb), "-D", str(draft), *_INITDB, "--no-sync"], lock)
        single = [str(self.programs.postgres), "--single", "-D", str(draft), "-c", "fsync=off", "postgres"]
        _run(single, lock, said=f"CREATE DATABASE {NAME};\n")
        _run([str(self.programs.initdb), "-D", str(draft), "--sync-only", f"--sync-method={_SYNC}"], lock)
        draft.rename(data)
        sync_folder(data.parent)


def _require_name(user: int) -> None:
    """A container may run as a number without a name."""
    try:
        pwd.getpwuid(user)
    except KeyError as error:
        raise Failed(
            f"initdb refuses a user without a name, and user {user} is not in /etc/passwd: run as one that is"
        ) from error


def _require_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < _ROOM:
        raise Failed(
            f"there is not enough space: a new database needs {_ROOM} MB, and the disk of {folder} has {free} MB"
        )


def _run(command: list[str], lock: int, *, said: str = "") -> None:
    done = subprocess.run(  # noqa: S603 - programs of the package, arguments of ours
        command,
        input=said,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        pass_fds=(lock,),
    )
    if done.returncode != 0 or "ERROR:" in done.stderr:
        raise Failed(f"{command[0]} ended with {done.returncode}: {tail(done.stderr or done.stdout)}")
