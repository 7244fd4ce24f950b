"""Events that a group has set aside, put there by hand, and how a store is asked for them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from scrum_storage.ids import uuid7
from scrum_storage.inbox import Letter, State
from scrum_storage.store import CHRONICLE, open_store
from tests.tools.agent import PATIENCE
from tests.tools.database import rows

FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
LAST = FIRST + timedelta(minutes=7)


def a_letter(state: State = State.DEAD, **others: Any) -> Letter:
    event = uuid7()
    letter = Letter(
        consumer="chronicle",
        event=event,
        source="core",
        state=state,
        attempts=5,
        due_at=FIRST + timedelta(days=36_500),
        reason="ValueError: the handler does not like it",
        trace="Traceback: in handle, line 7",
        first_failed_at=FIRST,
        last_failed_at=LAST,
        envelope=_envelope(event),
    )
    return replace(letter, **others)


async def set_aside(database: str, *letters: Letter) -> None:
    async with open_store(database, CHRONICLE) as store, store.start() as work:
        for letter in letters:
            await work.inbox.fail(letter)
        await work.commit()


async def states(database: str) -> dict[UUID, str]:
    found = await rows(database, "SELECT event, state FROM chronicle.inbox")
    return {row["event"]: row["state"] for row in found}


async def until(there: Callable[[], Awaitable[object]]) -> None:
    """Ask again and again, for as long as a test may wait."""
    async with asyncio.timeout(PATIENCE):
        while not await there():
            pass


def _envelope(event: UUID) -> Mapping[str, Any]:
    return {
        "id": str(event),
        "type": "ProjectSetUp",
        "version": 1,
        "project": "SHOP",
        "aggregate": "SHOP",
        "aggregate_version": 1,
        "occurred_at": FIRST.isoformat(),
        "actor": "ana",
        "reason": "",
        "correlation_id": str(event),
        "causation_id": None,
        "data": {"name": "The shop", "settings": {}},
    }
