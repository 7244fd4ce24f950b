"""A Redis that is killed, or loses what it had."""

import asyncio
import random
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from scrum_storage.embedded.programs import find_programs
from tests.adapters.redis_server import RedisServer, a_redis
from tests.events.conftest import Scale, Stage, Stages
from tests.requirements import requirement

Harm = Callable[[RedisServer, Stage], Awaitable[None]]


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """Of this test alone."""
    with a_redis(find_programs().redis) as server:
        server.start()
        yield server


@pytest.fixture
async def own_stage(stages: Stages, own_redis: RedisServer, database: str) -> AsyncGenerator[Stage]:
    async with stages.on(database, own_redis.url) as built:
        yield built


async def restart(redis: RedisServer, _: Stage) -> None:
    redis.end()
    redis.start()


async def restart_without_data(redis: RedisServer, _: Stage) -> None:
    redis.end()
    _forget_all(redis.folder)
    redis.start()


async def flush(_: RedisServer, stage: Stage) -> None:
    await stage.effects.ask("FLUSHALL")


async def harm_at_random(
    stage: Stage, redis: RedisServer, harm: Harm, chance: random.Random, times: int
) -> None:
    """While events are on their way to it, in it and from it."""
    for _ in range(times):
        await asyncio.sleep(chance.uniform(0.2, 1.0))
        await harm(redis, stage)


@requirement("events.once")
@pytest.mark.parametrize("harm", [restart, restart_without_data, flush])
async def test_whatever_redis_loses_is_sent_again_and_handled_once(
    own_stage: Stage, own_redis: RedisServer, harm: Harm, chance: random.Random, scale: Scale
) -> None:
    for _ in range(2):
        await own_stage.crew.start()

    await own_stage.calls.publish(
        scale.events, harm_at_random(own_stage, own_redis, harm, chance, scale.times // 2)
    )

    await own_stage.effects.settle()
    await own_stage.effects.each_once(scale.events)


@requirement("events.once")
async def test_what_nobody_had_handled_when_redis_lost_it_is_sent_again(
    own_stage: Stage, own_redis: RedisServer, scale: Scale
) -> None:
    relay = await own_stage.crew.start(only_relays=True)
    await own_stage.calls.publish(scale.events)
    await own_stage.effects.all_sent()
    await own_stage.crew.end(relay)

    await restart_without_data(own_redis, own_stage)

    await own_stage.crew.start()
    await own_stage.effects.settle()
    await own_stage.effects.each_once(scale.events)


def _forget_all(folder: Path) -> None:
    for kept in folder.iterdir():
        if kept.is_dir():
            shutil.rmtree(kept)
        else:
            kept.unlink()
