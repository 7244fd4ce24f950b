"""Events that whoever handles them fails on, dies of or hangs on."""

import asyncio
from datetime import datetime
from uuid import UUID

from tests.events.conftest import Scale, Stage
from tests.events.counting import HANG, KILL, RAISE
from tests.events.waiting import PATIENCE
from tests.requirements import requirement
from tests.tools.agent import agent

LIFE = {"lease": 1.0, "speed": 20.0}
"""A handler that hangs is ended after a second; what is tried again waits for a twentieth of the time."""
_DEAD = """
    SELECT envelope->'data'->>'title', attempts, reason, trace, first_failed_at, last_failed_at, event
    FROM counting.inbox WHERE state = 'dead'
"""


async def poison(stage: Stage) -> list[str]:
    """One item of each kind, in a project of its own; their keys."""
    async with agent(stage.server.url) as ana:
        await ana.call("setup_project", project="POISON")
        items = [{"title": title} for title in (RAISE, KILL, HANG)]
        added = await ana.call("add_items", project="POISON", items=items)
    return [item["item"] for item in added["items"]]


async def replace_the_dead(stage: Stage) -> None:
    """Until all that is poison was given up."""
    async with asyncio.timeout(PATIENCE):
        while (await stage.effects.letters())["counting", "dead"] < len((RAISE, KILL, HANG)):
            await stage.crew.replaced(within=0.1, **LIFE)


@requirement("events.poison")
async def test_poison_stops_no_other_event_and_ends_as_dead_letters_that_say_why(
    stage: Stage, scale: Scale
) -> None:
    items = await poison(stage)
    for _ in range(2):
        await stage.crew.start(**LIFE)

    await stage.calls.publish(scale.events, replace_the_dead(stage))

    await stage.effects.settle()
    await stage.effects.each_once(scale.events, poison=items)
    dead = {title: rest for title, *rest in await stage.effects.rows(_DEAD)}
    assert [dead[title][0] for title in (RAISE, KILL, HANG)] == [5, 5, 5]
    assert "Poison: by its title" in dead[RAISE][1]
    assert "in _suffer" in dead[RAISE][2]
    assert "no worker lived to say" in dead[KILL][1]
    assert "TimeoutError" in dead[HANG][1]
    for *_, first, last, event in dead.values():
        assert isinstance(event, UUID)
        assert isinstance(first, datetime)
        assert first < last
