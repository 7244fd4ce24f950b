"""What was done is told, where the database goes away right after the commit."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import make_url

from scrum.events import LOCAL
from scrum.sprint.change import Action
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_storage.errors import Unreachable
from scrum_storage.store import Store, open_store
from scrum_storage.work import PostgresWork
from scrum_tools import project
from scrum_tools.ceremonies import tools as ceremonies
from scrum_tools.run import Run
from scrum_tools.sprints import tools as sprint
from scrum_tools.tool import View
from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.ceremonial import a_sprint, delivered, look
from tests.tools.conftest import NOWHERE

Call = Callable[[str, Run], Awaitable[View]]
WEEKLY: dict[str, Any] = {"sprint_days": 7}


@dataclass
class Leaving:
    """A store that nobody reaches any more, once something was committed."""

    store: Store
    gone: list[str] = field(default_factory=list[str])

    @asynccontextmanager
    async def start(self) -> AsyncGenerator[PostgresWork]:
        self._reach()
        async with self.store.start() as work:
            commit = work._commit  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] # where it ends

            async def committed() -> None:
                await commit()
                self.gone.append("by now")

            work._commit = committed  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            yield work

    @asynccontextmanager
    async def look(self) -> AsyncGenerator[PostgresWork]:
        self._reach()
        async with self.store.look() as work:
            yield work

    def _reach(self) -> None:
        if self.gone:
            raise Unreachable(make_url(NOWHERE), "Connection refused")


@pytest.fixture
async def leaving(module_database: str, settings: Settings) -> AsyncGenerator[Run]:
    async with open_store(module_database) as store:
        it = Leaving(store)
        yield Run(it.start, it.look, MONDAY, LOCAL, ServerRuntime(settings))


async def _review(key: str, run: Run) -> View:
    return await sprint.change_sprint(f"{key}-S1", Action.REVIEW, run)


async def _close(key: str, run: Run) -> View:
    return await sprint.close_sprint(f"{key}-S1", run)


async def _set_up(key: str, run: Run) -> View:
    return await project.setup_project(key, run, **WEEKLY)


async def _emit(key: str, run: Run) -> View:
    return await ceremonies.emit_event(key, "deployed", run)


CALLS = [
    (_review, "This is done. What comes next cannot be read now: get_status says why."),
    (_close, "This is done. What comes next cannot be read now: get_status says why."),
    (_set_up, "Whether a sprint that runs keeps what it began with cannot be read now."),
    (_emit, "S1 heard of deployed."),
]


@requirement("tools.done")
@pytest.mark.parametrize(("call", "said"), CALLS, ids=["review", "close", "set up", "emit"])
async def test_a_change_is_told_as_done_when_nothing_can_be_read_after_it(
    ana: Agent, leaving: Run, call: Call, said: str
) -> None:
    key = await a_sprint(ana)

    answer = await call(key, leaving)

    assert said in answer.text()


async def test_a_ceremony_is_told_as_recorded_when_nothing_can_be_read_after_it(
    ana: Agent, leaving: Run
) -> None:
    key = await a_sprint(ana)
    name = await delivered(ana, key, "retrospective")

    answer = await ceremonies.record_ceremony(name, leaving, notes="We met")

    assert answer.text().startswith(f"{name} retrospective is held.")
    assert "held" in {one["status"] for one in (await look(ana, key))["fired"]}
