"""Minutes and actions of ceremonies, on a real server: what they come to follows from all that was told, in any order."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import permutations
from typing import Any

import pytest

from scrum.ceremonies.events import CeremonyHeld
from scrum.ceremonies.minutes import MINUTES
from scrum.ceremonies.terms import DAILY, RETROSPECTIVE, REVIEW
from scrum.chronicle.reports import ActionItem, ActionStatus, Minutes
from scrum.deliveries import Delivery
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import MONDAY, SHOP
from tests.held import FIRST, after, agreed, held, told
from tests.requirements import requirement

OPEN, DONE, DROPPED = ActionStatus


@pytest.fixture
async def chronicle(database: str) -> AsyncGenerator[Store[ChronicleWork]]:
    async with open_store(database, CHRONICLE) as store:
        yield store


async def hear(chronicle: Store[ChronicleWork], *deliveries: Delivery) -> None:
    async with chronicle.start() as work:
        await MINUTES.handle(work, deliveries)
        await work.commit()


async def the_actions(chronicle: Store[ChronicleWork], **where: Any) -> tuple[ActionItem, ...]:
    async with chronicle.start() as work:
        return tuple(await work.minutes.actions(SHOP, only_open=False, **where))


async def the_open(chronicle: Store[ChronicleWork], **where: Any) -> tuple[ActionItem, ...]:
    async with chronicle.start() as work:
        return tuple(await work.minutes.actions(SHOP, **where))


async def the_minutes(chronicle: Store[ChronicleWork], **where: Any) -> list[Minutes]:
    async with chronicle.start() as work:
        return list(await work.minutes.of(SHOP, **where))


async def the_first(chronicle: Store[ChronicleWork]) -> ActionItem:
    (one,) = await the_actions(chronicle)
    return one


async def test_minutes_come_back_as_they_were_told(chronicle: Store[ChronicleWork]) -> None:
    one = held("SHOP-S1-C2", 1, ceremony=REVIEW)
    said = {"notes": "Two\nlines: 支払う", "decisions": ["Ship it", "'Wait'"], "attendees": ["Ana", "Bo"]}
    await hear(chronicle, replace(one, event=replace(one.event, **said)))  # type: ignore[arg-type] # its own fields

    assert await the_minutes(chronicle) == [
        Minutes(
            "SHOP-S1-C2",
            SHOP,
            "SHOP-S1",
            REVIEW,
            after(1),
            "ana",
            "Two\nlines: 支払う",
            ("Ship it", "'Wait'"),
            ("Ana", "Bo"),
        )
    ]


async def test_an_action_is_there_as_it_was_agreed(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed(owner="Bo", due="2026-03-20")))

    due = date(2026, 3, 20)
    assert await the_actions(chronicle) == (
        ActionItem(FIRST, SHOP, "SHOP-S1", "Fix the build", MONDAY, "Bo", due, OPEN, None, 0),
    )


async def test_an_action_that_was_done_when_it_was_agreed_is_not_open(
    chronicle: Store[ChronicleWork],
) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed(status="done")))

    one = await the_first(chronicle)
    assert (one.status, one.settled_at) == (DONE, MONDAY)
    assert await the_open(chronicle) == ()


async def test_what_a_change_does_not_name_stays_as_it_is(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed(owner="Bo", due="2026-03-20")))
    before = await the_first(chronicle)

    await hear(chronicle, held("SHOP-S1-C2", 1, told(owner="Ana"), ceremony=DAILY))
    assert await the_first(chronicle) == replace(before, owner="Ana")

    await hear(chronicle, held("SHOP-S1-C3", 2, told(text="Mend it", due="2026-04-01"), ceremony=DAILY))
    later = replace(before, owner="Ana", text="Mend it", due=date(2026, 4, 1))
    assert await the_first(chronicle) == later

    await hear(chronicle, held("SHOP-S1-C4", 3, {"id": FIRST, "status": "dropped"}, ceremony=DAILY))
    assert await the_first(chronicle) == replace(later, status=DROPPED, settled_at=after(3))


@requirement("chronicle.cleared")
async def test_what_a_change_empties_is_gone_until_it_is_told_again(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed(owner="Bo", due="2026-03-20")))
    before = await the_first(chronicle)

    await hear(chronicle, held("SHOP-S1-C2", 1, {"id": FIRST, "due": ""}, ceremony=DAILY))
    assert await the_first(chronicle) == replace(before, due=None)

    await hear(chronicle, held("SHOP-S1-C3", 2, {"id": FIRST, "owner": ""}, ceremony=DAILY))
    assert await the_first(chronicle) == replace(before, due=None, owner="")

    await hear(chronicle, held("SHOP-S1-C4", 3, {"id": FIRST, "due": "2026-04-01"}, ceremony=DAILY))
    assert (await the_first(chronicle)).due == date(2026, 4, 1)


async def test_an_action_that_is_opened_again_is_not_settled(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed()), held("SHOP-S1-C2", 1, told(status="done")))
    assert (await the_first(chronicle)).settled_at == after(1)

    await hear(chronicle, held("SHOP-S1-C3", 2, told(status="open")))

    one = await the_first(chronicle)
    assert (one.status, one.settled_at) == (OPEN, None)
    assert await the_open(chronicle) == (one,)


async def test_done_again_is_settled_since_the_first_time(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed()))
    await hear(chronicle, *(held(f"SHOP-S1-C{n}", n, told(status="done")) for n in (3, 2)))

    assert (await the_first(chronicle)).settled_at == after(2)


@requirement("chronicle.carried")
async def test_an_action_is_carried_by_each_retrospective_that_leaves_it_open(
    chronicle: Store[ChronicleWork],
) -> None:
    await hear(chronicle, held("SHOP-S1-C0", -1))
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed()))
    assert (await the_first(chronicle)).carried == 0

    await hear(chronicle, held("SHOP-S2-C1", 10), held("SHOP-S2-C2", 11, ceremony=REVIEW))
    assert (await the_first(chronicle)).carried == 1

    await hear(chronicle, held("SHOP-S3-C1", 20, told(owner="Bo")))
    assert (await the_first(chronicle)).carried == 2

    await hear(chronicle, held("SHOP-S4-C1", 30, told(status="done")), held("SHOP-S5-C1", 40))
    assert (await the_first(chronicle)).carried == 2

    await hear(chronicle, held("SHOP-S6-C1", 45, told(status="open"), ceremony=DAILY))
    await hear(chronicle, held("SHOP-S6-C2", 50))
    assert (await the_first(chronicle)).carried == 3


@requirement("chronicle.carried")
@pytest.mark.parametrize("status", [OPEN, DONE])
async def test_the_retrospective_of_its_own_sprint_carries_no_action(
    chronicle: Store[ChronicleWork], status: ActionStatus
) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed(), ceremony=DAILY), held("SHOP-S1-C2", 1))
    await hear(chronicle, held("SHOP-S1-C3", 2, told(status=status)))

    assert (await the_first(chronicle)).carried == 0


@requirement("chronicle.carried")
async def test_two_retrospectives_of_one_sprint_carry_an_action_once(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed()), held("SHOP-S1-C2", 1))
    await hear(chronicle, held("SHOP-S2-C1", 11), held("SHOP-S2-C2", 10))

    assert (await the_first(chronicle)).carried == 1


async def test_retrospectives_of_other_projects_carry_nothing(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed()), held("BANK-S1-C1", 1))

    assert (await the_first(chronicle)).carried == 0


async def test_a_project_changes_no_action_of_another(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, held("SHOP-S1-C1", 0, agreed()))
    before = await the_first(chronicle)

    await hear(chronicle, held("BANK-S1-C1", 1, told(status="done", text="Mine")))

    assert await the_open(chronicle) == (before,)


HISTORY = (
    held("SHOP-S1-C1", 0, agreed(), agreed("SHOP-S1-C1-A2", text="Ask Bo")),
    held("SHOP-S1-C2", 1, told(owner="Ana"), told("SHOP-S1-C1-A2", status="dropped"), ceremony=DAILY),
    held("SHOP-S2-C1", 10),
    held("SHOP-S3-C1", 20, told(status="done", owner="Bo")),
)
STANDS = (
    ActionItem(FIRST, SHOP, "SHOP-S1", "Fix the build", MONDAY, "Bo", None, DONE, after(20), carried=1),
    ActionItem("SHOP-S1-C1-A2", SHOP, "SHOP-S1", "Ask Bo", MONDAY, status=DROPPED, settled_at=after(1)),
)


@requirement("chronicle.actions")
@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_in_any_order_and_again_actions_come_to_the_same(
    chronicle: Store[ChronicleWork], order: Sequence[int]
) -> None:
    for place in order:
        await hear(chronicle, HISTORY[place])
    assert await the_actions(chronicle) == STANDS

    await hear(chronicle, *reversed(HISTORY), *HISTORY)
    assert await the_actions(chronicle) == STANDS
    assert len(await the_minutes(chronicle)) == len(HISTORY)


@requirement("chronicle.actions")
async def test_an_action_and_its_change_that_are_heard_at_once_find_each_other(
    chronicle: Store[ChronicleWork],
) -> None:
    async with chronicle.start() as one, chronicle.start() as other:
        await MINUTES.handle(one, [held("SHOP-S1-C1", 0, agreed())])
        await MINUTES.handle(other, [held("SHOP-S1-C2", 1, told(status="done"))])
        await asyncio.gather(one.commit(), other.commit())

    assert (await the_first(chronicle)).status is DONE


async def test_a_change_without_its_action_is_nothing(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, held("SHOP-S1-C2", 1, told("SHOP-S9-C9-A9", status="open")))

    assert await the_actions(chronicle) == ()


async def test_of_one_moment_the_event_that_was_published_later_counts(
    chronicle: Store[ChronicleWork],
) -> None:
    first, last = (held(f"SHOP-S1-C{n}", 1, told(owner=who)) for n, who in ((10, "Ana"), (2, "Bo")))

    await hear(chronicle, held("SHOP-S1-C1", 0, agreed()), last, first)

    assert (await the_first(chronicle)).owner == "Bo"


async def test_a_later_moment_counts_also_where_its_event_was_published_earlier(
    chronicle: Store[ChronicleWork],
) -> None:
    later = held("SHOP-S1-C3", 2, told(status="done"), ceremony=DAILY)
    earlier = held("SHOP-S1-C2", 1, told(status="open"), ceremony=DAILY)

    await hear(chronicle, held("SHOP-S1-C1", 0, agreed()), later, earlier)

    assert (await the_first(chronicle)).settled_at == after(2)
    assert await the_open(chronicle) == ()


async def test_an_event_that_is_not_committed_leaves_nothing(chronicle: Store[ChronicleWork]) -> None:
    async with chronicle.start() as work:
        await MINUTES.handle(work, HISTORY)

    assert await the_actions(chronicle) == ()
    assert await the_minutes(chronicle) == []


async def test_minutes_are_those_that_are_asked_for(chronicle: Store[ChronicleWork]) -> None:
    await hear(chronicle, *HISTORY, held("BANK-S1-C1", 5))

    async def found(**where: Any) -> list[str]:
        return [one.occurrence for one in await the_minutes(chronicle, **where)]

    assert await found() == ["SHOP-S3-C1", "SHOP-S2-C1", "SHOP-S1-C2", "SHOP-S1-C1"]
    assert await found(sprint="SHOP-S1") == ["SHOP-S1-C2", "SHOP-S1-C1"]
    assert await found(ceremony=RETROSPECTIVE, limit=2) == ["SHOP-S3-C1", "SHOP-S2-C1"]
    assert await found(sprint="SHOP-S1", ceremony=DAILY) == ["SHOP-S1-C2"]


async def test_actions_are_those_that_are_asked_for_the_oldest_first(
    chronicle: Store[ChronicleWork],
) -> None:
    later = [agreed(f"SHOP-S2-C1-A{n}") for n in (1, 2, 10)]
    await hear(chronicle, held("SHOP-S2-C1", 5, *later), held("SHOP-S1-C1", 0, agreed(status="done")))

    assert [one.id for one in await the_actions(chronicle)] == [
        FIRST,
        "SHOP-S2-C1-A1",
        "SHOP-S2-C1-A2",
        "SHOP-S2-C1-A10",
    ]
    assert [one.id for one in await the_actions(chronicle, sprint="SHOP-S1")] == [FIRST]
    assert await the_open(chronicle, sprint="SHOP-S1") == ()
    assert len(await the_open(chronicle, sprint="SHOP-S2")) == 3


@requirement("chronicle.actions", "chronicle.carried")
@pytest.mark.parametrize("seed", range(8))
async def test_whatever_was_told_actions_stand_as_one_who_heard_it_in_order_has_it(
    chronicle: Store[ChronicleWork], seed: int
) -> None:
    chance = random.Random(seed)
    story = a_story(chance)
    heard = [*story, *chance.sample(story, len(story) // 2)]
    chance.shuffle(heard)

    while heard:
        size = chance.randint(1, 5)
        await hear(chronicle, *heard[:size])
        heard = heard[size:]

    expected = in_order(story)
    found = await the_actions(chronicle)
    assert {one.id: (one.status, one.owner, one.settled_at, one.carried) for one in found} == expected
    assert await the_open(chronicle) == tuple(one for one in found if one.status is OPEN)


def a_story(chance: random.Random) -> list[Delivery]:
    """Ceremonies one after the other, some at the same moment, which agree on actions and speak of earlier ones."""
    known: list[str] = []
    story: list[Delivery] = []
    day = 0.0
    for number in range(1, 41):
        day += chance.choice([0, 1])
        name = f"SHOP-S{1 + number // 4}-C{number}"
        said = [_said(chance, one) for one in chance.sample(known, min(len(known), 3))]
        new = [agreed(f"{name}-A{n}") for n in range(1, chance.randint(0, 2) + 1)]
        story.append(held(name, day, *said, *new, ceremony=chance.choice([RETROSPECTIVE, DAILY])))
        known += [str(one["id"]) for one in new]
    return story


def _said(chance: random.Random, action: str) -> dict[str, object]:
    return told(action, status=chance.choice([None, *ActionStatus]), owner=chance.choice([None, "Ana", "Bo"]))


def in_order(story: Sequence[Delivery]) -> dict[str, tuple[object, ...]]:
    """By one who hears each moment whole, in the order of time, and carries what is open after it, once a later sprint."""
    known: dict[str, dict[str, Any]] = {}
    over: set[str] = set()
    events = [one.event for one in story if isinstance(one.event, CeremonyHeld)]
    for moment in sorted({one.occurred_at for one in events}):
        now = [one for one in events if one.occurred_at == moment]
        for said in (said for one in now for said in one.actions):
            _heard(known, said, moment)
        first = {one.sprint for one in now if one.ceremony == RETROSPECTIVE} - over
        over |= first
        for name, one in known.items():
            if one["status"] == "open" and one["since"] < moment:
                one["carried"] += len(first - {name.rsplit("-", 2)[0]})
    return {
        name: (one["status"], one["owner"], one["settled"], one["carried"]) for name, one in known.items()
    }


def _heard(known: dict[str, dict[str, Any]], said: dict[str, Any], moment: datetime) -> None:
    blank = {"status": "open", "owner": "", "settled": None, "carried": 0, "since": moment}
    one = known.setdefault(said["id"], blank)
    one["owner"] = said["owner"] if said["owner"] is not None else one["owner"]
    if said["status"] and said["status"] != one["status"]:
        one["settled"] = None if said["status"] == "open" else moment
        one["status"] = said["status"]
