"""What a consumer does with its inbox, each in a transaction of its own, and a letter of an event that it could not handle."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from scrum_storage.ids import uuid7
from scrum_storage.inbox import Letter, State
from scrum_storage.store import Store
from tests.builders import MONDAY

LATER = MONDAY + timedelta(minutes=5)
WHO = "chronicle"


def ids(count: int) -> list[UUID]:
    return [uuid7() for _ in range(count)]


def a_letter(**fields: Any) -> Letter:
    letter = Letter(
        consumer=WHO,
        event=uuid7(),
        source="core",
        state=State.RETRY,
        attempts=1,
        due_at=MONDAY,
        reason="ValueError: no",
        trace="Traceback",
        first_failed_at=MONDAY,
        last_failed_at=MONDAY,
        envelope={"type": "SprintClosed", "version": 2},
    )
    return replace(letter, **fields)


async def take(store: Store, events: Sequence[UUID], consumer: str = WHO) -> set[UUID]:
    async with store.start() as work:
        taken = await work.inbox.take(consumer, "core", events)
        await work.commit()
    return taken


async def fail(store: Store, *letters: Letter) -> None:
    async with store.start() as work:
        for letter in letters:
            await work.inbox.fail(letter)
        await work.commit()


async def due(store: Store, now: datetime = MONDAY, consumer: str = WHO) -> Letter | None:
    async with store.start() as work:
        return await work.inbox.due(consumer, now)


async def letters(store: Store, **which: Any) -> list[Letter]:
    async with store.start() as work:
        return await work.inbox.letters(**which)


async def again(store: Store, letter: Letter, was: int) -> bool:
    async with store.start() as work:
        changed = await work.inbox.again(letter, was)
        await work.commit()
    return changed


async def handled(store: Store, letter: Letter) -> bool:
    async with store.start() as work:
        mine = await work.inbox.handled(letter)
        await work.commit()
    return mine
