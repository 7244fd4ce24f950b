"""Serve over stdio or HTTP until told to stop."""

import asyncio
import socket
import sys

from scrum.errors import Unavailable
from scrum_server.app import build
from scrum_server.logs import log_to_stderr
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_server.stdio import run_stdio

_BACKLOG = 2048


def serve_stdio(settings: Settings) -> None:
    """Nothing but protocol goes to stdout. Raises UnknownToolset."""
    log_to_stderr(settings.log_level)
    asyncio.run(run_stdio(build(settings, ServerRuntime(settings))))


class CannotListen(Unavailable):
    def __init__(self, host: str, port: int, error: OSError) -> None:
        super().__init__(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. Choose another port with --port or "
            "SCRUM_PORT; 0 takes a free one."
        )


def serve_http(settings: Settings) -> None:
    """Raises NotLoopback, CannotListen or UnknownToolset."""
    from scrum_server.http import PATH, HttpServer  # noqa: PLC0415 - not needed over stdio

    log_to_stderr(settings.log_level)
    server = HttpServer(settings)
    with listening(settings.host, settings.port) as own:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        sys.stderr.write(f"scrum-mcp serves http://{host}:{own.getsockname()[1]}{PATH}\n")
        sys.stderr.flush()
        server.run(sockets=[own])


def listening(host: str, port: int) -> socket.socket:
    """A socket that clients can connect to.

    TCP is named as its protocol: asyncio only then sends small answers at once, which saves 40 ms each.

    Raises:
        CannotListen: the port is taken, or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    own = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        own.bind((host, port))
        own.listen(_BACKLOG)
    except OSError as error:
        own.close()
        raise CannotListen(host, port, error) from error
    return own
