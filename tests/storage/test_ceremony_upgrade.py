"""Databases from before there were ceremonies: their open sprints go on with what happened in them."""

from datetime import UTC, date, datetime

import pytest
from alembic.command import downgrade, upgrade

from scrum.ceremonies.usecases import evaluate_sprint
from scrum.team.project import Cadence
from scrum_storage.migrate import alembic_config, migrate
from scrum_storage.store import open_store
from tests.conftest import administer
from tests.requirements import requirement
from tests.storage.test_migrate import PROJECT, SPRINT, an_old_database, inside, names

RUNNING = SPRINT.replace("'completed'", "'active'").replace(
    "'2026-03-13T09:00Z', '2026-03-13T09:00Z'", "NULL, NULL"
)
_ENTRY = """
INSERT INTO core.ledger (sprint, at, actor, kind, item, points, reason)
VALUES ('SHOP-S1', '2026-03-03T09:00Z', 'ana', '{0}', 'SHOP-{1}', 1, '')
"""
_SIGNAL = """
INSERT INTO core.happenings (sprint, number, at, name, item, items, done, days, spent, source, elsewhere, signal)
VALUES ('SHOP-S1', {0}, '2026-03-03T09:00Z', 'push', '', 0, 0, 0, 0, '{1}', false, '{2}')
"""


@requirement("ceremonies.upgrade")
async def test_open_sprints_of_the_sixth_version_get_a_schedule_with_what_happened_in_them(
    empty_database: str,
) -> None:
    await an_old_database(empty_database, "core_0006")
    entries = [
        ("committed", 1), ("committed", 2), ("committed", 3), ("added", 4), ("completed", 1), ("reestimated", 1),
        ("removed", 1), ("completed", 2), ("reopened", 2), ("removed", 3),
    ]  # fmt: skip
    await administer(empty_database, PROJECT, RUNNING, *(_ENTRY.format(*one) for one in entries))

    await migrate(empty_database, ["core"])

    async with open_store(empty_database) as store:
        found = await evaluate_sprint(store.start, "SHOP-S1", now=None)
        async with store.look() as work:
            schedule = await work.schedules.find("SHOP-S1")
            happened = await work.schedules.happenings("SHOP-S1", 0)
    assert [(one.number, one.name, one.items, one.done) for one in happened] == [
        (1, "sprint_planned", 0, 0),
        (2, "sprint_started", 3, 0),
        (3, "scope_changed", 1, 0),
        (4, "task_completed", 0, 0),
        (5, "scope_changed", -1, -1),
        (6, "task_completed", 0, 0),
        (7, "task_reopened", 0, 0),
        (8, "scope_changed", -1, 0),
    ]
    assert schedule
    assert (schedule.recorded, schedule.days, schedule.anchor) == (8, 14, datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert schedule.chosen
    assert schedule.chosen.cadence is Cadence.SOLO
    assert (schedule.standing.items, schedule.standing.done, found.moves) == (2, 0, ())


@requirement("ceremonies.upgrade")
@pytest.mark.parametrize("state", ["active", "in_review", "retrospective"])
async def test_people_end_the_sprints_that_run_at_the_upgrade(empty_database: str, state: str) -> None:
    """Though their days have long been over, and all is done."""
    await an_old_database(empty_database, "core_0006")
    calendar = PROJECT.replace("'solo'", "'consultancy'")
    done = [_ENTRY.format(kind, 1) for kind in ("committed", "completed")]
    ended = "NULL" if state == "active" else "'2026-03-13T09:00Z'"
    sprint = RUNNING.replace("'active'", f"'{state}'").replace("NULL, NULL", f"{ended}, NULL")
    await administer(empty_database, calendar, sprint, *done)

    await migrate(empty_database, ["core"])

    async with open_store(empty_database) as store:
        found = await evaluate_sprint(store.start, "SHOP-S1", now=datetime(2026, 6, 1, 9, tzinfo=UTC))
        async with store.look() as work:
            left = await work.sprints.find("SHOP-S1")
    assert found.moves == ()
    assert left
    assert left.state.value == state


async def test_sprints_that_were_over_get_no_schedule(empty_database: str) -> None:
    await an_old_database(empty_database, "core_0006")
    await administer(empty_database, PROJECT, SPRINT)

    await migrate(empty_database, ["core"])

    assert await names(empty_database, "SELECT sprint FROM core.schedules") == []


@requirement("ceremonies.upgrade")
@pytest.mark.parametrize(
    ("chosen", "scale", "start", "end"),
    [
        ('{"cadence": "agent_swarm"}', 1_000, date(2026, 3, 7), date(2026, 3, 20)),
        ('{"cadence": "solo", "settings": {"sprint": {"time_scale": 100}}}', 100, date(2026, 3, 2), date(2026, 3, 15)),
        ('{"cadence": "agent_swarm", "settings": {"sprint": {"time_scale": 1}}}', 1, date(2026, 3, 2), date(2026, 3, 15)),
        ('{"cadence": "solo"}', 1, date(2026, 3, 2), date(2026, 3, 15)),
    ],
    ids=["by the template", "by its own settings", "slowed down by these", "in real time"],
)  # fmt: skip
async def test_sprints_of_the_eighth_version_get_the_clock_of_the_policy_that_they_began_with(
    empty_database: str, chosen: str, scale: float, start: date, end: date
) -> None:
    """Their first day is the one that it showed, eight real minutes after they were planned."""
    await an_old_database(empty_database, "core_0006")
    await administer(empty_database, PROJECT, RUNNING)
    await inside(empty_database, lambda connection: upgrade(alembic_config("core", connection), "core_0008"))
    fields = f"anchor = '2026-03-02T08:52Z', chosen = '{chosen}'"
    await administer(empty_database, f"UPDATE core.schedules SET {fields}")  # noqa: S608 - ours

    await migrate(empty_database, ["core"])

    async with open_store(empty_database) as store, store.look() as work:
        sprint = await work.sprints.find("SHOP-S1")
    assert sprint
    assert (sprint.clock.scale, sprint.start, sprint.end) == (scale, start, end)


async def test_of_an_id_of_two_sources_the_twelfth_version_keeps_the_first(empty_database: str) -> None:
    await an_old_database(empty_database, "core_0006")
    await administer(empty_database, PROJECT, RUNNING)
    await migrate(empty_database, ["core"])
    told = [(11, "jira", "1"), (12, "git", "1"), (13, "git", "2")]
    await administer(empty_database, *(_SIGNAL.format(*one) for one in told))

    await inside(
        empty_database, lambda connection: downgrade(alembic_config("core", connection), "core_0012")
    )

    assert await migrate(empty_database, ["core"]) == ["core_0013"]
    async with open_store(empty_database) as store, store.look() as work:
        heard = [await work.schedules.heard("SHOP-S1", source, signal) for _, source, signal in told]
    assert heard == [True, False, True]
