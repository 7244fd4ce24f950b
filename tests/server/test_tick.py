"""`scrum-mcp tick`: everything that is due, once."""

import json
from datetime import timedelta

from scrum.team.project import Cadence
from scrum_storage.embedded.servers import Servers
from scrum_storage.store import Store
from tests.conftest import administer
from tests.events.held import a_running_sprint, complete, now, occurrences
from tests.requirements import requirement
from tests.server.commands import Answer, scrum_mcp
from tests.tools.agent import environment
from tests.tools.database import rows

_POISON = "ALTER TABLE chronicle.reports ADD CONSTRAINT poison CHECK (ceremony <> 'daily_scrum')"


async def tick(servers: Servers, database: str, *options: str, **settings: str) -> Answer:
    given = {"SCRUM_VIRTUAL_TIME": "false", **settings}
    return await scrum_mcp("tick", *options, **environment(servers, database, **given))


@requirement("ceremonies.tick")
async def test_a_tick_delivers_what_is_due_and_a_second_one_finds_nothing(
    servers: Servers, database: str, core: Store
) -> None:
    keys = await a_running_sprint(core, now(), 10, {}, cadence=Cadence.STARTUP)
    await complete(core, keys[:5], now())

    first, second = await tick(servers, database), await tick(servers, database)

    assert (first.status, second.status) == (0, 0), first.err
    lines = first.out.splitlines()
    assert lines[0].startswith("SHOP-S1-C1 sprint_planning is due: ")
    assert sum(line.endswith(" is delivered") for line in lines) == 3
    assert second.out == "Nothing is due.\n"
    assert await rows(database, "SELECT FROM core.occurrences WHERE status <> 'delivered'") == []


@requirement("ceremonies.tick")
async def test_a_tick_takes_a_sprint_on_whose_days_are_over(
    servers: Servers, database: str, core: Store
) -> None:
    policy = {"sprint": {"strategy": "calendar"}}
    await a_running_sprint(core, now() - timedelta(days=30), 2, policy, cadence=Cadence.STARTUP)

    told = json.loads((await tick(servers, database, "--json")).out)

    assert told["well"]
    moves = [one["what"] for one in told["happened"] if one["id"] == "SHOP-S1"]
    assert moves == ["in_review", "retrospective", "completed"]


@requirement("ceremonies.tick")
async def test_a_tick_that_cannot_deliver_says_why_and_ends_with_1(
    servers: Servers, database: str, core: Store
) -> None:
    """What can be delivered is."""
    keys = await a_running_sprint(core, now(), 10, {}, cadence=Cadence.STARTUP)
    await complete(core, keys[:5], now())
    await administer(database, _POISON)

    answer = await tick(servers, database)

    assert answer.status == 1
    (line,) = [one for one in answer.out.splitlines() if "not delivered" in one]
    assert "daily_scrum is not delivered: IntegrityError" in line
    states = {one.ceremony: one.status.value for one in await occurrences(core)}
    assert states == {"sprint_planning": "delivered", "daily_scrum": "due", "backlog_refinement": "delivered"}


@requirement("ceremonies.virtual")
async def test_on_virtual_time_a_tick_knows_no_other_time_than_that_of_what_happened(
    servers: Servers, database: str, core: Store
) -> None:
    policy = {"sprint": {"strategy": "calendar"}, "ceremonies": {"daily_scrum": {"frequency": "daily"}}}
    await a_running_sprint(core, now() - timedelta(days=30), 2, policy, cadence=Cadence.STARTUP)

    await tick(servers, database, SCRUM_VIRTUAL_TIME="true")

    (planning,) = await occurrences(core)
    assert planning.delivered_at == planning.due_at
