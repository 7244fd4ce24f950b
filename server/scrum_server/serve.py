"""Serve over stdio or HTTP until told to stop."""

import asyncio
import sys

from scrum_server.app import build
from scrum_server.logs import log_to_stderr
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings


def serve_stdio(settings: Settings) -> None:
    """Nothing but protocol goes to stdout. Raises UnknownToolset."""
    log_to_stderr(settings.log_level)
    server = build(settings, ServerRuntime(settings))
    asyncio.run(server.run_stdio_async())


def serve_http(settings: Settings) -> None:
    """Raises NotLoopback or UnknownToolset."""
    import uvicorn  # noqa: PLC0415 - not needed over stdio

    from scrum_server.http import PATH, http_app  # noqa: PLC0415 - the same

    log_to_stderr(settings.log_level)
    config = uvicorn.Config(
        http_app(settings), host=settings.host, port=settings.port, log_config=None, access_log=False
    )
    with config.bind_socket() as socket:
        socket.listen(config.backlog)  # whoever reads the address can connect
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        sys.stderr.write(f"scrum-mcp serves http://{host}:{socket.getsockname()[1]}{PATH}\n")
        sys.stderr.flush()
        uvicorn.Server(config).run(sockets=[socket])
