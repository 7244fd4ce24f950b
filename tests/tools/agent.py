"""An agent at work: an MCP client that checks what every answer owes it."""

import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self, cast

from mcp import Client
from mcp.client.session import ElicitationFnT
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult, RequestParamsMeta, TextContent

from scrum_storage.embedded.servers import Servers
from scrum_tools.budget import MOST_BYTES
from scrum_tools.json import is_object
from tests.builders import MONDAY
from tests.conftest import name_of

NOW = "scrum-mcp/now"
PATIENCE = 60.0
SCRUM_MCP = str(Path(sys.executable).with_name("scrum-mcp"))

MODERN, LEGACY = "2026-07-28", "legacy"
ERAS = (MODERN, LEGACY)

_NOWHERE = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the tests run


@dataclass(frozen=True)
class Agent:
    client: Client
    now: datetime = MONDAY

    def at(self, now: datetime) -> Self:
        return replace(self, now=now)

    async def answer(self, tool: str, **arguments: Any) -> CallToolResult:
        """Whatever came back, as long as it is small and no crash; the client validates its structure."""
        result = await self.client.call_tool(tool, arguments, meta=at(self.now.isoformat()))
        assert told(result) != f"Error executing tool {tool}", f"{tool} crashed on {arguments!r:.500}"
        assert size(result) < MOST_BYTES, f"{tool} answered with {size(result)} bytes: {_parts(result)}"
        return result

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = await self.answer(tool, **arguments)
        assert not result.is_error, told(result)
        structured: Any = result.structured_content
        assert is_object(structured)
        return structured

    async def refused(self, tool: str, **arguments: Any) -> str:
        result = await self.answer(tool, **arguments)
        assert result.is_error, f"{tool} took {arguments!r:.500}: {told(result)}"
        return told(result)


def at(time: str) -> RequestParamsMeta:
    """`_meta` of a call at this time."""
    return cast("RequestParamsMeta", {NOW: time})


def told(result: CallToolResult) -> str:
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent))


def size(result: CallToolResult) -> int:
    """Bytes of the answer as it is sent."""
    sent = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    return len(json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode())


@asynccontextmanager
async def agent(
    server: Any, mode: str = MODERN, *, asked: ElicitationFnT | None = None
) -> AsyncGenerator[Agent]:
    """An agent that is connected and has seen the tools."""
    async with Client(
        server, mode=mode, elicitation_callback=asked, read_timeout_seconds=PATIENCE, cache=None
    ) as client:
        await client.list_tools()
        yield Agent(client)


@asynccontextmanager
async def stdio_agent(
    environment: dict[str, str], mode: str = MODERN, *, asked: ElicitationFnT | None = None
) -> AsyncGenerator[Agent]:
    """An agent with a `scrum-mcp` process of its own, whose log goes nowhere."""
    process = stdio_client(StdioServerParameters(command=SCRUM_MCP, env=environment), errlog=_NOWHERE)
    async with agent(process, mode, asked=asked) as connected:
        yield connected


def environment(servers: Servers, database: str, **settings: str) -> dict[str, str]:
    """What a `scrum-mcp` process needs to use the servers of the tests, on virtual time."""
    return {
        "SCRUM_DATABASE_URL": database,
        "SCRUM_REDIS_URL": servers.redis,
        "SCRUM_REDIS_PREFIX": name_of(database),
        "SCRUM_VIRTUAL_TIME": "true",
        **settings,
    }


def _parts(result: CallToolResult) -> dict[str, int]:
    """Characters of each field of an answer, for the message of a test that fails."""
    structured: Any = result.structured_content or {}
    return {"text": len(told(result))} | {name: len(str(value)) for name, value in structured.items()}
