"""What Prometheus reads, as its own library understands it."""

from collections.abc import Sequence
from datetime import timedelta

import httpx2 as httpx
import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from scrum.ceremonies.occurrence import Occurrence
from scrum.clock import system
from scrum.deliveries import Delivery, Subscription
from scrum.team.usecases import setup_project
from scrum_server.ceremonies.delivering import Delivered
from scrum_server.ceremonies.standing import ceremonies
from scrum_server.events.groups import GROUPS, Group
from scrum_server.meters import Meters
from scrum_server.metrics import CeremoniesStanding, exposition
from scrum_server.settings import Settings
from scrum_server.stores import Stores
from scrum_storage.embedded.servers import Servers
from scrum_storage.inbox import State
from scrum_storage.store import CHRONICLE, CORE, Store
from scrum_storage.work import MessageWork
from scrum_tools.events import EventsStanding, GroupEvents, StoreEvents
from tests.builders import MONDAY, by
from tests.requirements import requirement
from tests.server.aside import a_letter, set_aside
from tests.storage.meetings import a_sprint_with, daily
from tests.tools.agent import PATIENCE, environment
from tests.tools.processes import http_server

WELL = EventsStanding(
    (StoreEvents("core", unsent=2, oldest_unsent_seconds=1.5, unsettled=7),),
    (GroupEvents("chronicle", lag=7, retrying=1, parked=2, dead=3),),
)
NOBODY = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
WAITING = CeremoniesStanding(due=4, oldest_due_seconds=90.5, failed=2)
AWAY = EventsStanding((StoreEvents("core", away="no"),), (GroupEvents("chronicle"),), redis_away="no")


