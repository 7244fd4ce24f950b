"""A Redis of the test's own: it can be stopped, restarted and hurt."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from scrum_storage.embedded.programs import find_programs


def programs() -> dict[str, Path]:
    """The one that scrum-mcp brings, and those on the PATH."""
    found = {name: shutil.which(name) for name in ("redis-server", "valkey-server")}
    return {
        "bundled": find_programs(path="").redis,
        **{name: Path(path) for name, path in found.items() if path},
    }


class RedisServer:
    def __init__(self, program: Path, folder: Path) -> None:
        self.folder = folder
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.folder}/redis.sock"

    def start(self, *settings: str) -> None:
        """Returns when it can be used."""
        for line in self.begin(*settings):
            if b"eady to accept connections" in line:
                return
        raise AssertionError("Redis ended before it was ready")

    def begin(self, *settings: str) -> Iterator[bytes]:
        """What it says from now on; it can be connected to, though it may still load its data."""
        places = ("--dir", str(self.folder), "--unixsocket", f"{self.folder}/redis.sock", "--port", "0")
        kept = ("--appendonly", "yes", "--appendfsync", "always", "--save", "")
        self._process = subprocess.Popen(  # noqa: S603 - the server under test
            [self._program, *places, *kept, *settings], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert self._process.stdout
        return iter(self._process.stdout.readline, b"")

    def end(self, how: int = signal.SIGKILL) -> None:
        if self._process and self._process.stdout:
            self._process.send_signal(how)
            self._process.wait(timeout=10)
            self._process.stdout.close()

    def send(self, number: int) -> None:
        assert self._process
        self._process.send_signal(number)


@contextmanager
def a_redis(program: Path) -> Generator[RedisServer]:
    """Not started yet. Its folder has a short name, as sockets need."""
    with tempfile.TemporaryDirectory(prefix="scrum-redis-") as folder:
        server = RedisServer(program, Path(folder))
        try:
            yield server
        finally:
            server.end()
