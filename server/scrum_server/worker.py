"""The process that relays and handles events, delivers ceremonies, and does nothing else."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from socket import socket

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from scrum_server.ceremonies.standing import ceremonies
from scrum_server.endpoints import endpoints
from scrum_server.events.groups import GROUPS
from scrum_server.events.standing import standing
from scrum_server.events.worker import Worker
from scrum_server.health import needed
from scrum_server.http import check_host
from scrum_server.logs import log_to_stderr
from scrum_server.meters import Meters
from scrum_server.serve import listening
from scrum_server.settings import Settings
from scrum_server.signals import told_to_stop
from scrum_server.stores import Stores

_FAREWELL = 2
"""Seconds for answers that are on their way when the process ends."""


def run_worker(settings: Settings, port: int | None) -> None:
    """Until SIGTERM or SIGINT: then what was begun is finished. Without a port it listens to nobody.

    Raises:
        NotLoopback, CannotListen.
    """
    log_to_stderr(settings.log_level)
    if port is None:
        asyncio.run(_work(settings, None))
        return
    check_host(settings.host)
    with listening(settings.host, port) as own:
        asyncio.run(_work(settings, own))


async def _work(settings: Settings, own: socket | None) -> None:
    stores, meters = Stores(settings), Meters()
    worker = Worker(stores, settings, meters.watching(GROUPS), meters.delivered)
    with told_to_stop() as stop:
        try:
            async with _answering(own, _app(settings, stores, meters)):
                _say(own)
                await worker.run(stop)
        finally:
            await stores.aclose()


def _app(settings: Settings, stores: Stores, meters: Meters) -> Starlette:
    events = partial(standing, stores, settings.redis_prefix)
    offered = endpoints(partial(needed, stores), events, partial(ceremonies, stores), meters)
    return Starlette(routes=[Route(path, endpoint) for path, endpoint in offered.items()])


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Signals are the worker's."""
        yield


@asynccontextmanager
async def _answering(own: socket | None, app: Starlette) -> AsyncGenerator[None]:
    if own is None:
        yield
        return
    server = _Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=_FAREWELL
        )
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[own]))
        try:
            yield
        finally:
            server.should_exit = True


def _say(own: socket | None) -> None:
    where = f"; health and metrics at {_url(own)}/metrics" if own else ""
    sys.stderr.write(f"scrum-mcp worker runs{where}\n")
    sys.stderr.flush()


def _url(own: socket) -> str:
    host, port = own.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
