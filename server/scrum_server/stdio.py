"""stdio: a line that cannot be read is answered too; the SDK would leave its sender waiting."""

import json
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectSendStream
from mcp.server import MCPServer
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, RequestId
from pydantic import TypeAdapter, ValidationError

from scrum_tools.json import is_object

_LONGEST_NUMBER = 18
_ID: TypeAdapter[RequestId] = TypeAdapter(RequestId)

Read = SessionMessage | Exception


async def run_stdio(server: MCPServer[Any]) -> None:
    inner = server._lowlevel_server  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it alone takes streams
    async with stdio_server() as (lines, answers), lines, anyio.create_task_group() as tasks:
        send, messages = anyio.create_memory_object_stream[Read](0)
        tasks.start_soon(_sort, lines, send, answers.send)
        await inner.run(messages, answers, inner.create_initialization_options())
        tasks.cancel_scope.cancel()


async def _sort(
    lines: AsyncIterable[Read],
    messages: MemoryObjectSendStream[Read],
    answer: Callable[[SessionMessage], Awaitable[None]],
) -> None:
    async with messages:
        async for line in lines:
            if not isinstance(line, ValidationError):
                await messages.send(line)
            elif error := refusal(line):
                await answer(SessionMessage(error))


def refusal(unread: ValidationError) -> JSONRPCError | None:
    """What the sender of a line is told, with the id of its request where that can be read; None for a blank line."""
    problem, *_ = problems = unread.errors(include_url=False)
    if problem["type"] != "json_invalid":
        whole = [one["input"] for one in problems if one["type"] == "missing" and len(one["loc"]) == 2]  # noqa: PLR2004 - a kind of message and its field
        return _error(INVALID_REQUEST, "No JSON-RPC message: nothing was done", whole[0] if whole else None)
    if not problem["input"].strip():
        return None
    return _error(PARSE_ERROR, f"{problem['msg']}: nothing was done", _loose(problem["input"]))


def _error(code: int, message: str, sent: Any) -> JSONRPCError:
    return JSONRPCError(jsonrpc="2.0", id=_id(sent), error=ErrorData(code=code, message=message))


def _id(sent: Any) -> RequestId | None:
    """None for an answer to us as well: its id is one of ours."""
    found = sent.get("id") if is_object(sent) and "method" in sent else None
    try:
        return _ID.validate_json(json.dumps(found)) if isinstance(found, int | str) else None
    except ValidationError:  # a lone surrogate again, or true
        return None


def _loose(line: str) -> Any:
    """JSON as Python reads it: with lone surrogates, and numbers of any length."""
    try:
        return json.loads(line, parse_int=lambda n: int(n) if len(n) <= _LONGEST_NUMBER else float(n))
    except (ValueError, RecursionError):
        return None
