"""Streamable HTTP: stateless, on loopback, with health checks and metrics beside it."""

from collections.abc import Callable
from socket import socket

import uvicorn
from starlette.applications import Starlette
from typing_extensions import override

from scrum.errors import Refused
from scrum_server.app import build
from scrum_server.endpoints import endpoints
from scrum_server.meters import Meters
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings

PATH = "/mcp"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotLoopback(Refused):
    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} is not one of {', '.join(LOOPBACK)}. Calls are not authenticated yet, so anybody who can reach "
            "the port could change every project: listen on loopback, and put your own authenticating proxy in front."
        )


def check_host(host: str) -> None:
    """Only names that the SDK guards against DNS rebinding. Raises NotLoopback."""
    if host not in LOOPBACK:
        raise NotLoopback(host)


_GRACE = 10
"""Seconds for calls that are under way, and for clients to read, when the server is told to stop."""


class HttpServer(uvicorn.Server):
    """One that ends the streams of its clients when it is told to stop; uvicorn would wait for them to leave."""

    def __init__(self, settings: Settings) -> None:
        """Raises NotLoopback or UnknownToolset."""
        check_host(settings.host)
        meters = Meters()
        runtime = ServerRuntime(settings, meters)
        self._end_streams: Callable[[], None] = runtime.live.subscribers.close
        app = http_app(settings, runtime, meters)
        super().__init__(
            uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=_GRACE)
        )

    @override
    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets)


def http_app(settings: Settings, runtime: ServerRuntime, meters: Meters) -> Starlette:
    """Raises UnknownToolset."""
    server = build(settings, runtime)
    offered = endpoints(runtime.needed, runtime.events, runtime.ceremonies, meters)
    for path, endpoint in offered.items():
        server.custom_route(path, methods=["GET"])(endpoint)
    return server.streamable_http_app(
        streamable_http_path=PATH, stateless_http=True, json_response=True, host=settings.host
    )
