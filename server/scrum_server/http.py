"""Streamable HTTP: stateless, on loopback, with health checks and metrics beside it."""

from starlette.applications import Starlette

from scrum.errors import Refused
from scrum_server.app import build
from scrum_server.endpoints import endpoints
from scrum_server.metrics import Meters
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


def http_app(settings: Settings) -> Starlette:
    """Raises NotLoopback or UnknownToolset."""
    check_host(settings.host)
    meters = Meters()
    runtime = ServerRuntime(settings, meters)
    server = build(settings, runtime)
    for path, endpoint in endpoints(runtime.health, runtime.events, meters).items():
        server.custom_route(path, methods=["GET"])(endpoint)
    return server.streamable_http_app(
        streamable_http_path=PATH, stateless_http=True, json_response=True, host=settings.host
    )
