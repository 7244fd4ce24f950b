"""Questions to people over several servers: the client carries the sealed state of a call (MCP's requestState)."""

from os import urandom
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.request_state import RequestStateSecurity
from mcp.shared.exceptions import MCPError

from scrum_server.settings import SHORTEST_KEY, Settings

_MINUTES = 10
_REFUSED = {"reason": "invalid_request_state"}
_WHAT_TO_DO = (
    f"The question that this answers was asked more than {_MINUTES} minutes ago, for other arguments, before the server was "
    "restarted, or by a server with another key. Nothing was changed. Call again without requestState, to be asked "
    "again. Whoever runs several servers behind one address sets the same SCRUM_REQUEST_STATE_KEYS for each."
)


def sealing(settings: Settings) -> RequestStateSecurity:
    """Without keys, a key of this process alone: only it can open what it sealed."""
    shared = [key.get_secret_value() for key in settings.request_state_keys]
    return RequestStateSecurity(keys=shared or [urandom(SHORTEST_KEY)], ttl=60 * _MINUTES)


async def explain_refused_answers(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """The same words whatever is wrong with a state: which check failed is only for the log."""
    try:
        return await call_next(ctx)
    except MCPError as error:
        if error.data == _REFUSED:
            raise MCPError(error.code, f"{error.message}. {_WHAT_TO_DO}", error.data) from error
        raise
