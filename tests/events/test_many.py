"""Many who send and handle at once, and events that come more than once and in any order."""

import asyncio
import random

from tests.events.conftest import Scale, Stage
from tests.requirements import requirement


async def deliver_again(stage: Stage, chance: random.Random, rounds: int) -> None:
    """Some of what the stream holds, once more and in another order."""
    for _ in range(rounds):
        await asyncio.sleep(chance.uniform(0, 0.3))
        entries = await stage.effects.entries()
        again = chance.sample(entries, min(len(entries), 100))
        await stage.effects.ask_at_once([("XADD", stage.effects.stream, "*", *fields) for fields in again])


@requirement("events.once")
async def test_two_relays_and_four_workers_at_once_handle_each_event_once(
    own_stage: Stage, scale: Scale
) -> None:
    for _ in range(2):
        await own_stage.crew.start(only_relays=True)
    for _ in range(4):
        await own_stage.crew.start()

    await own_stage.calls.publish(scale.events)

    await own_stage.effects.settle()
    await own_stage.effects.each_once(scale.events)


@requirement("events.once")
async def test_events_that_come_again_and_in_any_order_are_handled_once(
    stage: Stage, chance: random.Random, scale: Scale
) -> None:
    for _ in range(2):
        await stage.crew.start()

    await stage.calls.publish(scale.events, deliver_again(stage, chance, scale.times))

    await deliver_again(stage, chance, 1)
    await stage.effects.settle()
    await stage.effects.each_once(scale.events)
