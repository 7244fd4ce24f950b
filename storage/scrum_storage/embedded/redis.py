"""Redis (or Valkey) on a unix socket, with an append-only file."""

from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, Signals

from scrum_storage.embedded.home import Folder
from scrum_storage.embedded.probes import redis_version
from scrum_storage.embedded.programs import Programs
from scrum_storage.embedded.programs import redis_version as program_version
from scrum_storage.embedded.server import Failed, pid_in
from scrum_storage.embedded.sockets import REDIS_SOCKET

_APPEND_FOLDER = (7, 0)  # since this version the append-only file is a folder, which older ones overlook
_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "pidfile": "redis.pid",
    "appendonly": "yes",
    "appendfsync": "always",  # an event counts as sent when Redis has it: it must survive a power cut as well
    "save": "",
    "loglevel": "warning",
}


@dataclass(frozen=True)
class Redis:
    folder: Folder
    programs: Programs
    sockets: Path
    name: str = "redis"
    stop_signal: Signals = SIGTERM

    def prepare(self, lock: int) -> None:  # noqa: ARG002 - the protocol's; only PostgreSQL runs a program here
        data = self.folder.data(self.name)
        data.mkdir(mode=0o700, exist_ok=True)
        if (data / "appendonlydir").exists() and program_version(self.programs.redis) < _APPEND_FOLDER:
            raise Failed(
                f"the data of Redis was written by version 7 or newer and {self.programs.redis} is older: "
                "it would see none of it. Put a redis-server of version 7 or newer on the PATH."
            )
        (data / "redis.pid").unlink(missing_ok=True)

    def command(self) -> list[str]:
        settings = [part for name, value in _SETTINGS.items() for part in (f"--{name}", value)]
        places = ["--dir", str(self.folder.data(self.name)), "--unixsocket", str(self.sockets / REDIS_SOCKET)]
        return [str(self.programs.redis), *places, *settings]

    def pid(self) -> int | None:
        return pid_in(self.folder.data(self.name) / "redis.pid")

    def version(self) -> str | None:
        return redis_version(self.sockets / REDIS_SOCKET)
