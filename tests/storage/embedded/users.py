"""Real processes that hold the servers open, and what the tests ask of them."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, cast

import asyncpg
import redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

import scrum
import scrum_storage
from scrum_storage.embedded import locks
from scrum_storage.embedded.home import Folder
from scrum_storage.embedded.servers import Servers

PATIENCE = 60.0  # seconds, for what takes one
NOBODY = 65534

_PROGRAM = """
import dataclasses, json, sys
from pathlib import Path
from scrum.errors import ScrumError
from scrum_storage.embedded.servers import embedded
try:
    with embedded(Path(sys.argv[1])) as servers:
        print(json.dumps(dataclasses.asdict(servers)), flush=True)
        sys.stdin.read()
except ScrumError as error:
    print(json.dumps({"error": type(error).__name__, "text": str(error)}), flush=True)
"""


class User:
    """A process that opens the folder and holds it open until it is told to leave, or killed."""

    def __init__(
        self, home: Path, *, python: Sequence[str] = (sys.executable,), user: int | None = None
    ) -> None:
        self.process = spawn([*python, "-c", _PROGRAM, str(home)], user=user)
        self._guard = threading.Timer(PATIENCE, self.process.kill)
        self._guard.start()
        self._answer: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    @property
    def answer(self) -> dict[str, str]:
        if not self._answer:
            assert self.process.stdout is not None
            self._answer = json.loads(self.process.stdout.readline())
        return self._answer

    @property
    def servers(self) -> Servers:
        return Servers(**self.answer)

    def leave(self) -> None:
        self.process.communicate()
        self._guard.cancel()

    def kill(self) -> None:
        self.process.kill()
        self.leave()


def spawn(words: Sequence[str], *, user: int | None = None) -> "subprocess.Popen[bytes]":
    """As `user`, and in no group but its own, where one is given."""
    return subprocess.Popen(  # noqa: S603 - the tests' own programs
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": packages()},
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


def run(words: Sequence[str], *, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - the tests' own programs
        words, capture_output=True, text=True, check=False, timeout=PATIENCE, env=env
    )


def packages() -> str:
    """Where our packages and the libraries are, for an interpreter that is not the environment's."""
    roots = (Path(package.__path__[0]).parent for package in (scrum, scrum_storage, asyncpg))
    return os.pathsep.join(str(root) for root in roots)


def rows(servers: Servers, *statements: str) -> list[tuple[Any, ...]]:
    """What the last statement answers."""

    async def ask() -> list[tuple[Any, ...]]:
        engine = create_async_engine(servers.postgres)
        try:
            async with engine.begin() as connection:
                for statement in statements[:-1]:
                    await connection.execute(text(statement))
                result = await connection.execute(text(statements[-1]))
                return [tuple(row) for row in result] if result.returns_rows else []
        finally:
            await engine.dispose()

    return asyncio.run(ask())


def command(servers: Servers, *words: str) -> Any:
    untyped = cast("Any", redis.Redis)
    with untyped.from_url(servers.redis, decode_responses=True) as client:
        return client.execute_command(*words)


def write_one(servers: Servers) -> None:
    rows(servers, "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('row')")
    command(servers, "SET", "kept", "key")


def kept(servers: Servers) -> tuple[Any, Any]:
    return rows(servers, "SELECT word FROM kept"), command(servers, "GET", "kept")


WRITTEN = ([("row",)], "key")


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return met


def stopped(home: Path) -> bool:
    folder = Folder(home.resolve())
    return not any(locks.is_taken(folder.lock(name)) for name in ("keeper", "postgres", "redis"))
