"""stdio: nothing but the protocol on stdout, whatever is sent and whatever is broken."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import cast

import pytest
from mcp_types import INVALID_REQUEST, PARSE_ERROR, jsonrpc_message_adapter
from pydantic import ValidationError

from scrum_server.stdio import refusal
from scrum_storage.embedded.servers import Servers
from tests.conftest import administer
from tests.requirements import requirement
from tests.tools.agent import ERAS, LEGACY, PATIENCE, environment, stdio_agent, told
from tests.tools.database import dump
from tests.tools.processes import ByHand, by_hand, running
from tests.tools.race import one_sprint, two_plans

ROUNDS = 4


def unread(line: str) -> ValidationError:
    """What the SDK makes of a line."""
    with pytest.raises(ValidationError) as caught:
        jsonrpc_message_adapter.validate_json(line, by_name=False)
    return caught.value


@pytest.fixture
async def hand(servers: Servers, database: str) -> AsyncGenerator[ByHand]:
    async with by_hand(environment(servers, database, SCRUM_LOG_LEVEL="DEBUG")) as server:
        await server.initialize()
        yield server


@requirement("stdio.clean")
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
    before = await dump(database, without=("outbox",))  # the server sends what is in it

    for item in bad:
        await hand.send(
            '{"jsonrpc":"2.0","id":99,"method":"tools/call","params":{"name":"add_items","arguments":'
            f'{{"project":"SHOP","items":[{item}]}}}}}}'
        )
        answer = await hand.heard()
        assert "error" in answer or answer["result"]["isError"], answer

    assert await dump(database, without=("outbox",)) == before
    assert (await hand.request("ping"))["result"] == {}


@pytest.mark.parametrize(
    ("line", "code", "number"),
    [
        (r'{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":"\ud800"}}', PARSE_ERROR, 7),
        (f'{{"jsonrpc":"2.0","id":"x","method":"ping","params":{{"a":{"9" * 5_000}}}}}', PARSE_ERROR, "x"),
        (f'{{"jsonrpc":"2.0","id":{"9" * 5_000},"method":"ping"}}', PARSE_ERROR, None),
        (r'{"jsonrpc":"2.0","id":"\ud800","method":"ping"}', PARSE_ERROR, None),
        (r'{"jsonrpc":"2.0","id":7,"result":{"a":"\ud800"}}', PARSE_ERROR, None),
        ("[" * 5_000, PARSE_ERROR, None),
        ("this is no JSON", PARSE_ERROR, None),
        ('{"jsonrpc":"2.0","id":8,"method":5}', INVALID_REQUEST, 8),
        ('{"id":9,"method":"ping"}', INVALID_REQUEST, 9),
        ("[1]", INVALID_REQUEST, None),
        (r'{"jsonrpc":"2.0","id":true,"method":"\ud800"}', PARSE_ERROR, None),
    ],
)
def test_a_line_that_cannot_be_read_is_answered_with_its_id_where_that_can_be(
    line: str, code: int, number: int | str | None
) -> None:
    answer = refusal(unread(line))

    assert answer
    assert (answer.error.code, answer.id) == (code, number)
    assert json.loads(answer.model_dump_json())["error"]["message"].endswith("nothing was done")


def test_a_blank_line_is_no_message() -> None:
    assert refusal(unread("\n")) is None


async def test_a_client_that_sent_what_cannot_be_read_is_told_and_goes_on(hand: ByHand) -> None:
    await hand.send(r'{"jsonrpc":"2.0","id":99,"method":"ping","params":{"a":"\ud800"}}')
    refused = await hand.heard()
    await hand.send("")

    assert (refused["id"], refused["error"]["code"]) == (99, PARSE_ERROR)
    assert "hex escape" in refused["error"]["message"]
    assert (await hand.request("ping"))["result"] == {}


async def test_a_data_folder_that_cannot_be_used_is_told_by_every_call(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")

    async with stdio_agent({"SCRUM_HOME": str(occupied)}) as ana:
        text = await ana.refused("setup_project", project="SHOP")
        status = await ana.answer("get_status")
        assert (await ana.client.list_tools()).tools

    assert str(occupied) in text
    assert not status.is_error
    assert str(occupied) in told(status)
    assert "The projects are unknown" in told(status)


async def test_a_database_that_goes_away_makes_the_status_unhealthy_with_the_reason(
    servers: Servers, empty_database: str
) -> None:
    async with stdio_agent(environment(servers, empty_database)) as ana:
        await ana.call("setup_project", project="SHOP")
        before = await ana.call("get_status")
        name = empty_database.partition("?")[0].rpartition("/")[2]
        await administer(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)")
        after = await ana.call("get_status")
        await administer(servers.postgres, f"CREATE DATABASE {name} STRATEGY wal_log")

    assert (before["healthy"], before["project_count"]) == (True, 1)
    assert (after["healthy"], after["projects"], after["project_count"]) == (False, [], None)
    assert [(part["name"], part["ok"]) for part in after["parts"]] == [("postgresql", False), ("redis", True)]
    assert f"{name} cannot be reached" in after["parts"][0]["detail"]


async def test_a_database_that_is_away_is_told_by_every_call(servers: Servers) -> None:
    away = environment(servers, "postgresql+asyncpg://nobody@127.0.0.1:1/none")

    async with stdio_agent(away, LEGACY) as ana:
        text = await ana.refused("add_items", project="SHOP", items=[{"title": "A"}])

    assert "PostgreSQL at 127.0.0.1/none cannot be reached" in text
    assert "nothing was changed" in text.lower()


@requirement("plan.once", "eras")
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
