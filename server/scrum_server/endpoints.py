"""What operators ask of a process over HTTP: whether it lives, whether it is ready, and its figures."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scrum_server.meters import Meters
from scrum_server.metrics import CeremoniesStanding, exposition
from scrum_tools.events import EventsStanding
from scrum_tools.run import Health

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def endpoints(
    health: Callable[[], Awaitable[Sequence[Health]]],
    events: Callable[[], Awaitable[EventsStanding]],
    ceremonies: Callable[[], Awaitable[CeremoniesStanding]],
    meters: Meters,
) -> Mapping[str, Endpoint]:
    """By path, for GET."""

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_: Request) -> Response:
        return _ready(await health())

    async def metrics(_: Request) -> Response:
        told = exposition(await events(), await ceremonies(), meters)
        return Response(told, media_type=CONTENT_TYPE_LATEST)

    return {"/health/live": live, "/health/ready": ready, "/metrics": metrics}


def _ready(parts: Sequence[Health]) -> Response:
    good = all(part.ok for part in parts)
    return JSONResponse(
        {
            "status": "ready" if good else "not ready",
            "parts": {part.name: {"ok": part.ok, "detail": part.detail} for part in parts},
        },
        status_code=200 if good else 503,
    )
