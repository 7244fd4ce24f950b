"""The history of projects, on a real server."""

import asyncio
import random
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event as listen

from scrum.chronicle.model import UNTOLD, Happening, History, Span
from scrum.chronicle.sentences import Unfamiliar
from scrum.chronicle.usecases import history, subject
from scrum.deliveries import Delivery
from scrum.events import Event
from scrum.sprint.change import Action, SprintChange, change_sprint
from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint
from scrum_storage.chronicle import PostgresHappenings
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.ids import uuid7
from scrum_storage.inbox import Letter, State
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import MONDAY, SHOP, a_running_sprint, by, finish, some_items
from tests.conftest import administer
from tests.domain.chronicle.examples import ITEM, SENTENCES, SPRINT, event
from tests.listener import hear, published, remembered
from tests.requirements import requirement
from tests.storage.letters import a_letter


@pytest.fixture
async def chronicle(database: str) -> AsyncGenerator[Store[ChronicleWork]]:
    async with open_store(database, CHRONICLE) as store:
        yield store


def delivered(told: Event) -> Delivery:
    made = uuid7()
    return Delivery(made, "core", told, made, None)


def blocked(number: int, *, minutes: int = 0) -> Delivery:
    """An event of one item of the sprint, some minutes after MONDAY."""
    raw = event(type(_BLOCKED), f"SHOP-{number}", sprint=SPRINT, why="")
    return delivered(replace(raw, occurred_at=MONDAY + timedelta(minutes=minutes)))


_BLOCKED = next(told for told, _ in SENTENCES if told.type == "ItemBlocked")


async def the_history(chronicle: Store[ChronicleWork], **span: Any) -> History:
    given: dict[str, Any] = {"limit": 1_000, **span}
    return await history(chronicle.look, Span(SHOP, **given), ())


@requirement("history.complete")
async def test_what_happened_comes_back_as_it_was(chronicle: Store[ChronicleWork]) -> None:
    deliveries = [delivered(told) for told, _ in SENTENCES]
    await hear(chronicle, deliveries)

    known = (await the_history(chronicle)).happenings

    assert sorted(known, key=lambda one: one.id) == [
        Happening.of(one) for one in deliveries if not isinstance(one.event, UNTOLD)
    ]


