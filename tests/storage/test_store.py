"""The unit of work: all or nothing, one after the other, and clear about what is wrong."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import make_url

from scrum.errors import Unavailable
from scrum.sprint.model import Sprint
from scrum.team.project import Project, UnknownProject
from scrum.team.usecases import setup_project
from scrum_storage.errors import Changed, NotMigrated, Raced, Unreachable, Unstorable, unreachable
from scrum_storage.migrate import migrate
from scrum_storage.store import KINDS, Store, open_store
from tests.builders import MONDAY, SHOP, a_project, a_sprint, by
from tests.conftest import administer
from tests.requirements import requirement


async def test_a_project_comes_back_as_it_was_stored(core: Store) -> None:
    project = await a_project(
        core,
        timezone="Europe/Berlin",
        country="DE-BY",
        workdays=["mon", "wed"],
        days_off=[MONDAY.date()],
        sprint_days=7,
        focus_factor=0.7,
    )

    async with core.start() as work:
        assert await work.projects.get(SHOP) == project


async def test_keys_are_found_whatever_their_case(core: Store) -> None:
    project = await a_project(core)

    async with core.start() as work:
        assert await work.projects.get(" shop ") == project


async def test_an_unknown_project_names_the_known_ones(core: Store) -> None:
    await a_project(core)

    async with core.start() as work:
        with pytest.raises(UnknownProject, match="SHOP"):
            await work.projects.get("SHOPP")


async def test_what_is_not_committed_is_rolled_back(core: Store) -> None:
    project = await a_project(core)
    async with core.start() as work:
        await work.projects.put(replace(project, name="Another", version=2))

    async with core.start() as work:
        assert await work.projects.get(SHOP) == project


async def test_an_error_rolls_back_what_came_before_it(core: Store) -> None:
    with pytest.raises(Changed):
        await put(core, Project("A1", "First", version=1), Project("A1", "Again", version=1))

    async with core.start() as work:
        assert await work.projects.keys() == []


async def test_a_version_never_goes_backwards(core: Store) -> None:
    project = await a_project(core)

    async with core.start() as work:
        with pytest.raises(Changed, match="SHOP changed"):
            await work.projects.put(replace(project, name="Late"))


async def test_a_second_claim_waits_until_the_first_work_ends(core: Store) -> None:
    await a_project(core)
    order: list[str] = []

    async def later() -> None:
        async with core.start() as work:
            project = await work.projects.claim(SHOP)
            order.append(f"second sees {project.next_item}")

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks, core.start() as work:
        project = await work.projects.claim(SHOP)
        waiting = tasks.create_task(later())
        await blocked(core, waiting)
        await work.projects.put(project.numbered(items=1))
        order.append("first commits")
        await work.commit()

    assert order == ["first commits", "second sees 2"]


async def test_of_two_who_set_up_the_same_new_project_one_creates_it(core: Store) -> None:
    calls = (setup_project(core.start, "NEW", {"name": "New"}, by=by(name)) for name in ("ana", "bo"))

    made = await asyncio.gather(*calls)

    assert sorted(answer.created for answer in made) == [False, True]
    assert len({answer.project for answer in made}) == 1


async def test_a_deadlock_is_a_conflict_and_the_other_one_goes_through(core: Store) -> None:
    await a_project(core, "AA")
    await a_project(core, "BB")
    both = asyncio.Barrier(2)

    async def claim(first: str, second: str) -> None:
        async with core.start() as work:
            await work.projects.claim(first)
            await both.wait()
            await work.projects.claim(second)

    async with asyncio.timeout(30):
        outcomes = await asyncio.gather(claim("AA", "BB"), claim("BB", "AA"), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes if outcome] == [Raced]


@requirement("sprint.one-open")
async def test_a_project_has_one_open_sprint(core: Store) -> None:
    await a_project(core)

    with pytest.raises(Raced, match="one open sprint"):
        await put_sprints(core, a_sprint("SHOP-S1", 1), a_sprint("SHOP-S2", 2))


async def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    async with open_store(f"postgresql+asyncpg://ana:geheim@/scrum?host={tmp_path}") as store:
        with pytest.raises(Unreachable, match="SCRUM_DATABASE_URL") as caught:
            await store.ping()

    assert str(tmp_path) in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_server_that_is_silent_is_given_some_seconds() -> None:
    silent = unreachable(make_url("postgresql+asyncpg://far/scrum"), TimeoutError())

    assert "far/scrum cannot be reached: no answer within 10 seconds." in str(silent)


async def test_a_database_without_tables_says_how_to_make_them(empty_database: str) -> None:
    async with open_store(empty_database) as store:
        with pytest.raises(NotMigrated, match="scrum-mcp migrate"):
            await read_keys(store)


async def test_text_that_postgresql_cannot_hold_is_the_callers_mistake(core: Store) -> None:
    with pytest.raises(Unstorable):
        async with core.start() as work:
            await work.projects.get("A\x00")


async def test_connections_that_the_server_ended_are_replaced(core: Store, database: str) -> None:
    await a_project(core)
    await end_connections(database)

    async with core.start() as work:
        assert await work.projects.keys() == [SHOP]


async def test_a_connection_lost_in_the_middle_leaves_the_outcome_unknown(core: Store, database: str) -> None:
    await a_project(core)

    with pytest.raises(Unavailable, match="unknown whether"):
        await interrupted(core, database)


async def test_each_store_has_an_identity_of_its_own_that_stays(database: str) -> None:
    first, second = await identities(database), await identities(database)

    assert first == second
    assert len({UUID(one) for one in first}) == len(KINDS)


async def test_the_same_store_of_another_database_is_another(database: str, empty_database: str) -> None:
    await migrate(empty_database)

    assert set(await identities(database)).isdisjoint(await identities(empty_database))


async def test_an_identity_is_asked_for_once(core: Store, database: str) -> None:
    known = await core.identity()
    await administer(database, "DELETE FROM core.identity")

    assert await core.identity() == known


@pytest.mark.parametrize("values", ["DEFAULT VALUES", "(one) VALUES (false)", "(one) VALUES (NULL)"])
async def test_a_store_gets_no_second_identity(database: str, values: str) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await administer(database, f"INSERT INTO core.identity {values}")


async def test_a_store_that_is_not_migrated_has_no_identity(empty_database: str) -> None:
    async with open_store(empty_database) as store:
        with pytest.raises(NotMigrated):
            await store.identity()


async def identities(url: str) -> list[str]:
    found: list[str] = []
    for kind in KINDS:
        async with open_store(url, kind) as store:
            found.append(await store.identity())
    return found


async def put(core: Store, *projects: Project) -> None:
    async with core.start() as work:
        for project in projects:
            await work.projects.put(project)
        await work.commit()


async def put_sprints(core: Store, *sprints: Sprint) -> None:
    async with core.start() as work:
        for sprint in sprints:
            await work.sprints.put(sprint)
        await work.commit()


async def read_keys(store: Store) -> list[str]:
    async with store.start() as work:
        return await work.projects.keys()


async def interrupted(core: Store, database: str) -> None:
    async with core.start() as work:
        await work.projects.keys()
        await end_connections(database)
        await work.projects.keys()


async def blocked(core: Store, task: asyncio.Task[Any]) -> None:
    """Returns once PostgreSQL says that somebody waits for a lock."""
    url = core.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
    try:
        while not await connection.fetchval(waits):
            assert not task.done()
    finally:
        await connection.close()


async def end_connections(url: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    ending = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    try:
        await connection.execute(ending)
    finally:
        await connection.close()