def families(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(text: str, name: str, **labels: str) -> float:
    """The one sample of this name with these labels."""
    samples = [sample for family in families(text).values() for sample in family.samples]
    (found,) = [sample.value for sample in samples if sample.name == name and sample.labels == labels]
    return found


def told(
    standing: EventsStanding, meters: Meters | None = None, ceremonies: CeremoniesStanding = WAITING
) -> str:
    return exposition(standing, ceremonies, meters or Meters()).decode()


def measured(meters: Meters, subscription: Subscription[MessageWork]) -> Subscription[MessageWork]:
    (group,) = meters.watching([Group("chronicle", CHRONICLE, (CORE,), (subscription,))])
    return group.subscriptions[0]


def test_every_fact_is_a_gauge_of_its_store_or_group() -> None:
    text = told(WELL)

    assert value(text, "scrum_mcp_unsent_events", store="core") == 2
    assert value(text, "scrum_mcp_oldest_unsent_event_age_seconds", store="core") == 1.5
    assert value(text, "scrum_mcp_unsettled_events", store="core") == 7
    assert value(text, "scrum_mcp_lag_events", group="chronicle") == 7
    assert value(text, "scrum_mcp_set_aside_events", group="chronicle", state="dead") == 3
    assert value(text, "scrum_mcp_set_aside_events", group="chronicle", state="parked") == 2
    assert value(text, "scrum_mcp_set_aside_events", group="chronicle", state="retrying") == 1
    assert value(text, "scrum_mcp_store_up", store="core") == 1
    assert value(text, "scrum_mcp_redis_up") == 1


def test_ceremonies_that_nobody_got_are_gauges() -> None:
    text = told(WELL)

    assert value(text, "scrum_mcp_due_ceremonies") == 4
    assert value(text, "scrum_mcp_oldest_due_ceremony_age_seconds") == 90.5
    assert value(text, "scrum_mcp_failed_ceremonies") == 2


def test_what_is_unknown_has_no_sample_and_what_is_away_is_not_up() -> None:
    text = told(AWAY, ceremonies=CeremoniesStanding())

    found = families(text)
    assert (value(text, "scrum_mcp_store_up", store="core"), value(text, "scrum_mcp_redis_up")) == (0, 0)
    events = ("unsent_events", "oldest_unsent_event_age_seconds", "lag_events", "set_aside_events")
    ceremonies = ("due_ceremonies", "oldest_due_ceremony_age_seconds", "failed_ceremonies")
    for name in (*events, *ceremonies):
        assert found[f"scrum_mcp_{name}"].samples == []


def test_names_follow_the_conventions_of_prometheus() -> None:
    meters = Meters()
    meters.watching(GROUPS)

    for family in families(told(WELL, meters)).values():
        assert family.name.startswith(("scrum_mcp_", "process_"))
        assert family.documentation
        assert family.type != "counter" or any(one.name.endswith("_total") for one in family.samples)


async def test_a_handler_is_measured_by_its_events_and_its_time() -> None:
    seen: list[Sequence[Delivery]] = []

    async def handle(_: MessageWork, deliveries: Sequence[Delivery]) -> None:
        seen.append(deliveries)

    meters = Meters()
    await measured(meters, Subscription(handle)).handle(None, [None, None, None])  # type: ignore[arg-type, list-item] # only counted  # pyright: ignore[reportArgumentType]

    text = told(WELL, meters)
    assert [len(deliveries) for deliveries in seen] == [3]
    assert value(text, "scrum_mcp_handled_events_total", group="chronicle") == 3
    assert value(text, "scrum_mcp_handler_failures_total", group="chronicle") == 0
    assert value(text, "scrum_mcp_handler_duration_seconds_count", group="chronicle") == 1


async def test_a_handler_that_fails_is_counted_as_that_and_fails_as_before() -> None:
    async def handle(_: MessageWork, __: Sequence[Delivery]) -> None:
        raise ValueError("no")

    meters = Meters()
    with pytest.raises(ValueError, match="no"):
        await measured(meters, Subscription(handle)).handle(None, [])  # type: ignore[arg-type] # never looked at  # pyright: ignore[reportArgumentType]

    text = told(WELL, meters)
    assert value(text, "scrum_mcp_handler_failures_total", group="chronicle") == 1
    assert value(text, "scrum_mcp_handled_events_total", group="chronicle") == 0


def test_deliveries_of_ceremonies_are_measured_by_how_late_they_were() -> None:
    meters = Meters()
    due = Occurrence("SHOP-S1", "daily_scrum", "slot:1", MONDAY, "It is time", number=1)

    meters.delivered(Delivered(due, MONDAY + timedelta(seconds=2)))
    meters.delivered(Delivered(due, MONDAY + timedelta(seconds=9), "No disk"))

    text = told(WELL, meters)
    assert value(text, "scrum_mcp_delivered_ceremonies_total") == 1
    assert value(text, "scrum_mcp_ceremony_failures_total") == 1
    assert value(text, "scrum_mcp_ceremony_delay_seconds_sum") == 2


async def test_a_server_tells_its_figures_over_http(servers: Servers, database: str, core: Store) -> None:
    await setup_project(core.start, "SHOP", {}, by=by())
    await set_aside(database, a_letter(), a_letter(State.PARKED))
    async with (
        http_server(environment(servers, database, SCRUM_WORKER="false")) as url,
        httpx.AsyncClient(timeout=PATIENCE) as http,
    ):
        answer = await http.get(url.replace("/mcp", "/metrics"))

    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert value(answer.text, "scrum_mcp_unsent_events", store="core") == 1
    assert value(answer.text, "scrum_mcp_lag_events", group="chronicle") == 1
    assert value(answer.text, "scrum_mcp_set_aside_events", group="chronicle", state="dead") == 1
    age = value(answer.text, "scrum_mcp_oldest_unsent_event_age_seconds", store="core")
    assert 0 < age < PATIENCE


@requirement("metrics.ceremonies")
async def test_a_server_tells_how_many_ceremonies_wait_and_since_when(
    servers: Servers, database: str, core: Store
) -> None:
    await a_sprint_with(core, daily(trigger="sprint_start"))
    async with (
        http_server(environment(servers, database, SCRUM_WORKER="false")) as url,
        httpx.AsyncClient(timeout=PATIENCE) as http,
    ):
        answer = await http.get(url.replace("/mcp", "/metrics"))

    assert value(answer.text, "scrum_mcp_due_ceremonies") == 1
    assert value(answer.text, "scrum_mcp_failed_ceremonies") == 0
    age = value(answer.text, "scrum_mcp_oldest_due_ceremony_age_seconds")
    assert age == pytest.approx((system() - MONDAY).total_seconds(), abs=PATIENCE)


@requirement("metrics.ceremonies")
async def test_a_store_that_is_away_leaves_its_ceremonies_unknown(servers: Servers) -> None:
    stores = Stores(Settings.model_validate({"database_url": NOBODY, "redis_url": servers.redis}))
    try:
        assert await ceremonies(stores) == CeremoniesStanding()
    finally:
        await stores.aclose()
