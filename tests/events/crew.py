"""A server and its workers, as processes that can be killed."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from tests.events.planned import Plan
from tests.events.waiting import PATIENCE, until

_ADDRESS = re.compile(r"http://\S+")
_ROOT = Path(__file__).parents[2]


class Nursery:
    """Where they are born: one process, with everything imported, that forks."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._ended: dict[int, int] = {}

    async def start(self, plan: Plan) -> int:
        cast("asyncio.StreamWriter", self._process.stdin).write(plan.dumps().encode() + b"\n")
        while (told := await self._told())[0] != "began":
            pass
        return told[1]

    async def any_ended(self, within: float) -> int | None:
        """One that has ended since it was last asked for; None when none does in so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not self._ended:
                    await self._told()
        return next(iter(self._ended), None)

    async def ended(self, pid: int) -> int:
        """Its exit status, once it has ended; negative where a signal ended it."""
        async with asyncio.timeout(PATIENCE):
            while pid not in self._ended:
                await self._told()
        return self._ended.pop(pid)

    async def _told(self) -> tuple[str, int]:
        line = await cast("asyncio.StreamReader", self._process.stdout).readline()
        what, pid, status = line.decode().split()
        if what == "ended":
            self._ended[int(pid)] = int(status)
        return what, int(pid)


@dataclass(frozen=True)
class Server:
    pid: int
    url: str


@asynccontextmanager
async def nursery() -> AsyncGenerator[Nursery]:
    process = await create_subprocess_exec(
        sys.executable, "-m", "tests.events.program",
        stdin=PIPE, stdout=PIPE, cwd=_ROOT, start_new_session=True,
    )  # fmt: skip
    try:
        yield Nursery(process)
    finally:
        cast("asyncio.StreamWriter", process.stdin).close()
        await process.wait()


class Crew:
    """The processes of one test. One task at a time may ask for them."""

    def __init__(self, nursery: Nursery, plan: Plan) -> None:
        self.plan = plan
        self.alive: list[int] = []
        self._running = set[int]()
        self._nursery = nursery

    async def serve(self, log: Path) -> "Server":
        """A server that answers over HTTP, and leaves relaying and handling to the workers."""
        pid = await self._begin(serves=True, log=str(log))

        async def says_where() -> bool:
            return bool(_addresses(log))

        await until(says_where)
        return Server(pid, _addresses(log)[0])

    async def start(self, **fate: Any) -> int:
        """A worker."""
        pid = await self._begin(**fate)
        self.alive.append(pid)
        return pid

    async def end(self, pid: int, how: int = signal.SIGKILL) -> int:
        os.kill(pid, how)
        return await self.ended(pid)

    async def ended(self, pid: int) -> int:
        """As Nursery.ended."""
        status = await self._nursery.ended(pid)
        self.alive = [one for one in self.alive if one != pid]
        self._running.remove(pid)
        return status

    async def replaced(self, within: float, **fate: Any) -> None:
        """Start another one where one ends in so many seconds."""
        if pid := await self._nursery.any_ended(within):
            await self.ended(pid)
            await self.start(**fate)

    async def end_all(self) -> None:
        for pid in tuple(self._running):
            await self.end(pid)

    async def _begin(self, **plan: Any) -> int:
        pid = await self._nursery.start(replace(self.plan, **plan))
        self._running.add(pid)
        return pid


def _addresses(log: Path) -> list[str]:
    return _ADDRESS.findall(log.read_text(encoding="utf-8")) if log.exists() else []
