"""Workers of tests: the product's, with the group `counting` beside its own, and with a fate.

One may kill itself at a moment between two steps that no signal from outside would hit.
"""

import asyncio
import json
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from scrum.backlog.events import ItemAdded
from scrum.catalog import EVENTS
from scrum.deliveries import Place
from scrum.events import Event
from scrum.work import Work
from scrum_adapters.redis_streams import Stream
from scrum_server.events.consumer import Consumer
from scrum_server.events.groups import GROUPS, Group, listeners
from scrum_server.events.loops import kept_up
from scrum_server.events.worker import Worker
from scrum_server.settings import Settings, read_settings
from scrum_server.stores import Stores
from scrum_storage.store import KINDS, Kind, Store, open_store
from tests.events.counting import COUNTING, CountingWork, counting

W = TypeVar("W", bound=Work)


@dataclass(frozen=True)
class Plan:
    """What a process is: the server, or a worker that kills itself the `turn`-th time that it comes to `moment`.

    Its clock runs `speed` times as fast as others.
    """

    settings: Mapping[str, str]
    log: str
    serves: bool = False
    only_relays: bool = False
    moment: str = ""
    turn: int = 1
    updated: bool = False
    lease: float = 60.0
    speed: float = 1.0

    def dumps(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, kw_only=True)
class SprintPaused(Event):
    """A type that only an updated worker knows."""


@dataclass(frozen=True, kw_only=True)
class NewerItemAdded(ItemAdded):
    """A version that only an updated worker knows."""

    version: ClassVar[int] = 2

    colour: str = ""

    @property
    def type(self) -> str:
        return ItemAdded.__name__


UPDATED: Mapping[str, type[Event]] = {
    **EVENTS,
    SprintPaused.__name__: SprintPaused,
    ItemAdded.__name__: NewerItemAdded,
}


class Fate:
    def __init__(self, moment: str, turn: int) -> None:
        self._moment = moment
        self._turns = turn

    def at(self, moment: str) -> None:
        if moment == self._moment:
            self._turns -= 1
            if self._turns == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class FatedStream(Stream):
    def __init__(self, client: Any, name: str, groups: Sequence[str], fate: Fate) -> None:
        super().__init__(client, name, groups)
        self._fate = fate

    async def add(self, entries: Sequence[tuple[UUID, str]]) -> tuple[str, list[Place]]:
        self._fate.at("before sending")
        answer = await super().add(entries)
        self._fate.at("after sending")
        return answer

    async def acknowledge(self, group: str, places: Sequence[Place]) -> None:
        self._fate.at("before acknowledging")
        await super().acknowledge(group, places)


class CountingStores(Stores):
    def __init__(self, settings: Settings, counted: Store[CountingWork]) -> None:
        super().__init__(settings)
        self._counted = counted

    async def of(self, kind: Kind[W]) -> Store[W]:
        return cast("Store[W]", self._counted) if kind.name == COUNTING.name else await super().of(kind)


class PlannedWorker(Worker):
    def __init__(self, stores: Stores, settings: Settings, plan: Plan) -> None:
        super().__init__(stores, settings, (*GROUPS, counting()))
        self._plan = plan
        self._fate = Fate(plan.moment, plan.turn)

    async def run(self, stop: asyncio.Event) -> None:
        if not self._plan.only_relays:
            await super().run(stop)
            return
        async with asyncio.TaskGroup() as tasks:
            for kind in KINDS:
                tasks.create_task(kept_up(kind.name, partial(self._relay, kind, stop), stop))

    async def _stream(self, kind: Kind[Any]) -> Stream:
        name = f"{self._prefix}.{kind.name}"
        return FatedStream(await self._stores.redis(), name, listeners(self._groups, kind.name), self._fate)

    async def _consumer(self, group: Group[Any], source: Kind[Any]) -> Consumer[Any]:
        consumer = await super()._consumer(group, source)
        known = UPDATED if self._plan.updated else EVENTS
        return replace(consumer, clock=self._clock, lease=self._plan.lease, known=known)

    def _clock(self) -> datetime:
        """The same in all workers of the same speed."""
        began = datetime(2026, 1, 1, tzinfo=UTC)
        return began + (datetime.now(UTC) - began) * self._plan.speed


async def work(plan: Plan) -> None:
    settings, stop = read_settings(plan.settings), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with open_store(str(settings.database), COUNTING) as counted:
        stores = CountingStores(settings, counted)
        try:
            await PlannedWorker(stores, settings, plan).run(stop)
        finally:
            await stores.aclose()
