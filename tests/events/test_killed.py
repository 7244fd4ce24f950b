"""kill -9 of whoever publishes, sends and handles, wherever it is."""

import asyncio
import random
from contextlib import suppress

import pytest

from tests.events.conftest import Scale, Stage
from tests.events.waiting import until
from tests.requirements import requirement


async def kill_at_random(stage: Stage, chance: random.Random, times: int) -> None:
    """Of two that work, at random moments of their lives; another one comes for each."""
    for _ in range(times):
        await asyncio.sleep(chance.uniform(0, 0.5))
        await stage.crew.end(chance.choice(stage.crew.alive))
        await stage.crew.start()


async def let_die(stage: Stage, chance: random.Random, moment: str, times: int) -> None:
    """One after the other comes to this moment, and no further."""
    for _ in range(times):
        await stage.crew.ended(await stage.crew.start(moment=moment, turn=chance.randint(1, 3)))


async def kill_the_server(stage: Stage, least: int) -> None:
    """While it answers, once it has answered enough."""

    async def enough() -> bool:
        return stage.calls.events >= least

    await until(enough)
    await stage.crew.end(stage.server.pid)


@requirement("events.once")
async def test_workers_that_are_killed_at_random_lose_and_double_nothing(
    stage: Stage, chance: random.Random, scale: Scale
) -> None:
    for _ in range(2):
        await stage.crew.start()

    await stage.calls.publish(scale.events, kill_at_random(stage, chance, 20))

    await stage.effects.settle()
    await stage.effects.each_once(scale.events)


@requirement("events.once")
@pytest.mark.parametrize("moment", ["before sending", "after sending", "before acknowledging"])
async def test_workers_that_die_between_two_steps_lose_and_double_nothing(
    stage: Stage, chance: random.Random, scale: Scale, moment: str
) -> None:
    await stage.calls.publish(scale.events, let_die(stage, chance, moment, scale.times))

    await stage.crew.start()
    await stage.effects.settle()
    await stage.effects.each_once(scale.events)


@requirement("events.once")
async def test_what_a_server_committed_before_it_was_killed_is_sent_by_others(
    stage: Stage, scale: Scale
) -> None:
    with suppress(ExceptionGroup):
        await stage.calls.publish(2 * scale.events, kill_the_server(stage, scale.events))

    await stage.crew.start()
    await stage.effects.settle()
    await stage.effects.each_once(scale.events)
    await stage.effects.has_items(stage.calls.added)
