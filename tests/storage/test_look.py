"""Looks: reads without a transaction, the busiest of them on the bare driver."""

import pytest
from sqlalchemy import text

from scrum.backlog.model import Page, Where
from scrum.errors import Unavailable
from scrum.planning.ports import PlanningWork
from scrum.sprint.ports import Board
from scrum.team.project import UnknownProject
from scrum.work import Start
from scrum_storage.store import Store, open_store
from tests.builders import SHOP, a_project, a_running_sprint, finish, some_items


async def seen(start: Start[PlanningWork]) -> tuple[Board, Page]:
    async with start() as work:
        page = await work.items.page(SHOP, Where(), after=None, limit=2)
        return await work.sprints.board(SHOP, ""), page


async def test_a_look_sees_what_a_unit_of_work_sees(core: Store) -> None:
    await a_running_sprint(core, points=[5, 3, None])
    await finish(core, "SHOP-1")
    await some_items(core, [1, 2], labels=frozenset({"late"}), due=None)

    assert await seen(core.look) == await seen(core.start)


async def test_a_project_without_a_sprint_has_an_empty_board(core: Store) -> None:
    project = await a_project(core, days_off=[])

    async with core.look() as work:
        board = await work.sprints.board(SHOP, "")

    assert (board.project, board.sprint, board.items) == (project, None, ())


async def test_an_unknown_project_has_no_board(core: Store) -> None:
    async with core.look() as work:
        with pytest.raises(UnknownProject, match="SHOP"):
            await work.sprints.board(SHOP, "")


async def test_a_look_survives_that_the_server_ended_its_connections(core: Store) -> None:
    await a_running_sprint(core)
    before = await seen(core.look)

    async with core.engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        await connection.execute(text(f"{others} AND datname = current_database()"))

    assert await seen(core.look) == before


async def test_a_look_at_a_server_that_is_not_there_says_so() -> None:
    async with open_store("postgresql+asyncpg://nobody@127.0.0.1:1/none") as store:
        with pytest.raises(Unavailable, match="cannot be reached"):
            await seen(store.look)
