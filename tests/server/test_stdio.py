"""stdio: nothing but the protocol on stdout, whatever is sent and whatever is broken."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

import pytest

from scrum_storage.embedded.servers import Servers
from tests.tools.agent import ERAS, LEGACY, PATIENCE, environment, stdio_agent
from tests.tools.database import dump
from tests.tools.processes import ByHand, by_hand, running
from tests.tools.race import one_sprint, two_plans

ROUNDS = 4


@pytest.fixture
async def hand(servers: Servers, database: str) -> AsyncGenerator[ByHand]:
    async with by_hand(environment(servers, database, SCRUM_LOG_LEVEL="DEBUG")) as server:
        await server.initialize()
        yield server


async def test_every_line_on_stdout_is_protocol_also_while_debugging(hand: ByHand) -> None:
    await hand.request("tools/list")
    await hand.request("tools/call", {"name": "setup_project", "arguments": {"project": "SHOP"}})
    await hand.request("tools/call", {"name": "setup_project", "arguments": {"project": "?"}})
    await hand.request("resources/read", {"uri": "scrum://NONE/backlog"})
    await hand.request("no/such/method")
    await hand.send("this is no JSON")
    await hand.request("ping")
    writer = cast("asyncio.StreamWriter", hand.process.stdin)
    writer.close()
    async with asyncio.timeout(PATIENCE):
        rest, log = await hand.process.communicate()

    said = [*hand.lines, *rest.decode().splitlines()]
    assert len(said) >= 6
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in said)
    assert log  # it went to stderr


async def test_the_server_ends_when_stdin_closes(servers: Servers, database: str) -> None:
    async with by_hand(environment(servers, database)) as server:
        await server.initialize()
        await server.request("tools/call", {"name": "get_status", "arguments": {}})
        cast("asyncio.StreamWriter", server.process.stdin).close()

        async with asyncio.timeout(PATIENCE):
            assert await server.process.wait() == 0


async def test_a_server_that_nobody_speaks_to_ends_when_stdin_closes(servers: Servers, database: str) -> None:
    async with running(**environment(servers, database)) as process, asyncio.timeout(PATIENCE):
        said, _ = await process.communicate(b"")

    assert (said, process.returncode) == (b"", 0)


@pytest.mark.parametrize(
    "bad",
    [
        [
            f'{{"title":"A","points":{points}}}'
            for points in ("NaN", "Infinity", "-Infinity", "1e400", "-0.5", '"NaN"')
        ],
        [r'{"title":"nothing \u0000"}', r'{"title":"A","\u0000":1}', r'{"title":"\u001b[2J"}'],
    ],
    ids=["points that are no number", "characters that no text has"],
)
async def test_what_json_allows_and_no_item_has_changes_nothing(
    hand: ByHand, database: str, bad: list[str]
) -> None:
    await hand.request("tools/call", {"name": "setup_project", "arguments": {"project": "SHOP"}})
    before = await dump(database)

    for item in bad:
        await hand.send(
            '{"jsonrpc":"2.0","id":99,"method":"tools/call","params":{"name":"add_items","arguments":'
            f'{{"project":"SHOP","items":[{item}]}}}}}}'
        )
        answer = await hand.heard()
        assert "error" in answer or answer["result"]["isError"], answer

    assert await dump(database) == before
    assert (await hand.request("ping"))["result"] == {}


async def test_a_data_folder_that_cannot_be_used_is_told_by_every_call(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")

    async with stdio_agent({"SCRUM_HOME": str(occupied)}) as ana:
        for tool, arguments in (("get_status", {}), ("setup_project", {"project": "SHOP"})):
            text = await ana.refused(tool, **cast("dict[str, Any]", arguments))
            assert str(occupied) in text
        assert len((await ana.client.list_tools()).tools) == 14


async def test_a_database_that_is_away_is_told_by_every_call(servers: Servers) -> None:
    away = environment(servers, "postgresql+asyncpg://nobody@127.0.0.1:1/none")

    async with stdio_agent(away, LEGACY) as ana:
        text = await ana.refused("add_items", project="SHOP", items=[{"title": "A"}])

    assert "PostgreSQL at 127.0.0.1/none cannot be reached" in text
    assert "nothing was changed" in text.lower()


@pytest.mark.parametrize("mode", ERAS)
async def test_two_processes_that_commit_at_once_make_one_sprint_and_one_refusal(
    servers: Servers, database: str, mode: str
) -> None:
    settings = environment(servers, database)
    async with stdio_agent(settings, mode) as ana, stdio_agent(settings, mode) as bo:
        for n in range(ROUNDS):
            project = f"RACE{n}"
            plans = await two_plans(ana, project)

            answers = await asyncio.gather(
                *(
                    who.answer("commit_plan", plan_id=plan, confirm=True)
                    for who, plan in zip((ana, bo), plans, strict=True)
                )
            )

            await one_sprint(
                database, project, [str(answer.content) for answer in answers if answer.is_error]
            )


async def test_two_processes_that_commit_the_same_plan_make_one_sprint(
    servers: Servers, database: str
) -> None:
    settings = environment(servers, database)
    async with stdio_agent(settings) as ana, stdio_agent(settings) as bo:
        for n in range(ROUNDS):
            plan, _ = await two_plans(ana, f"RACE{n}")

            answers = await asyncio.gather(
                *(who.answer("commit_plan", plan_id=plan, confirm=True) for who in (ana, bo))
            )

            await one_sprint(
                database, f"RACE{n}", [str(answer.content) for answer in answers if answer.is_error]
            )
