"""get_status tells how events stand."""

from datetime import UTC, datetime, timedelta

import pytest

from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_storage.embedded.servers import Servers
from scrum_storage.ids import before
from scrum_storage.inbox import State
from scrum_tools.events import EventsStanding, GroupEvents, StoreEvents
from tests.conftest import administer
from tests.server.aside import a_letter, set_aside
from tests.tools.agent import agent, told
from tests.tools.conftest import settings_for

QUIET = EventsStanding(
    (StoreEvents("core", "", 0, 0.0, 0), StoreEvents("chronicle", "", 0, 0.0, 0)),
    (GroupEvents("chronicle", 0, 0, 0, 0),),
)
NOBODY = "postgresql+asyncpg://nobody@127.0.0.1:1/none"


@pytest.fixture
def own(servers: Servers, database: str) -> Settings:
    """Of a server that has nothing to do with those of the other tests."""
    return settings_for(servers, database)


async def status(settings: Settings) -> tuple[dict[str, object], str]:
    """What programs get, and what models read."""
    async with agent(build(settings, ServerRuntime(settings))) as ana:
        answer = await ana.answer("get_status")
        return answer.structured_content or {}, told(answer)


async def test_where_all_is_well_it_says_so_in_one_line(own: Settings) -> None:
    structured, text = await status(own)

    assert structured["healthy"]
    assert text.splitlines()[1] == "Events: all handled."
    assert structured["events"] == {
        "stores": [
            {"store": store, "unsent": 0, "oldest_unsent_seconds": 0.0, "unsettled": 0}
            for store in ("core", "memory", "chronicle")
        ],
        "groups": [
            {"group": group, "lag": 0, "retrying": 0, "parked": 0, "dead": 0}
            for group in ("chronicle", "memory")
        ],
    }


async def test_a_dead_event_is_not_healthy_and_the_text_says_what_to_do(own: Settings, database: str) -> None:
    await set_aside(database, a_letter(), a_letter(State.PARKED), a_letter(State.RETRY))

    structured, text = await status(own)

    assert not structured["healthy"]
    assert "chronicle gave up on 1 events: `scrum-mcp events dead` says why" in text
    assert "Also: 1 retrying, 1 parked until scrum-mcp is updated." in text


async def test_parked_and_retrying_events_are_healthy_and_told(own: Settings, database: str) -> None:
    await set_aside(database, a_letter(State.PARKED), a_letter(State.RETRY))

    structured, text = await status(own)

    assert structured["healthy"]
    assert "Events: 1 retrying, 1 parked until scrum-mcp is updated.\n" in text


async def test_an_event_that_nobody_sends_for_over_a_minute_is_not_healthy(
    own: Settings, database: str
) -> None:
    async with agent(build(own, ServerRuntime(own))) as ana:
        await ana.call("setup_project", project="SHOP")
        fresh = await ana.call("get_status")
        made = before(datetime.now(UTC) - timedelta(seconds=75))
        await administer(database, f"UPDATE core.outbox SET id = '{made}'")  # noqa: S608 - our own id
        answer = await ana.answer("get_status")

    assert fresh["healthy"]
    assert not (answer.structured_content or {})["healthy"]
    assert "core has 1 unsent events, the oldest for 7" in told(answer)


async def test_a_store_that_is_away_is_not_healthy_and_the_projects_are_told(
    servers: Servers, database: str
) -> None:
    structured, text = await status(settings_for(servers, database, chronicle_database_url=NOBODY))

    assert not structured["healthy"]
    assert "store chronicle cannot be asked: PostgreSQL at 127.0.0.1/none cannot be reached" in text
    assert text.endswith("No project yet. Next: setup_project.")


def test_one_reason_is_told_once_for_all_that_it_keeps_away() -> None:
    away = EventsStanding(
        (StoreEvents("core", "the cable is cut"), StoreEvents("memory", "the cable is cut")),
        (),
        "the cable is cut",
    )

    assert away.problems == ["store core, store memory, Redis cannot be asked: the cable is cut"]


def test_a_reason_of_any_length_leaves_the_text_short() -> None:
    stores = tuple(StoreEvents(name, f"{name} " + "long " * 10_000) for name in ("core", "memory"))

    assert len(EventsStanding(stores, (), "also " * 10_000).text()) < 2_000


def test_what_is_on_its_way_is_told_and_well() -> None:
    busy = EventsStanding(QUIET.stores, (GroupEvents("chronicle", 12, 0, 0, 0),))

    assert busy.well
    assert busy.text() == "Events: 12 on their way."
