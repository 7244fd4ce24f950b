"""Occurrences as they are kept: once by their key, and found without reading all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from scrum.ceremonies.occurrence import Occurrence, Status, Undelivered
from scrum.ceremonies.schedule import Schedule
from scrum.errors import Conflict
from scrum_storage.store import Store
from tests.builders import MONDAY, a_project
from tests.requirements import requirement
from tests.storage.meetings import S1, a_sprint_with, daily

REFINEMENT = "backlog_refinement"


def an_occurrence(number: int, ceremony: str = REFINEMENT, key: str = "") -> Occurrence:
    name = key or f"example:{number}"
    return Occurrence(S1, ceremony, name, MONDAY, "An example.", (name,), number=number)


async def add(core: Store, *several: Occurrence) -> list[Occurrence]:
    async with core.start() as work:
        added = await work.occurrences.add(several)
        await work.commit()
    return list(added)


async def plan(core: Store, wanted: str) -> str:
    query = f"EXPLAIN SELECT * FROM core.occurrences WHERE {wanted}"  # noqa: S608 - ours
    async with core.engine.connect() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        return "\n".join((await connection.scalars(text(query))).all())


@pytest.fixture
async def sprint(core: Store) -> Store:
    """In which nothing is due."""
    await a_sprint_with(core, daily(strategy="event_driven", on=["deployed"]))
    return core


@requirement("ceremonies.once")
async def test_an_occurrence_whose_key_is_there_is_not_added_again(sprint: Store) -> None:
    first, again, other = an_occurrence(101), an_occurrence(102, key="example:101"), an_occurrence(103)
    await add(sprint, first)

    assert await add(sprint, again, other) == [other]


async def test_an_occurrence_whose_number_is_taken_by_another_one_is_refused(sprint: Store) -> None:
    await add(sprint, an_occurrence(101))

    with pytest.raises(Conflict):
        await add(sprint, an_occurrence(101, key="another"))


async def test_the_last_of_a_ceremony_is_found_behind_hundreds_of_others(sprint: Store) -> None:
    mine = an_occurrence(101, "retrospective")
    await add(sprint, mine, *(an_occurrence(number) for number in range(102, 402)))

    async with sprint.look() as work:
        assert await work.occurrences.last(S1, "retrospective") == mine
        assert await work.occurrences.last(S1, "sprint_review") is None


async def test_what_may_be_tried_now_is_what_is_handed_out(sprint: Store) -> None:
    """Also where it was due by a clock that is ahead."""
    await add(sprint, replace(an_occurrence(101), due_at=MONDAY + timedelta(days=300)))

    async with sprint.look() as work:
        first = await work.occurrences.next_attempt()
        pending = await work.occurrences.pending(MONDAY, 10)
    assert [one.number for one in pending] == [101]
    assert first is not None
    assert first <= MONDAY


async def test_what_waits_for_its_next_attempt_is_not_handed_out_before(sprint: Store) -> None:
    later = MONDAY + timedelta(minutes=1)
    await add(sprint, replace(an_occurrence(101), again_at=later))

    async with sprint.look() as work:
        assert await work.occurrences.next_attempt() == later
        assert await work.occurrences.pending(MONDAY, 10) == []
        assert len(await work.occurrences.pending(later, 10)) == 1


async def test_what_waits_is_found_for_each_project_the_newest_sprint_first(core: Store) -> None:
    for key in ("SHOP", "BOOK", "SHOE"):
        await a_project(core, key)
        async with core.start() as work:
            await work.projects.put((await work.projects.claim(key)).numbered(sprints=10))
            for number in (9, 10, 11):
                await work.schedules.open(Schedule(f"{key}-S{number}", key, MONDAY))
            await work.commit()
        await add(core, *delivered_in(f"{key}-S9", REFINEMENT, "sprint_review", "deploy", "deploy"))
        await add(core, *delivered_in(f"{key}-S10", REFINEMENT, REFINEMENT, "sprint_review"))
        (held,) = delivered_in(f"{key}-S11", "sprint_review")
        await add(core, replace(held, status=Status.HELD))

    async with core.look() as work:
        found = [one.id for one in await work.occurrences.waiting(["SHOP", "BOOK"])]

    assert found == ["BOOK-S10-C2", "BOOK-S9-C4", "SHOP-S10-C2", "SHOP-S9-C4"]


def delivered_in(sprint: str, *ceremonies: str) -> list[Occurrence]:
    return [
        replace(an_occurrence(number, name), sprint=sprint, status=Status.DELIVERED)
        for number, name in enumerate(ceremonies, start=1)
    ]


async def test_what_nobody_got_is_counted_with_the_moment_since_when_it_waits(sprint: Store) -> None:
    older = MONDAY - timedelta(hours=1)
    given = {101: Status.DUE, 102: Status.DUE, 103: Status.FAILED, 104: Status.DELIVERED, 105: Status.HELD}
    await add(sprint, *(replace(an_occurrence(number), status=status) for number, status in given.items()))
    await add(sprint, replace(an_occurrence(106), due_at=older))
    await add(sprint, replace(an_occurrence(107), due_at=older - timedelta(1), status=Status.FAILED))

    async with sprint.look() as work:
        assert await work.occurrences.count_undelivered() == Undelivered(due=3, failed=2, oldest=older)


async def test_where_everybody_got_all_there_is_no_such_moment(sprint: Store) -> None:
    async with sprint.look() as work:
        assert await work.occurrences.count_undelivered() == Undelivered(due=0, failed=0, oldest=None)


INDEXED = {
    "status IN ('due', 'failed') ORDER BY due_at LIMIT 20": "occurrences_due",
    "status IN ('due', 'failed')": "occurrences_due",
    "status = 'due' ORDER BY due_at LIMIT 20": "occurrences_due",
    "sprint = 'SHOP-S1' ORDER BY number DESC LIMIT 200": "occurrences_numbered",
}


@pytest.mark.parametrize(("wanted", "index"), INDEXED.items())
async def test_occurrences_are_found_by_an_index(core: Store, wanted: str, index: str) -> None:
    assert f" {index} " in await plan(core, wanted)
