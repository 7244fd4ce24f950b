"""The MCP client of a simulation: a real one, over stdio, to a `scrum-mcp serve` of its own on a virtual clock."""

import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters, get_default_environment
from mcp_types import RequestParamsMeta, TextContent

from scrum.clock import REAL_TIME, ProjectClock
from scrum.errors import Refused, Unavailable
from scrum_tools.arguments import MOST_ENTRIES
from scrum_tools.run import NOW
from scrum_tools.tool import View

T = TypeVar("T")
V = TypeVar("V", bound=View)

_PATIENCE = 120.0  # seconds for one call; the first one waits for the servers
_PROGRAM = [sys.executable, "-P", "-c", "from scrum_server.cli import main; main()"]


class ToolFailed(Refused):
    def __init__(self, tool: str, text: str) -> None:
        super().__init__(f"The simulation stops: {tool} answered\n{text}")


class ServerGone(Unavailable):
    def __init__(self, error: MCPError) -> None:
        super().__init__(f"The simulation stops: its server is gone ({error}). What it said stands above.")


class CommandFailed(Unavailable):
    def __init__(self, command: str, text: str) -> None:
        super().__init__(f"The simulation stops: {command} said\n{text}")


@dataclass(frozen=True)
class Server:
    """What the client talks to. `call` names the time of each call: the server runs on a virtual clock."""

    client: Client

    async def call(self, answer: type[V], tool: str, now: datetime, **arguments: Any) -> V:
        """Raises ToolFailed."""
        result = await self.client.call_tool(tool, arguments, meta=_at(now))
        if result.is_error:
            raise ToolFailed(tool, "\n".join(c.text for c in result.content if isinstance(c, TextContent)))
        return answer.model_validate(result.structured_content)


@dataclass
class Project:
    """One on that server. Each `now` is what its `clock` shows: that of its open sprint."""

    server: Server
    key: str
    clock: ProjectClock = REAL_TIME

    async def call(self, answer: type[V], tool: str, now: datetime, **arguments: Any) -> V:
        """To a tool that asks which project it is. Raises ToolFailed."""
        return await self.ask(answer, tool, now, project=self.key, **arguments)

    async def ask(self, answer: type[V], tool: str, now: datetime, **arguments: Any) -> V:
        """Raises ToolFailed."""
        return await self.server.call(answer, tool, self.clock.real(now), **arguments)


def batched(entries: Sequence[T]) -> list[Sequence[T]]:
    """As many as one call takes."""
    return [entries[n : n + MOST_ENTRIES] for n in range(0, len(entries), MOST_ENTRIES)]


@asynccontextmanager
async def serving(home: Path) -> AsyncGenerator[Server]:
    """None of this process's own SCRUM_ variables reaches the server. Raises ServerGone."""
    program, *args = [*_PROGRAM, "serve"]
    parameters = StdioServerParameters(command=program, args=args, env=dict(_settings(home)))
    try:
        async with Client(parameters, read_timeout_seconds=_PATIENCE) as client:
            yield Server(client)
    except BaseExceptionGroup as group:
        raise _only(group) from None
    except MCPError as error:
        raise ServerGone(error) from error


def _only(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """What went wrong, out of the groups that the client's tasks wrap around it."""
    error: BaseException = group.exceptions[0] if len(group.exceptions) == 1 else group
    if error is group:
        return group
    if isinstance(error, BaseExceptionGroup):
        return _only(cast("BaseExceptionGroup[BaseException]", error))
    return ServerGone(error) if isinstance(error, MCPError) else error


def run_command(home: Path, *arguments: str) -> None:
    """Another `scrum-mcp` on the same data folder. Raises CommandFailed."""
    done = subprocess.run(  # noqa: S603 - this interpreter, and a program of ours
        [*_PROGRAM, *arguments],
        env={**get_default_environment(), **_settings(home)},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise CommandFailed(f"scrum-mcp {arguments[0]}", done.stderr.strip())


def _at(now: datetime) -> RequestParamsMeta:
    return cast("RequestParamsMeta", {NOW: now.isoformat()})  # any key may stand there


def _settings(home: Path) -> Mapping[str, str]:
    return {"SCRUM_HOME": str(home), "SCRUM_VIRTUAL_TIME": "true"}
