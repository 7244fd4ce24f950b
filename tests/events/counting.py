"""A consumer group whose effects show when one is lost or doubled: rows without a key, and sums."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import MetaData, text

from scrum.deliveries import Delivery, Subscription
from scrum_server.events.groups import Group
from scrum_storage.connection import Statements
from scrum_storage.messages import Messages, messages
from scrum_storage.store import CORE, Kind
from scrum_storage.work import Commit, MessageWork

TABLES = (
    "CREATE SCHEMA counting",
    "CREATE TABLE counting.outbox (LIKE core.outbox INCLUDING ALL)",
    "CREATE TABLE counting.inbox (LIKE core.inbox INCLUDING ALL)",
    """CREATE TABLE counting.effects
       (consumer text, event uuid, type text, project text, aggregate text, aggregate_version int)""",
    "CREATE TABLE counting.sums (consumer text, project text, events int, PRIMARY KEY (consumer, project))",
)
RAISE, KILL, HANG, WAIT = "It raises", "It kills", "It hangs", "It waits"
"""Titles of items that do this to whoever counts their events."""

GATE = 8_000
"""The advisory lock that an item called WAIT waits for."""

_EFFECT = text("""
    INSERT INTO counting.effects
    VALUES (:consumer, CAST(:event AS uuid), :type, :project, :aggregate, :aggregate_version)
""")
_SUM = text("""
    INSERT INTO counting.sums AS known VALUES (:consumer, :project, :events)
    ON CONFLICT (consumer, project) DO UPDATE SET events = known.events + excluded.events
""")


class Poison(Exception):
    """A handler that meets it fails."""


class Effects:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def add(self, consumer: str, deliveries: Sequence[Delivery]) -> None:
        """Sums in the order of the projects: two who add to the same wait for each other in one direction."""
        effects = [_effect(consumer, one) for one in deliveries]
        sums = sorted(Counter(one.event.project for one in deliveries).items())
        await self._connection.execute(_EFFECT, effects)
        rows = [{"consumer": consumer, "project": project, "events": count} for project, count in sums]
        await self._connection.execute(_SUM, rows)

    async def wait(self) -> None:
        """Until nobody holds the gate."""
        await self._connection.execute(text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": GATE})


class CountingWork(MessageWork):
    def __init__(self, connection: Statements, commit: Commit, messages: Messages) -> None:
        super().__init__(connection, commit, messages)
        self.effects = Effects(connection)


COUNTING = Kind("counting", messages(MetaData(schema="counting")), CountingWork, 2)


async def count(consumer: str, work: CountingWork, deliveries: Sequence[Delivery]) -> None:
    for one in deliveries:
        await _suffer(work, getattr(one.event, "title", ""))
    await work.effects.add(consumer, deliveries)


def counting(name: str = "counting") -> Group[Any]:
    return Group(name, COUNTING, (CORE,), (Subscription(partial(count, name)),))


async def _suffer(work: CountingWork, title: str) -> None:
    match title:
        case "It raises":
            raise Poison("by its title")
        case "It kills":
            os.kill(os.getpid(), signal.SIGKILL)
        case "It hangs":
            await asyncio.Event().wait()
        case "It waits":
            await work.effects.wait()
        case _:
            pass


def _effect(consumer: str, one: Delivery) -> dict[str, Any]:
    event = one.event
    return {
        "consumer": consumer,
        "event": str(one.id),
        "type": event.type,
        "project": event.project,
        "aggregate": event.aggregate,
        "aggregate_version": event.aggregate_version,
    }
