"""Ceremonies of sprints that run fast, by a worker process in real time."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest

from scrum.ceremonies.occurrence import Occurrence, Status
from scrum.team.calendar import WEEKDAYS
from scrum.team.project import Cadence
from scrum_storage.store import Store
from tests.events.conftest import Stage
from tests.events.held import a_running_sprint, complete, now, occurrences, the_state
from tests.events.waiting import until
from tests.requirements import requirement

MORNING, AFTERNOON = time(9), time(14)
ITEMS, TOGETHER, EVERY, GAP = 1_000, 20, 25, 10.0
MINUTE, SECONDS = (14, 20_160), (7, 100_000)
"""The days of a sprint, and how many times faster they pass: 14 in a minute, and 7 in six seconds."""


@pytest.fixture
def course(pytestconfig: pytest.Config) -> tuple[int, float]:
    return MINUTE if pytestconfig.getoption("soak") else SECONDS


async def is_over(core: Store) -> bool:
    found = await occurrences(core)
    return await the_state(core) == "completed" and all(one.status is Status.DELIVERED for one in found)


def slots(begin: datetime, days: int, at: time) -> list[str]:
    """Of a sprint that began then, until the end of its last day."""
    each = [datetime.combine(begin.date() + timedelta(n), at, begin.tzinfo) for n in range(days)]
    return [f"slot:{slot.isoformat(timespec='minutes')}" for slot in each if slot >= begin]


def covered(found: Sequence[Occurrence], ceremony: str) -> list[str]:
    return [key for one in found if one.ceremony == ceremony for key in one.covers]


@requirement("ceremonies.virtual")
async def test_a_sprint_of_days_passes_in_seconds_with_every_ceremony_in_its_order(
    stage: Stage, core: Store, course: tuple[int, float]
) -> None:
    """A late worker finds two slots at once, and holds one ceremony for both."""
    days, scale = course
    policy = {
        "sprint": {
            "strategy": "calendar",
            "duration_days": days,
            "time_scale": scale,
            "gap_seconds": 0,
            "frequency": "daily",
            "time_of_day": MORNING.isoformat("minutes"),
        },
        "ceremonies": {
            "backlog_refinement": {"frequency": "daily", "time_of_day": AFTERNOON.isoformat("minutes")}
        },
    }
    await stage.crew.start()

    begin = now()
    await a_running_sprint(core, begin, 3, policy, cadence=Cadence.STARTUP, workdays=list(WEEKDAYS))

    await until(lambda: is_over(core))
    found = await occurrences(core)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert [one.due_at for one in found] == sorted(one.due_at for one in found)
    assert [one.ceremony for one in (found[0], *found[-2:])] == [
        "sprint_planning",
        "sprint_review",
        "retrospective",
    ]
    assert covered(found, "daily_scrum") == slots(begin, days, MORNING)
    assert covered(found, "backlog_refinement") == slots(begin, days, AFTERNOON)


@requirement("ceremonies.storm")
async def test_a_swarm_that_finishes_a_thousand_items_in_seconds_is_not_stormed_with_ceremonies(
    stage: Stage, core: Store
) -> None:
    """Every 25th counts, and none is held sooner than ten seconds after the one before."""
    await stage.crew.start()
    keys = await a_running_sprint(core, now(), ITEMS, {}, cadence=Cadence.AGENT_SWARM)

    begin = now()
    for place in range(0, ITEMS, TOGETHER):
        await complete(core, keys[place : place + TOGETHER], now())
    took = (now() - begin).total_seconds()

    await until(lambda: is_over(core))
    found = await occurrences(core)
    counts = [f"completions:{number}" for number in range(EVERY, ITEMS + 1, EVERY)]
    assert covered(found, "daily_scrum") == counts
    dailies = [one for one in found if one.ceremony == "daily_scrum"]
    assert len(dailies) <= 2 + took / GAP
