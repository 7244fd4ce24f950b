"""`scrum-mcp worker`: relays and handles events, tells how it is, and ends when it is told to."""

import asyncio
import re
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import asyncpg
import httpx2 as httpx
import pytest

from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint
from scrum.team.usecases import setup_project
from scrum_storage.embedded.servers import Servers, embedded
from scrum_storage.store import Store
from tests.builders import SHOP, a_running_sprint, by
from tests.server.aside import until
from tests.server.commands import scrum_mcp
from tests.storage.meetings import evaluate
from tests.tools.agent import PATIENCE, environment
from tests.tools.database import rows
from tests.tools.processes import running

BOTH = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
SOON = 5.0
_ADDRESS = re.compile(r"(http://\S+)/metrics")


@pytest.fixture
def given(servers: Servers, database: str) -> dict[str, str]:
    return environment(servers, database)


@asynccontextmanager
async def worker(*options: str, **given: str) -> AsyncGenerator[tuple[Process, str]]:
    """With the first line that it says."""
    async with running("worker", *options, **given) as process, asyncio.timeout(PATIENCE):
        line = await cast("asyncio.StreamReader", process.stderr).readline()
        yield process, line.decode()


@asynccontextmanager
async def answering(**given: str) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of a worker that listens."""
    async with worker("--port", "0", **given) as (_, line):
        found = _ADDRESS.search(line)
        assert found
        async with httpx.AsyncClient(base_url=found[1], timeout=PATIENCE) as http:
            yield http


async def remembered(database: str) -> int:
    return len(await rows(database, "SELECT event FROM chronicle.history"))


async def unsettled(database: str) -> int:
    return len(await rows(database, "SELECT id FROM core.outbox"))


async def heard_of(database: str) -> list[str]:
    """The sprints that have happenings."""
    query = "SELECT DISTINCT sprint FROM core.happenings ORDER BY sprint"
    return [row["sprint"] for row in await rows(database, query)]


@asynccontextmanager
async def in_the_middle(core: Store, database: str) -> AsyncGenerator[None]:
    """A worker is handling an event, and cannot go on before this is left."""
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE chronicle.history IN ACCESS EXCLUSIVE MODE")
            await setup_project(core.start, SHOP, {}, by=by())
            await until(lambda: _waiting(connection))
            yield
    finally:
        await connection.close()


async def _waiting(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    query = "SELECT 1 FROM pg_locks WHERE relation = 'chronicle.history'::regclass AND NOT granted"
    return await connection.fetchval(query) is not None


async def test_what_was_published_before_and_while_it_runs_is_handled_and_settled(
    given: dict[str, str], database: str, core: Store
) -> None:
    await setup_project(core.start, "BEFORE", {}, by=by())
    async with worker(**given):
        await setup_project(core.start, "WHILE", {}, by=by())

        async def settled() -> bool:
            return await remembered(database) == 2 and not await unsettled(database)

        await until(settled)


@BOTH
async def test_told_to_stop_it_ends_soon_with_zero_and_without_a_word(
    given: dict[str, str], database: str, core: Store, number: signal.Signals
) -> None:
    await setup_project(core.start, SHOP, {}, by=by())
    async with worker(**given) as (process, _):
        await until(lambda: remembered(database))

        process.send_signal(number)
        async with asyncio.timeout(SOON):
            out, err = await process.communicate()

    assert (process.returncode, out, err) == (0, b"", b"")


async def test_told_to_stop_it_finishes_the_event_that_it_handles(
    given: dict[str, str], database: str, core: Store
) -> None:
    async with worker(**given) as (process, _):
        async with in_the_middle(core, database):
            process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0

    assert await remembered(database) == 1


async def test_told_twice_it_ends_at_once_and_the_event_is_handled_by_the_next(
    given: dict[str, str], database: str, core: Store
) -> None:
    async with worker(**given) as (process, _), in_the_middle(core, database):
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SOON):
            while process.returncode is None:
                process.send_signal(signal.SIGTERM)
                await asyncio.wait([asyncio.ensure_future(process.wait())], timeout=0.1)
        assert process.returncode == -signal.SIGTERM
    assert await remembered(database) == 0

    async with worker(**{**given, "SCRUM_TAKEOVER_SECONDS": "0.2"}):
        await until(lambda: remembered(database))


async def test_it_is_live_and_ready_and_counts_what_it_handled(
    given: dict[str, str], database: str, core: Store
) -> None:
    await setup_project(core.start, SHOP, {}, by=by())
    async with answering(**given) as http:
        await until(lambda: remembered(database))

        live, ready = await http.get("/health/live"), await http.get("/health/ready")
        metrics = await http.get("/metrics")

    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert 'scrum_mcp_handled_events_total{group="chronicle"} 1.0' in metrics.text


async def test_without_its_database_it_lives_and_is_not_ready_and_waits(given: dict[str, str]) -> None:
    away = {**given, "SCRUM_DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:1/none"}
    async with answering(**away) as http:
        live, ready = await http.get("/health/live"), await http.get("/health/ready")
        metrics = await http.get("/metrics")

    assert live.status_code == 200
    assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
    assert 'scrum_mcp_store_up{store="core"} 0.0' in metrics.text


async def test_without_a_port_it_listens_to_nobody(given: dict[str, str]) -> None:
    async with worker(**given) as (_, line):
        assert line == "scrum-mcp worker runs\n"


async def test_it_listens_on_loopback_only(given: dict[str, str]) -> None:
    answer = await scrum_mcp("worker", "--host", "0.0.0.0", "--port", "0", **given)  # noqa: S104 - refused

    assert answer.status == 1
    assert "listen on loopback" in answer.err


async def test_with_embedded_servers_it_works_on_what_others_of_the_folder_publish(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    table = tmp_path / "items.csv"
    table.write_text("external_key,title\nA-1,One\nA-2,Two\n", encoding="utf-8")
    async with worker(SCRUM_HOME=home):
        imported = await scrum_mcp("import-backlog", str(table), "--project", SHOP, SCRUM_HOME=home)
        assert imported.status == 0, imported.err
        with embedded(Path(home)) as shared:
            await until(lambda: _three(shared.postgres))


async def _three(database: str) -> bool:
    return await remembered(database) == 3


async def test_a_worker_forgets_what_sprints_that_are_over_heard_of(
    given: dict[str, str], core: Store, database: str
) -> None:
    await a_running_sprint(core, [1, 2])
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=1))
    await evaluate(core, days=1)
    assert await heard_of(database)

    async with worker(**given):

        async def forgotten() -> bool:
            return not await heard_of(database)

        await until(forgotten)
