"""One server in this process, over one database, for all tests of a module: each test has its own project."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_storage.embedded.servers import Servers
from scrum_tools.json import is_array, is_object
from tests.conftest import TEMPLATE, administer, in_database, name_of
from tests.tools.agent import Agent, agent
from tests.tools.database import dump

Refused = Callable[..., Awaitable[str]]
HUGE = "x" * 1_000_000

NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"

_numbers = count(1)


@pytest.fixture(scope="module")
def module_database(template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    asyncio.run(administer(template, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY wal_log"))
    yield in_database(template, name)
    asyncio.run(administer(template, f"DROP DATABASE {name} WITH (FORCE)"))


def settings_for(servers: Servers, database: str, **others: Any) -> Settings:
    """Nobody relays or handles events, unless a test wants it; each database has streams of its own."""
    given: dict[str, Any] = {"virtual_time": True, "worker": False, **others}
    return Settings(
        database_url=SecretStr(database),
        redis_url=SecretStr(servers.redis),
        redis_prefix=name_of(database),
        **given,
    )


@pytest.fixture(scope="module")
def settings(servers: Servers, module_database: str) -> Settings:
    return settings_for(servers, module_database)


@pytest.fixture(scope="module")
async def ana(settings: Settings) -> AsyncGenerator[Agent]:
    """An agent whose client cannot ask people."""
    async with agent(build(settings, ServerRuntime(settings))) as connected:
        yield connected


@pytest.fixture(scope="module")
async def away(settings: Settings) -> AsyncGenerator[Agent]:
    """An agent of a server whose chronicle is on another PostgreSQL, which is not there."""
    alone = Settings.model_validate({**dict(settings), "chronicle_database_url": SecretStr(NOWHERE)})
    async with agent(build(alone, ServerRuntime(alone))) as connected:
        yield connected


async def a_project(ana: Agent, points: tuple[int | None, ...] = (), **settings: Any) -> str:
    """A new project with a team of two and one item per entry of `points`; answers with its key."""
    key = f"P{next(_numbers)}"
    await ana.call("setup_project", project=key, name="The shop", **settings)
    await ana.call("set_team", project=key, members=[{"name": "Ana"}, {"name": "Bo"}])
    if points:
        await ana.call("add_items", project=key, items=items(*points))
    return key


def items(*points: int | None, **fields: Any) -> list[dict[str, Any]]:
    """Entries for add_items."""
    return [
        {"title": f"Item {n}", **({} if p is None else {"points": p}), **fields}
        for n, p in enumerate(points, start=1)
    ]


def filled(value: Any, **words: str) -> Any:
    """The same JSON with words in the place of `{name}`, also in names."""
    if is_array(value):
        return [filled(one, **words) for one in value]
    if is_object(value):
        return {filled(name, **words): filled(one, **words) for name, one in value.items()}
    if isinstance(value, str):
        for name, word in words.items():
            value = value.replace(f"{{{name}}}", word)
    return value


@pytest.fixture
def refused(ana: Agent, module_database: str) -> Refused:
    """The error of a call, once every table is seen to be as before."""

    async def call(tool: str, **arguments: Any) -> str:
        before = await dump(module_database)
        text = await ana.refused(tool, **arguments)
        assert await dump(module_database) == before
        assert len(text) < 4_000
        return text

    return call


@pytest.fixture(scope="module")
async def shop(ana: Agent) -> str:
    """A project with three items of 3, 5 and 8 points, for all calls that change nothing."""
    return await a_project(ana, (3, 5, 8))


@pytest.fixture(scope="module")
async def planned(ana: Agent) -> str:
    """A project whose sprint is planned, with its first item in it."""
    key = await a_project(ana, (3, 5))
    plan = await ana.call("plan_sprint", project=key, must_include=[f"{key}-1"], exclude=[f"{key}-2"])
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)
    return key


@pytest.fixture
async def own(ana: Agent) -> str:
    """A project of one test alone, with three items."""
    return await a_project(ana, (3, 5, 8))
