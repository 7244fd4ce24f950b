"""Streamable HTTP: stateless, on loopback, with health checks beside it."""

from mcp.server import MCPServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scrum.errors import Refused
from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_tools.run import Runtime

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


def http_app(settings: Settings) -> Starlette:
    """Raises NotLoopback or UnknownToolset."""
    check_host(settings.host)
    runtime = ServerRuntime(settings)
    server = build(settings, runtime)
    _add_health(server, runtime)
    return server.streamable_http_app(
        streamable_http_path=PATH, stateless_http=True, json_response=True, host=settings.host
    )


def _add_health(server: MCPServer[Runtime], runtime: Runtime) -> None:
    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_: Request) -> Response:
        parts = await runtime.health()
        healthy = all(part.ok for part in parts)
        body = {part.name: {"ok": part.ok, "detail": part.detail} for part in parts}
        return JSONResponse(
            {"status": "ready" if healthy else "not ready", "parts": body},
            status_code=200 if healthy else 503,
        )

    server.custom_route("/health/live", methods=["GET"])(live)
    server.custom_route("/health/ready", methods=["GET"])(ready)
