"""The process that starts both servers, restarts one that died, and stops them when the last user has left.

It imports the standard library alone, so it is up in some 50 ms. A user process starts it with the start lock
and the keeper lock in its hands; it frees the first when the servers answer (or the start failed) and holds
the second for life. The user waits for the keeper's parent, which ends when the servers answer or when a keeper
that gave up is gone: a process frees its locks a moment before it has closed its last file. Each server
inherits a lock of its own: while that is taken, the server or a child of it lives, whoever started it. So a
keeper that finds a taken one adopts what a killed keeper left.
"""

import json
import os
import shutil
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from scrum_storage.embedded import locks
from scrum_storage.embedded.charge import Charge
from scrum_storage.embedded.errors import NotAsRoot
from scrum_storage.embedded.home import Folder
from scrum_storage.embedded.postgres import PostgreSQL
from scrum_storage.embedded.privileges import leave_root
from scrum_storage.embedded.programs import Programs
from scrum_storage.embedded.redis import Redis
from scrum_storage.embedded.server import Failed

_PATIENCE = 60.0  # seconds for the servers to stop by themselves
_PAUSE = 0.005
_DEATHS, _WITHIN = 5, 60.0  # more deaths in as many seconds are a fault that restarting does not mend
_LOG_BYTES = 4 * 1024 * 1024
_LOOK_AT_LOGS = 60.0  # seconds


@dataclass(frozen=True)
class Task:
    folder: Folder
    sockets: Path
    programs: Programs
    start_lock: int

    def dumps(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def loads(cls, text: str) -> "Task":
        raw = json.loads(text)
        programs = Programs(**{name: Path(path) for name, path in raw["programs"].items()})
        return cls(Folder(Path(raw["folder"]["home"])), Path(raw["sockets"]), programs, raw["start_lock"])


class Stop:
    """The last user has left, or the system asked."""


def main(text: str) -> None:
    task = Task.loads(text)
    answer, up = os.pipe()
    if keeper := os.fork():
        os.close(up)
        _await_start(answer, keeper)
        os._exit(0)
    os.umask(0o077)
    try:
        leave_root(task.folder.data("postgres"))
        _serve(task, up)
    except (Failed, NotAsRoot, OSError) as error:
        _note(f"gave up: {error}")
        task.folder.failure.write_text(str(error), encoding="utf-8")
        sys.exit(1)


def _await_start(answer: int, keeper: int) -> None:
    """A word says that the servers are up, the end of the pipe that the keeper is on its way out."""
    if not os.read(answer, 1):
        os.waitpid(keeper, 0)


def _serve(task: Task, up: int) -> None:
    events: SimpleQueue[Charge | Stop] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: events.put(Stop()))
    (task.folder.servers / "keeper.pid").write_text(f"{os.getpid()}\n", encoding="ascii")
    servers = (
        Redis(task.folder, task.programs, task.sockets),
        PostgreSQL(task.folder, task.programs, task.sockets),
    )
    charges = [Charge(task.folder, server) for server in servers]
    try:
        for charge in charges:
            charge.start_if_down()
        for charge in charges:
            charge.await_answer()
        os.close(task.start_lock)
        with suppress(BrokenPipeError), os.fdopen(up, "wb", buffering=0) as pipe:
            pipe.write(b"1")  # who waits for it may have been killed
        _keep(task.folder, charges, events)
    finally:
        _stop(charges)


def _keep(folder: Folder, charges: list[Charge], events: "SimpleQueue[Charge | Stop]") -> None:
    """A charge among the events is a server that died."""
    deaths: deque[float] = deque(maxlen=_DEATHS)
    locks.when_alone(folder.lock("lease"), lambda: events.put(Stop()))
    for charge in charges:
        _watch(charge, events)
    while not isinstance(dead := _next(folder, events), Stop):
        _note(f"{dead.name} died: starting it again")
        if len(deaths) == _DEATHS and time.monotonic() - deaths[0] < _WITHIN:
            raise Failed(f"{dead.name} died too often; see {folder.log(dead.name)}")
        if not folder.data(dead.name).exists():
            raise Failed(f"the data of {dead.name} was removed while it ran")
        deaths.append(time.monotonic())
        dead.await_answer()
        _watch(dead, events)


def _watch(charge: Charge, events: "SimpleQueue[Charge | Stop]") -> None:
    locks.when_free(charge.lock, lambda: events.put(charge))


def _next(folder: Folder, events: "SimpleQueue[Charge | Stop]") -> Charge | Stop:
    while True:
        for name in ("keeper", "postgres", "redis"):
            _bound(folder.log(name))
        try:
            return events.get(timeout=_LOOK_AT_LOGS)
        except Empty:
            continue


def _stop(charges: list[Charge]) -> None:
    """Both at once, each with its clean shutdown; one that takes longer than a minute is killed."""
    deadline = time.monotonic() + _PATIENCE
    while left := [charge for charge in charges if charge.lives()]:
        for charge in left:
            charge.tell(charge.stop_signal if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(_PAUSE)
    for charge in charges:
        charge.bury()


def _bound(log: Path) -> None:
    """Servers append to the open file, so it is copied and emptied rather than renamed."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)


def _note(text: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {text}\n")
    sys.stderr.flush()
