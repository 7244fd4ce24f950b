"""Real `scrum-mcp` processes: an HTTP server with its address, and a stdio server spoken to by hand."""

import asyncio
import json
import os
import re
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

from tests.tools.agent import PATIENCE, SCRUM_MCP

_ADDRESS = re.compile(r"http://\S+")
_INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "by-hand", "version": "1"},
}


@asynccontextmanager
async def running(*arguments: str, **environment: str) -> AsyncGenerator[Process]:
    """A process with all pipes, ended when it is left."""
    process = await asyncio.create_subprocess_exec(
        SCRUM_MCP, *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env={**os.environ, **environment}
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.communicate()


@asynccontextmanager
async def http_server(environment: dict[str, str]) -> AsyncGenerator[str]:
    """The URL of a server of its own, on a port that was free."""
    process = await asyncio.create_subprocess_exec(
        SCRUM_MCP, "serve", "--http", "--port", "0",
        stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, env={**os.environ, **environment},
    )  # fmt: skip
    try:
        yield await address(process)
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.communicate()


async def address(process: Process) -> str:
    """What the server says that it listens on."""
    log = cast("asyncio.StreamReader", process.stderr)
    async with asyncio.timeout(PATIENCE):
        return str(_ADDRESS.findall((await log.readline()).decode())[0])


@dataclass(frozen=True)
class ByHand:
    """A stdio server that is sent lines of text; it knows what it said."""

    process: Process
    lines: list[str]
    numbers: Iterator[int]

    async def send(self, line: str) -> None:
        writer = cast("asyncio.StreamWriter", self.process.stdin)
        writer.write(line.encode() + b"\n")
        await writer.drain()

    async def heard(self) -> Any:
        reader = cast("asyncio.StreamReader", self.process.stdout)
        async with asyncio.timeout(PATIENCE):
            line = (await reader.readline()).decode()
        self.lines.append(line)
        return json.loads(line)

    async def request(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """The answer to one request."""
        number = next(self.numbers)
        await self.send(
            json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}})
        )
        return await self.heard()

    async def initialize(self) -> Any:
        answer = await self.request("initialize", _INITIALIZE)
        await self.send(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}))
        return answer


@asynccontextmanager
async def by_hand(environment: dict[str, str]) -> AsyncGenerator[ByHand]:
    async with running(**environment) as process:
        yield ByHand(process, [], count(1))