@requirement("history.complete")
async def test_the_same_events_in_any_order_and_again_make_the_same_history(
    chronicle: Store[ChronicleWork], database: str
) -> None:
    deliveries = [blocked(n, minutes=n // 3) for n in range(30)]
    await hear(chronicle, deliveries)
    first = await remembered(database, SHOP)

    random.Random(7).shuffle(deliveries)
    await hear(chronicle, deliveries)
    await hear(chronicle, [*deliveries[:5], *deliveries[:5]])

    assert await remembered(database, SHOP) == first
    assert len(first) == 30


async def test_two_who_record_the_same_at_once_wait_for_each_other(chronicle: Store[ChronicleWork]) -> None:
    deliveries = [blocked(n) for n in range(500)]

    async with asyncio.timeout(30):
        await asyncio.gather(hear(chronicle, deliveries), hear(chronicle, deliveries[::-1]))

    assert len((await the_history(chronicle)).happenings) == 500


async def test_any_number_of_events_is_recorded_in_one_statement(chronicle: Store[ChronicleWork]) -> None:
    seen: list[str] = []
    listen.listen(chronicle.engine.sync_engine, "before_cursor_execute", lambda *given: seen.append(given[2]))

    await hear(chronicle, [blocked(n) for n in range(500)])

    assert len(seen) == 1


async def test_nothing_to_record_is_nothing(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, [])

    assert (await the_history(chronicle)).happenings == ()


async def test_what_is_not_committed_is_not_in_the_history(chronicle: Store[ChronicleWork]) -> None:
    async with chronicle.start() as work:
        await work.happenings.add([Happening.of(blocked(1))])

    assert (await the_history(chronicle)).happenings == ()


@pytest.mark.parametrize("sprint", ["", SPRINT])
async def test_each_happening_is_on_one_page_in_the_order_of_the_span(
    chronicle: Store[ChronicleWork], sprint: str
) -> None:
    await hear(chronicle, [blocked(n, minutes=n // 4) for n in range(23)])
    seen: list[Happening] = []
    page = await the_history(chronicle, sprint=sprint, limit=5)
    while page.more:
        seen += page.happenings
        page = await the_history(chronicle, sprint=sprint, limit=5, after=seen[-1].moment)
    seen += page.happenings

    assert seen == sorted(seen, key=lambda one: one.moment, reverse=not sprint)
    assert len({one.id for one in seen}) == len(seen) == 23


async def test_a_history_has_nothing_of_others(chronicle: Store[ChronicleWork]) -> None:
    own = delivered(event(type(_BLOCKED), ITEM, sprint=SPRINT, why=""))
    others = [
        delivered(replace(own.event, project="OTHER")),
        delivered(event(type(_BLOCKED), ITEM, sprint="SHOP-S2", why="")),
    ]
    await hear(chronicle, [own, *others])

    assert [one.id for one in (await the_history(chronicle, sprint=SPRINT)).happenings] == [own.id]


async def test_what_was_done_to_a_sprint_itself_can_be_asked_alone(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, [delivered(told) for told, _ in SENTENCES])

    itself = (await the_history(chronicle, sprint=SPRINT, itself=True)).happenings

    assert {one.event.aggregate for one in itself} == {SPRINT}
    assert {one.event.type for one in itself} >= {"SprintPlanned", "SprintClosed"}
    assert len(itself) < len((await the_history(chronicle, sprint=SPRINT)).happenings)


@pytest.mark.parametrize(
    "change",
    ["UPDATE chronicle.history SET type = 'SprintForked'", "UPDATE chronicle.history SET version = 99"],
)
async def test_what_only_a_newer_version_knows_is_told_by_its_name(
    chronicle: Store[ChronicleWork], database: str, change: str
) -> None:
    await hear(chronicle, [blocked(1)])
    await administer(database, change)

    (known,) = (await the_history(chronicle)).happenings

    assert isinstance(known.event, Unfamiliar)
    assert "did something to SHOP-1 that this version has no words for" in known.what


@requirement("history.complete")
async def test_events_on_their_way_are_pending_until_they_are_recorded(
    core: Store, chronicle: Store[ChronicleWork], database: str
) -> None:
    await a_running_sprint(core)
    about = await subject(core.look, SHOP, "current")
    span = Span(about.project, about.sprint)
    deliveries = await published(database, SHOP)
    await hear(chronicle, deliveries[:2])

    some = await history(chronicle.look, span, about.published)
    await hear(chronicle, deliveries)
    every = await history(chronicle.look, span, about.published)

    assert (some.pending, every.pending) == (len(deliveries) - 2, 0)
    assert some.completeness.startswith(f"At least {some.pending} events are not in the history yet")
    assert every.completeness == "The history is complete."


@requirement("history.complete")
async def test_an_event_that_could_not_be_recorded_is_pending_once(
    core: Store, chronicle: Store[ChronicleWork], database: str
) -> None:
    await a_running_sprint(core)
    about = await subject(core.look, SHOP, "")
    first, *others = await published(database, SHOP)
    await hear(chronicle, others)
    async with chronicle.start() as work:
        await work.inbox.fail(dead(first.id))
        await work.inbox.fail(dead(uuid7(), project="OTHER"))
        await work.inbox.fail(dead(uuid7(), consumer="another"))
        await work.commit()

    settled = await history(chronicle.look, Span(SHOP), ())

    assert settled.pending == 1
    assert (await history(chronicle.look, Span(SHOP), about.published)).pending == 1
    assert settled.completeness.startswith("At least 1 event is not")


@requirement("history.complete")
@pytest.mark.parametrize("late", ["pending", "of"])
async def test_an_event_that_arrives_between_two_reads_is_told_or_counted(
    chronicle: Store[ChronicleWork], monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    read: Any = getattr(PostgresHappenings, late)
    delivery = blocked(1)

    async def and_then(self: PostgresHappenings, *given: Any) -> Any:
        answer = await read(self, *given)
        await hear(chronicle, [delivery])
        return answer

    monkeypatch.setattr(PostgresHappenings, late, and_then)
    known = await history(chronicle.look, Span(SHOP), [delivery.id])

    assert known.happenings or known.pending


def dead(event: UUID, *, project: str = SHOP, **fields: Any) -> Letter:
    given = {"state": State.DEAD, "attempts": 5, "due_at": None, "envelope": {"project": project}}
    return a_letter(event=event, **given, **fields)


@requirement("history.complete")
async def test_the_story_of_a_sprint_is_told_from_its_start_to_its_close(
    core: Store, chronicle: Store[ChronicleWork], database: str
) -> None:
    await a_running_sprint(core, points=[5, 3])
    (extra,) = await some_items(core, [2])
    add = SprintChange(Action.ADD, items=(extra.key,))
    await change_sprint(core.start, SHOP, "current", add, by=by("bo", days=1, reason="A bug"))
    await finish(core, "SHOP-1", days=2)
    await close_sprint(core.start, SHOP, "current", CarryOver.NEXT, by=by("cy", days=3))
    await hear(chronicle, (await published(database, SHOP))[::-1])

    told = (await the_history(chronicle, sprint=f"{SHOP}-S1")).happenings

    assert [(one.event.actor, one.what, one.event.reason) for one in told] == [
        ("ana", "started SHOP-S1 with 2 items, 8 points", ""),
        ("bo", "added SHOP-3 to SHOP-S1 (2 points)", "A bug"),
        ("ana", "changed SHOP-1: status done", ""),
        ("ana", "completed SHOP-1 (5 points)", ""),
        (
            "cy",
            (
                "closed SHOP-S1: 5 points completed of 8 committed (added 2, removed 0, re-estimated +0), "
                "carried 2 items over to the next sprint"
            ),
            "",
        ),
    ]
