"""The port that HTTP listens on."""

import http.client
import socket

from scrum.errors import ScrumError
from scrum_server.checks.check import Check, Mark
from scrum_server.http import check_host


def port_check(host: str, port: int) -> Check:
    about = "HTTP port"
    try:
        check_host(host)
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except ScrumError as error:
        return Check(Mark.BROKEN, about, str(error))
    except OSError as error:
        if _is_ours(host, port):
            return Check(Mark.OK, about, f"scrum-mcp serves {host}:{port}")
        reason = (
            f"{host}:{port} cannot be listened on: {error.strerror}. Choose another with SCRUM_PORT or --port"
        )
        return Check(Mark.BROKEN, about, reason)
    return Check(Mark.OK, about, f"{host}:{port} is free" if port else "the system chooses a free one")


def _is_ours(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=3)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().read(100) == b'{"status":"live"}'
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
