"""Events are stored in the commit of what they tell of, or not at all."""

import asyncio
from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import RFC_4122

import asyncpg
import pytest
from sqlalchemy import select

from scrum.backlog.model import Draft
from scrum.backlog.usecases import add_items
from scrum.deliveries import Delivery
from scrum.errors import Invalid
from scrum.team.events import ProjectSetUp
from scrum.team.usecases import setup_project
from scrum_storage.errors import Unstorable
from scrum_storage.ids import uuid7
from scrum_storage.messages import channel
from scrum_storage.store import Store
from scrum_storage.tables import outbox
from tests.builders import MONDAY, SHOP, a_project, by, some_items
from tests.requirements import requirement
from tests.storage.messages import an_event, publish


async def rows(core: Store) -> list[dict[str, Any]]:
    async with core.engine.connect() as connection:
        found = await connection.execute(select(outbox).order_by(outbox.c.seq))
        return [dict(row) for row in found.mappings()]


async def test_an_event_carries_who_what_when_and_why(core: Store) -> None:
    acts = by("ana", reason="we begin")
    await setup_project(core.start, SHOP, {"name": "The shop", "days_off": [MONDAY.date()]}, by=acts)

    (row,) = await rows(core)

    assert {name: row[name] for name in ("type", "version", "project", "aggregate", "aggregate_version")} == {
        "type": "ProjectSetUp",
        "version": 1,
        "project": SHOP,
        "aggregate": SHOP,
        "aggregate_version": 1,
    }
    assert (row["actor"], row["reason"], row["occurred_at"]) == ("ana", "we begin", MONDAY)
    assert row["data"]["settings"]["calendar"]["days_off"] == ["2026-03-02"]
    assert row["sent_at"] is None


async def test_events_of_one_commit_share_a_correlation_id_and_keep_their_order(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1, 2, 3])

    added = (await rows(core))[1:]

    assert [row["aggregate"] for row in added] == ["SHOP-1", "SHOP-2", "SHOP-3"]
    assert len({row["correlation_id"] for row in added}) == 1
    assert [row["id"] for row in added] == sorted(row["id"] for row in added)


async def test_events_of_several_projects_in_one_commit_have_nothing_in_common(core: Store) -> None:
    async with core.start() as work:
        work.publish(an_event(), replace(an_event(), project="OTHER"), an_event())
        await work.commit()

    first, other, again = [row["correlation_id"] for row in await rows(core)]

    assert first == again != other


@requirement("events.same-commit")
async def test_without_a_commit_there_is_no_event(core: Store) -> None:
    project = await a_project(core)
    async with core.start() as work:
        work.publish(ProjectSetUp.of(by(), project, name="x", settings={}))

    assert len(await rows(core)) == 1


@requirement("events.same-commit")
async def test_a_use_case_that_fails_leaves_neither_state_nor_event(core: Store) -> None:
    await a_project(core)

    with pytest.raises(Invalid):
        await add_items(core.start, SHOP, [Draft("Good"), Draft("")], by=by())

    assert [row["type"] for row in await rows(core)] == ["ProjectSetUp"]


async def test_whoever_listens_is_woken_once_per_commit(core: Store, database: str) -> None:
    await a_project(core)
    name = channel(outbox)
    woken: asyncio.Queue[str] = asyncio.Queue()
    listener = await asyncpg.connect(database.replace("+asyncpg", ""))
    try:
        await listener.add_listener(name, lambda _, __, heard, ___: woken.put_nowait(heard))
        await some_items(core, [1, 2, 3])
        async with asyncio.timeout(10):
            assert await woken.get() == name
        await listener.execute("SELECT 1")
    finally:
        await listener.close()

    assert woken.empty()


async def test_what_a_delivery_caused_shares_its_correlation(core: Store) -> None:
    cause = Delivery(id=uuid7(), store="core", event=an_event(), correlation=uuid7(), cause=None)

    async with core.start() as work:
        work.publish(an_event(1), cause=cause)
        work.publish(an_event(2))
        await work.commit()

    caused, by_itself = await rows(core)
    assert (caused["causation_id"], caused["correlation_id"]) == (cause.id, cause.correlation)
    assert by_itself["causation_id"] is None
    assert by_itself["correlation_id"] != cause.correlation


async def test_an_event_that_postgresql_cannot_hold_is_the_callers_mistake(core: Store) -> None:
    with pytest.raises(Unstorable):
        await publish(core, an_event(title="A\0"))


def test_ids_are_version_7_and_grow() -> None:
    ids = [uuid7() for _ in range(10_000)]

    assert all(a < b for a, b in pairwise(ids))
    assert {(one.version, one.variant) for one in ids} == {(7, RFC_4122)}
