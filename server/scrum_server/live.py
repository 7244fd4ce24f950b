"""Live resources: every server process follows streams of events, and tells the clients that watch through it."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from scrum.catalog import EVENTS
from scrum.deliveries import NotUnderstood, Place, delivery
from scrum_server.events.loops import kept_up, sleep, unless
from scrum_server.subscribers import Subscribers
from scrum_tools.live import changed, changed_by_unknown

if TYPE_CHECKING:
    from scrum_adapters.redis_answers import Entry

log = logging.getLogger(__name__)

_WAIT = 1.0
"""Seconds that a read waits for news, before it looks whether this is still the same Redis."""
_PAUSE = 0.1
"""Seconds between two announcements: what changes often is told less often."""


class Followed(Protocol):
    """What is needed of a stream."""

    async def floor(self) -> tuple[str, Place]: ...

    async def tail(self, after: Place | None, wait: float) -> "Sequence[Entry]": ...


Find = Callable[[], Awaitable[Followed]]
"""The stream of a store, once Redis is known. Raises Unavailable."""


class LiveResources:
    def __init__(self) -> None:
        self.subscribers = Subscribers()

    async def run(self, streams: Mapping[str, Find], stop: asyncio.Event) -> None:
        """Until `stop`; then the streams of the clients end. Outages are waited for. Streams go by their store."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for store, find in streams.items():
                    run = partial(_Following(store, self.subscribers).run, find, stop)
                    tasks.create_task(kept_up(f"live resources of {store}", run, stop))
        finally:
            self.subscribers.close()


class _Following:
    """Begins at what every group has acknowledged: what was published before is told, if need be twice."""

    def __init__(self, store: str, subscribers: Subscribers) -> None:
        self._store = store
        self._subscribers = subscribers
        self._server: str = ""
        self._place = Place(0, 0)

    async def run(self, find: Find, stop: asyncio.Event) -> None:
        """Raises Unavailable."""
        stream = await find()
        await self._look(stream)
        while (entries := await unless(stop, stream.tail(self._place, _WAIT))) is not None:
            await self._hear(entries)
            await (sleep(_PAUSE, stop) if entries else self._look(stream))

    async def _look(self, stream: Followed) -> None:
        """Anything may have changed where another Redis answers, or where all groups are further than we are."""
        server, floor = await stream.floor()
        if server != self._server or floor > self._place:
            self._server, self._place = server, floor
            await self._subscribers.announce_all()

    async def _hear(self, entries: "Sequence[Entry]") -> None:
        if entries:
            self._place = entries[-1].place
        await self._subscribers.announce(
            frozenset[str]().union(*(changes_of(self._store, entry.body) for entry in entries))
        )


def changes_of(store: str, body: str) -> frozenset[str]:
    """Of an entry of the stream; none where it is no event at all."""
    try:
        return _changes(store, json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        log.warning("An entry of the stream of %s is no event: %r", store, error)
        return frozenset()


def _changes(store: str, envelope: Any) -> frozenset[str]:
    try:
        return changed(delivery(store, envelope, EVENTS).event)
    except NotUnderstood:
        return changed_by_unknown(envelope["project"])
