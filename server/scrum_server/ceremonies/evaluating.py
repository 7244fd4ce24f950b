"""The loop that makes ceremonies due: woken by commits, and when the first schedule wakes."""

import asyncio
import logging
import random
from collections.abc import Collection
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from scrum.ceremonies.schedule import AT_ONCE
from scrum.ceremonies.usecases import Evaluated, evaluate_sprint
from scrum.clock import Clock, system
from scrum.errors import Conflict, Unavailable
from scrum_server.ceremonies.lanes import Lanes
from scrum_server.ceremonies.patience import Patience, later
from scrum_storage.store import Store

log = logging.getLogger(__name__)

BATCH = 100
FLOOR = timedelta(seconds=10)
LANES = 4
LASTING = 3
"""Conflicts in a row, after which one is no race."""
_SHORT = 0.05
_NONE = timedelta()
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Evaluating:
    """Of all projects. Where time is `virtual`, only happenings let it pass: it is that of the last one.

    It looks without being woken every FLOOR. `failed` are sprints that could not be evaluated.
    """

    store: Store
    clock: Clock = system
    virtual: bool = False
    failed: Patience = field(default_factory=Patience)
    raced: Patience = field(default_factory=Patience)

    async def run(self, stop: asyncio.Event) -> None:
        """Raises Unavailable."""
        async with self.store.outgoing.woken() as woken, aclosing(Lanes[list[Evaluated]](LANES)) as lanes:
            waiting: list[str] = []
            while not stop.is_set():
                woken.clear()
                waiting = await self._begin(waiting, lanes)
                pause = _MOMENT if lanes.running else await self.pause()
                await lanes.meanwhile(pause.total_seconds(), stop, woken)

    async def evaluate(self) -> list[Evaluated]:
        """Until nothing is due; what came of it.

        Raises:
            Unavailable: what was evaluated by then stays so.
        """
        done: list[Evaluated] = []
        async with aclosing(Lanes[list[Evaluated]](LANES)) as lanes:
            waiting = await self._begin([], lanes)
            while found := await lanes.ended():
                done += chain.from_iterable(found)
                waiting = await self._begin(waiting, lanes)
        return done

    async def pause(self) -> timedelta:
        """Until the first schedule wakes. Raises Unavailable."""
        if self.virtual:
            return FLOOR
        async with self.store.look() as work:
            first = await work.schedules.next()
        if first is None:
            return FLOOR
        least = _MOMENT if len(self.failed) else _NONE
        return min(FLOOR, max(least, first - self.clock()))

    async def _begin(self, waiting: list[str], lanes: Lanes[list[Evaluated]]) -> list[str]:
        """Those that wait still: once there are none, what is due meanwhile is looked for."""
        if lanes.free and not waiting:
            waiting = await self._due(lanes.names)
        begun, waiting = waiting[: lanes.free], waiting[lanes.free :]
        for sprint in begun:
            lanes.begin(self._one(sprint), sprint)
        return waiting

    async def _due(self, besides: Collection[str]) -> list[str]:
        """In an order of chance: another one who evaluates begins elsewhere."""
        now, most = self.clock(), BATCH + len(self.failed) + len(besides)
        async with self.store.look() as work:
            found = await work.schedules.due(AT_ONCE if self.virtual else now, most)
        sprints = [one for one in found if one not in besides and not self.failed.waits(one, now)]
        random.shuffle(sprints)
        return sprints

    async def _one(self, sprint: str) -> list[Evaluated]:
        """Nothing where somebody else changes the same at this moment: then it is due still, and comes again."""
        now = self.clock()
        try:
            done = await evaluate_sprint(self.store.start, sprint, now=None if self.virtual else now)
        except Conflict as error:
            await self._raced(sprint, now, error)
            return []
        except Unavailable:
            raise
        except Exception:  # whatever is wrong with one sprint, the others are evaluated
            log.exception("the ceremonies of %s could not be evaluated", sprint)
            self.failed.failed(sprint, now)
            return []
        self.failed.worked(sprint)
        self.raced.worked(sprint)
        return [done]

    async def _raced(self, sprint: str, now: datetime, error: Conflict) -> None:
        """Whoever is faster is waited for a moment."""
        times = self.raced.failed(sprint, now)
        if times < LASTING:
            await asyncio.sleep(later(times, _SHORT).total_seconds())
            return
        log.warning("the ceremonies of %s conflict with something, %d times by now: %s", sprint, times, error)
        self.failed.failed(sprint, now)
