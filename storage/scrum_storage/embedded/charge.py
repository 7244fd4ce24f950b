"""One server in the keeper's charge, started by this keeper or left by a killed one."""

import os
import signal
import time
from contextlib import suppress
from subprocess import DEVNULL, STDOUT, Popen

from scrum_storage.embedded import locks
from scrum_storage.embedded.home import Folder
from scrum_storage.embedded.server import Failed, Server, tail

_PATIENCE = 60.0  # seconds; recovery after a crash takes a few
_PAUSE = 0.005
_STARTS = 2  # the first may fail because what a killed keeper left was on its way out
_ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"}


class Charge:
    """Remembers process and lock, so that it can stop a server whose folder was removed."""

    def __init__(self, folder: Folder, server: Server) -> None:
        self.name = server.name
        self.lock = folder.lock(server.name)
        self.stop_signal = server.stop_signal
        self._server = server
        self._log = folder.log(server.name)
        self._file = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        self._pid: int | None = None
        self._process: Popen[bytes] | None = None
        self._told: tuple[int, signal.Signals] | None = None

    def lives(self) -> bool:
        return locks.is_locked(self._file)

    def start_if_down(self) -> bool:
        """Whether it was down. The server inherits its lock."""
        lock = locks.try_take(self.lock)
        if lock is None:
            return False
        self.bury()
        try:
            self._server.prepare(lock)
            with self._log.open("ab") as log:
                self._process = Popen(  # noqa: S603 - a program of the package or the PATH, arguments of ours
                    self._server.command(),
                    stdin=DEVNULL,
                    stdout=log,
                    stderr=STDOUT,
                    cwd="/",
                    env=_ENVIRONMENT,
                    pass_fds=(lock,),
                )
        finally:
            os.close(lock)
        return True

    def await_answer(self) -> None:
        """Starts it where it is down. Raises Failed."""
        deadline = time.monotonic() + _PATIENCE
        starts = 0
        while self._server.pid() is None or self._server.version() is None:
            if starts < _STARTS:
                starts += self.start_if_down()
            elif not self.lives():
                raise Failed(f"{self.name} ends at once: {self._last_words()}")
            if time.monotonic() > deadline:
                raise Failed(f"{self.name} does not answer: {self._last_words()}")
            time.sleep(_PAUSE)
        self._pid = self._server.pid()

    def tell(self, number: signal.Signals) -> None:
        """Once for each signal and process."""
        pid = self._server.pid() or self._pid
        if pid is None or (pid, number) == self._told:
            return
        self._told = (pid, number)
        with suppress(ProcessLookupError):  # its children hold the lock, and are on their way out
            os.kill(pid, number)

    def bury(self) -> None:
        """Collect the exit of a dead child: there may be no init that does."""
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _last_words(self) -> str:
        text = self._log.read_text(encoding="utf-8", errors="replace")[-4096:]
        return f"{tail(text)} (the whole log: {self._log})"
