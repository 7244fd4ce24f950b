"""A PostgreSQL that is killed while calls go on."""

import asyncio
import os
import random
import signal
from functools import partial
from pathlib import Path

from scrum_storage.embedded.status import status
from tests.events.conftest import Scale, Stage
from tests.events.waiting import until
from tests.requirements import requirement


async def kill_at_random(home: Path, chance: random.Random) -> None:
    """Fewer times than the keeper gives up after."""
    for _ in range(2):
        await asyncio.sleep(chance.uniform(0.5, 1.5))
        killed = status(home).postgres.pid
        assert killed
        os.kill(killed, signal.SIGKILL)
        await until(partial(_came_back, home, killed))


@requirement("events.once")
async def test_when_postgresql_is_killed_under_calls_what_was_committed_is_handled_once(
    own_stage: Stage, home: Path, chance: random.Random, scale: Scale
) -> None:
    own_stage.calls.bold = True
    for _ in range(2):
        await own_stage.crew.start()

    await own_stage.calls.publish(scale.events, kill_at_random(home, chance))

    assert own_stage.calls.failed
    await own_stage.effects.settle()
    await own_stage.effects.each_once(scale.events)
    await own_stage.effects.has_items(own_stage.calls.added)


async def _came_back(home: Path, killed: int) -> bool:
    now = status(home).postgres
    return now.version is not None and now.pid not in {None, killed}
