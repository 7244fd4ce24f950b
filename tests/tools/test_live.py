"""Which resources an event changes."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from mcp import MCPError
from mcp_types import TextResourceContents

from scrum.backlog.events import ItemAdded
from scrum.catalog import EVENTS
from scrum.deliveries import delivery
from scrum.sprint.events import SprintExtended
from scrum.sprint.usecases import import_history
from scrum.sprint.velocity import PastSprint, Source
from scrum_server.app import build
from scrum_server.runtime import ServerRuntime
from scrum_storage.embedded.servers import Servers
from scrum_storage.store import Store
from scrum_tools.live import CHANGED, affected, changed, changed_by_unknown
from tests.builders import MONDAY, SHOP, by
from tests.conftest import administer
from tests.tools.agent import Agent, agent, at
from tests.tools.conftest import items, settings_for
from tests.tools.database import rows

KEEP = (
    "CREATE TABLE public.published (envelope jsonb)",
    """CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN INSERT INTO public.published VALUES (to_jsonb(NEW)); RETURN NEW; END $$""",
    "CREATE TRIGGER keep AFTER INSERT ON core.outbox FOR EACH ROW EXECUTE FUNCTION public.keep()",
)
WATCHED = [
    "scrum://SHOP/backlog",
    "scrum://SHOP/sprint/current",
    "scrum://SHOP/velocity",
    "scrum://SHOP/ceremonies",
    "scrum://SHOP/reports/SHOP-S1-C1",
    *(f"scrum://SHOP/items/SHOP-{n}" for n in range(1, 6)),
]
PLAN = ("plan_sprint", {"project": SHOP, "must_include": ["SHOP-1", "SHOP-2"], "exclude": ["SHOP-4"]})
COMMIT = ("commit_plan", {"confirm": True})
CURRENT, NEXT = {"sprint": "current", "project": SHOP}, {"sprint": "next", "project": SHOP}


def change(**fields: Any) -> tuple[str, dict[str, Any]]:
    return "update_items", {"project": SHOP, "changes": [fields]}


def sprint(action: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    return "change_sprint", {**CURRENT, "action": action, **fields}


LIFE: list[tuple[str, dict[str, Any]]] = [
    ("setup_project", {"project": SHOP, "name": "The shop"}),
    ("set_team", {"project": SHOP, "members": [{"name": "Ana"}, {"name": "Bo"}]}),
    ("add_items", {"project": SHOP, "items": items(3, 5, 2, 1)}),
    change(item="SHOP-1", title="Pay", description="By card", assignee="Ana"),
    change(item="SHOP-4", rank=1),
    PLAN,
    COMMIT,
    change(item="SHOP-2", status="done"),
    ("set_ceremonies", {"project": SHOP, "template": "startup"}),
    ("start_sprint", NEXT),
    ("emit_event", {"project": SHOP, "name": "deployed"}),
    ("trigger_ceremony", {"project": SHOP, "ceremony": "daily_scrum"}),
    ("trigger_ceremony", {"project": SHOP, "ceremony": "sprint_planning"}),
    ("record_ceremony", {"occurrence": "SHOP-S1-C1", "notes": "Fine"}),
    ("record_ceremony", {"occurrence": "SHOP-S1-C2", "skipped": "No time"}),
    change(item="SHOP-1", points=8),
    change(item="SHOP-1", blocked=True, reason="No keys"),
    change(item="SHOP-1", blocked=False),
    sprint("add", items=["SHOP-4"]),
    sprint("remove", items=["SHOP-4"]),
    sprint("goal", goal="Sell"),
    sprint("extend", days=2),
    ("setup_project", {"project": SHOP, "timezone": "Asia/Tokyo"}),
    ("set_team", {"project": SHOP, "mode": "replace", "members": [{"name": "Bo", "hours_per_day": 2}]}),
    change(item="SHOP-3", status="done"),
    sprint("review"),
    sprint("retrospective"),
    ("close_sprint", {**CURRENT, "carry_over": "next"}),
    ("add_items", {"project": SHOP, "items": items(2)}),
    ("plan_sprint", {"project": SHOP, "must_include": ["SHOP-5"]}),
    COMMIT,
    ("start_sprint", NEXT),
    sprint("cancel"),
]


@pytest.fixture
async def ana(servers: Servers, database: str) -> AsyncGenerator[Agent]:
    """Alone with a database that keeps what is published, also once it was handled."""
    await administer(database, *KEEP)
    settings = settings_for(servers, database)
    async with agent(build(settings, ServerRuntime(settings))) as connected:
        yield connected


async def read(ana: Agent) -> dict[str, str]:
    """What the resources say; nothing where there is none yet."""
    return {uri: await _text(ana, uri) for uri in WATCHED}


async def _text(ana: Agent, uri: str) -> str:
    try:
        (content,) = (await ana.client.read_resource(uri, meta=at(ana.now.isoformat()))).contents
    except MCPError:
        return ""
    assert isinstance(content, TextResourceContents)
    return content.text


async def told(database: str) -> set[str]:
    """Which of the resources the events published since the last time are about."""
    published = await rows(database, "DELETE FROM public.published RETURNING envelope")
    events = [delivery("core", json.loads(row["envelope"]), EVENTS).event for row in published]
    return {uri for event in events for uri in affected(WATCHED, changed(event))}


async def test_whatever_reads_differently_after_a_call_was_told(ana: Agent, database: str) -> None:
    plan = ""
    before, differed = await read(ana), set[str]()
    for tool, arguments in LIFE:
        answer = await ana.call(tool, **arguments, **({"plan_id": plan} if tool == "commit_plan" else {}))
        plan = answer.get("plan_id", plan)
        after = await read(ana)
        different = {uri for uri in WATCHED if before[uri] != after[uri]}

        assert different <= await told(database), f"after {tool} {arguments}"

        before, differed = after, differed | different
    assert differed == set(WATCHED)


async def test_an_imported_history_changes_the_velocity(core: Store, ana: Agent, database: str) -> None:
    await ana.call("setup_project", project=SHOP)
    await told(database)
    past = PastSprint("1", Source.IMPORTED, completed_points=20)

    await import_history(core.start, SHOP, {1.0: past}, by=by())

    assert await told(database) == {"scrum://SHOP/velocity"}


def test_every_event_of_the_catalog_says_what_it_changes() -> None:
    assert set(CHANGED) == set(EVENTS.values())


def of_item(key: str = "SHOP-2") -> ItemAdded:
    return ItemAdded(
        project=SHOP, aggregate=key, aggregate_version=1, occurred_at=MONDAY, actor="ana", title="A", points=1,
        priority="medium",
    )  # fmt: skip


@pytest.mark.parametrize(
    "uri", ["scrum://SHOP/items/SHOP-2", "scrum://shop/items/shop-2", "scrum://SHOP/items/SHOP%2D2"]
)
def test_a_resource_is_told_as_its_client_wrote_it(uri: str) -> None:
    assert affected([uri], changed(of_item())) == [uri]


@pytest.mark.parametrize(
    "uri",
    [
        "scrum://SHOP/items/SHOP-1",
        "scrum://OTHER/backlog",
        "scrum://SHOP/velocity",
        "http://SHOP/backlog",
        "",
    ],
)
def test_what_an_event_is_not_about_is_not_told(uri: str) -> None:
    assert affected([uri], changed(of_item())) == []


def test_a_resource_that_two_events_change_is_told_once() -> None:
    changes = changed(of_item("SHOP-1")) | changed(of_item("SHOP-2"))

    assert affected(["scrum://SHOP/backlog"], changes) == ["scrum://SHOP/backlog"]


def test_an_event_of_a_newer_version_may_change_all_of_its_project() -> None:
    assert affected([*WATCHED, "scrum://OTHER/backlog"], changed_by_unknown(SHOP)) == sorted(WATCHED)


def test_an_event_of_no_known_kind_may_change_all_of_its_project() -> None:
    class SprintPaused(SprintExtended):
        pass

    paused = SprintPaused(
        project=SHOP,
        aggregate="SHOP-S1",
        aggregate_version=1,
        occurred_at=MONDAY,
        actor="ana",
        days=1,
        end="",
    )

    assert affected(WATCHED, changed(paused)) == sorted(WATCHED)
