"""`scrum-mcp events`: what operators see of events, and what they can do about them."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any, cast

import pytest

from scrum.team.usecases import setup_project
from scrum_adapters.redis import connect
from scrum_server.events.relay import Relay
from scrum_server.events.standing import stream
from scrum_server.settings import Settings, read_settings
from scrum_storage.embedded.servers import Servers
from scrum_storage.ids import uuid7
from scrum_storage.inbox import State
from scrum_storage.store import Store, open_store
from tests.builders import by
from tests.server.aside import FIRST, LAST, a_letter, set_aside, states, until
from tests.server.commands import scrum_mcp
from tests.tools.agent import PATIENCE, SCRUM_MCP, environment
from tests.tools.database import rows
from tests.tools.processes import running

NOBODY = "postgresql+asyncpg://nobody@127.0.0.1:1/none"


@pytest.fixture
def given(servers: Servers, database: str) -> dict[str, str]:
    return environment(servers, database)


async def answered(*arguments: str, given: dict[str, str], status: int = 0) -> Any:
    """The JSON that a command answers with."""
    answer = await scrum_mcp("events", *arguments, "--json", **given)
    assert answer.status == status, answer.err
    return json.loads(answer.out)


async def published(core: Store, *projects: str) -> None:
    for project in projects:
        await setup_project(core.start, project, {"name": "The shop"}, by=by())


async def relayed(core: Store, settings: Settings) -> None:
    async with connect(settings.redis or "") as redis:
        relay = Relay(core.outgoing, stream(redis, settings.redis_prefix, "core"))
        await relay.send()


async def test_status_counts_what_waits_on_each_part_of_the_way(
    database: str, core: Store, given: dict[str, str]
) -> None:
    await published(core, "SHOP")
    await relayed(core, read_settings(given))
    await published(core, "BAKERY", "CAFE")
    await set_aside(database, a_letter(State.RETRY), a_letter(State.PARKED), a_letter(State.PARKED))

    told = await answered("status", given=given)

    first = told["stores"][0]
    assert (first["store"], first["unsent"], first["unsettled"]) == ("core", 2, 3)
    assert 0 < first["oldest_unsent_seconds"] < PATIENCE
    assert told["groups"] == [
        {"group": "chronicle", "lag": 3, "retrying": 1, "parked": 2, "dead": 0},
        {"group": "memory", "lag": 3, "retrying": 0, "parked": 0, "dead": 0},
    ]
    assert told["well"]


async def test_status_shows_people_what_is_dead_and_what_to_do_and_ends_with_one(
    database: str, given: dict[str, str]
) -> None:
    await set_aside(database, a_letter(), a_letter())

    answer = await scrum_mcp("events", "status", **given)

    assert answer.status == 1
    assert "chronicle gave up on 2 events" in answer.out
    assert "scrum-mcp events dead" in answer.out
    assert "oldest unsent" in answer.out


async def test_status_tells_which_store_is_away_and_still_tells_the_rest(
    given: dict[str, str], core: Store
) -> None:
    await published(core, "SHOP")

    told = await answered("status", given={**given, "SCRUM_CHRONICLE_DATABASE_URL": NOBODY}, status=1)

    stores = {store["store"]: store for store in told["stores"]}
    assert "cannot be reached" in stores["chronicle"]["away"]
    assert stores["core"]["unsent"] == 1
    assert told["groups"] == [
        {"group": "chronicle", "lag": 1, "retrying": None, "parked": None, "dead": None},
        {"group": "memory", "lag": 1, "retrying": 0, "parked": 0, "dead": 0},
    ]
    assert "store chronicle cannot be asked" in told["problems"][0]


async def test_status_without_redis_tells_what_the_stores_know(
    database: str, given: dict[str, str], core: Store
) -> None:
    await published(core, "SHOP")
    await set_aside(database, a_letter())

    told = await answered("status", given={**given, "SCRUM_REDIS_URL": "redis://127.0.0.1:1/0"}, status=1)

    assert told["stores"][0]["unsent"] == 1
    assert told["groups"][0] == {"group": "chronicle", "lag": None, "retrying": 0, "parked": 0, "dead": 1}
    assert "Redis cannot be" in told["redis_away"]


async def test_dead_shows_each_letter_with_its_reason_and_no_other(
    database: str, given: dict[str, str]
) -> None:
    dead, parked = a_letter(), a_letter(State.PARKED)
    await set_aside(database, dead, parked)

    answer = await scrum_mcp("events", "dead", **given)

    assert answer.status == 0
    for shown in (str(dead.event), "ProjectSetUp of SHOP", "for chronicle", "dead, attempts: 5", dead.reason):
        assert shown in answer.out
    assert "first 2026-03-02 09:00:00 UTC, last 2026-03-02 09:07:00 UTC" in answer.out
    assert str(parked.event) not in answer.out
    assert dead.trace not in answer.out


async def test_dead_shows_the_trace_and_the_other_states_when_asked(
    database: str, given: dict[str, str]
) -> None:
    await set_aside(database, a_letter(State.PARKED), a_letter(State.RETRY, attempts=2))

    answer = await scrum_mcp("events", "dead", "--state", "all", "--trace", **given)

    assert "parked, attempts: 5" in answer.out
    assert "retrying, attempts: 2, due " in answer.out
    assert answer.out.count("Traceback: in handle, line 7") == 2


async def test_dead_as_json_has_every_fact(database: str, given: dict[str, str]) -> None:
    letter = a_letter()
    await set_aside(database, letter)

    told = await answered("dead", "--group", "chronicle", given=given)

    assert told["away"] == {}
    assert told["letters"] == [
        {
            "event": str(letter.event),
            "type": "ProjectSetUp",
            "project": "SHOP",
            "group": "chronicle",
            "source": "core",
            "state": "dead",
            "attempts": 5,
            "due_at": cast("Any", letter.due_at).isoformat(),
            "first_failed_at": FIRST.isoformat(),
            "last_failed_at": LAST.isoformat(),
            "reason": letter.reason,
            "trace": letter.trace,
            "envelope": letter.envelope,
        }
    ]


async def test_what_a_letter_says_cannot_command_the_terminal(database: str, given: dict[str, str]) -> None:
    await set_aside(database, a_letter(reason="\x1b[2J[bold]gone[/bold]"))

    answer = await scrum_mcp("events", "dead", **given)

    assert "\x1b" not in answer.out
    assert "[bold]gone[/bold]" in answer.out


async def test_replay_answers_for_each_id_and_leaves_the_others(database: str, given: dict[str, str]) -> None:
    dead, parked, other = a_letter(), a_letter(State.PARKED), a_letter()
    await set_aside(database, dead, parked, other)

    answer = await scrum_mcp("events", "replay", str(dead.event), str(parked.event), **given)

    assert answer.status == 0
    assert sorted(answer.out.splitlines()) == sorted(
        f"{letter.event} is tried again by chronicle" for letter in (dead, parked)
    )
    assert await states(database) == {dead.event: "retry", parked.event: "retry", other.event: "dead"}


async def test_replay_of_an_unknown_id_changes_nothing(database: str, given: dict[str, str]) -> None:
    dead, unknown = a_letter(), uuid7()
    await set_aside(database, dead)

    answer = await scrum_mcp("events", "replay", str(dead.event), str(unknown), **given)

    assert answer.status == 1
    assert f"has the id {unknown}. Nothing was sent again" in answer.err
    assert await states(database) == {dead.event: "dead"}


async def test_replay_of_all_is_of_a_group_where_one_is_named(database: str, given: dict[str, str]) -> None:
    dead = a_letter()
    await set_aside(database, dead)

    wrong = await scrum_mcp("events", "replay", "--all", "--group", "cronicle", **given)
    right = await answered("replay", "--all", "--group", "chronicle", given=given)

    assert "Did you mean 'chronicle'?" in wrong.err
    assert right == {"replayed": [{"event": str(dead.event), "group": "chronicle"}]}
    assert await states(database) == {dead.event: "retry"}


@pytest.mark.parametrize("arguments", [[], ["--all", "01a1fd57-333e-7db2-b794-c45c2209457d"]])
async def test_replay_wants_ids_or_all(given: dict[str, str], arguments: list[str]) -> None:
    answer = await scrum_mcp("events", "replay", *arguments, **given)

    assert answer.status == 2
    assert "Give the ids of events, or --all." in answer.err


async def test_a_replayed_event_is_handled_by_the_next_worker(database: str, given: dict[str, str]) -> None:
    dead = a_letter()
    await set_aside(database, dead)
    await scrum_mcp("events", "replay", str(dead.event), **given)

    async def done() -> bool:
        return (await states(database))[dead.event] == "done"

    async with running("worker", **given):
        await until(done)

    history = await rows(database, "SELECT event FROM chronicle.history")
    assert [row["event"] for row in history] == [dead.event]


async def test_tail_from_the_start_ends_after_so_many(core: Store, given: dict[str, str]) -> None:
    await published(core, "SHOP", "BAKERY", "CAFE")
    await relayed(core, read_settings(given))

    answer = await scrum_mcp("events", "tail", "--from-start", "--count", "2", **given)

    assert answer.status == 0
    lines = [line.split() for line in answer.out.splitlines()]
    assert [line[1:] for line in lines] == [
        ["ProjectSetUp", "SHOP", "SHOP", "ana"],
        ["ProjectSetUp", "BAKERY", "BAKERY", "ana"],
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_tail_shows_what_is_relayed_from_now_on_and_ends_cleanly_when_told_to(
    core: Store, given: dict[str, str], number: signal.Signals
) -> None:
    settings = read_settings(given)
    await published(core, "BEFORE")
    await relayed(core, settings)
    process = await asyncio.create_subprocess_exec(
        Path(SCRUM_MCP), "events", "tail", "--json", stdout=PIPE, stderr=PIPE, env={**os.environ, **given}
    )
    try:
        seen = await _first_line(cast("asyncio.StreamReader", process.stdout), core, settings)
        process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            _, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()

    assert seen["project"].startswith("NEW")
    assert (process.returncode, err) == (0, b"")


async def _first_line(lines: asyncio.StreamReader, core: Store, settings: Settings) -> Any:
    """Published again and again, until the process is there to see it."""
    async with asyncio.timeout(PATIENCE):
        line = asyncio.ensure_future(lines.readline())
        number = 0
        while not line.done():
            number += 1
            await published(core, f"NEW{number}")
            await relayed(core, settings)
            await asyncio.wait([line], timeout=0.1)
        return json.loads(await line)


async def test_a_store_that_is_away_is_named_beside_the_letters_of_the_others(
    database: str, given: dict[str, str]
) -> None:
    async with open_store(database) as core, core.start() as work:
        letter = a_letter(consumer="tracker")
        await work.inbox.fail(letter)
        await work.commit()

    told = await answered("dead", given={**given, "SCRUM_CHRONICLE_DATABASE_URL": NOBODY}, status=1)

    assert [one["event"] for one in told["letters"]] == [str(letter.event)]
    assert "cannot be reached" in told["away"]["chronicle"]
