"""Whatever happens between a commit and its effects, and in whatever order: one effect for each event and group."""

import asyncio
import random
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from scrum_storage.embedded.programs import find_programs
from tests.adapters.redis_server import a_redis
from tests.conftest import TEMPLATE, administer, in_database
from tests.events.counting import TABLES
from tests.events.world import ALWAYS, GROUPS, WORKERS, World, a_world
from tests.requirements import requirement

A_GROUP, A_WORKER, SOME = st.sampled_from(GROUPS), st.sampled_from(WORKERS), st.integers(1, 6)


@pytest.fixture
def own_redis() -> Iterator[str]:
    """Of this test alone: it is flushed."""
    with a_redis(find_programs().redis) as server:
        server.start()
        yield server.url


@pytest.fixture
def own_database(template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    asyncio.run(administer(template, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY wal_log"))
    asyncio.run(administer(in_database(template, name), *TABLES))
    yield in_database(template, name)
    asyncio.run(administer(template, f"DROP DATABASE {name} WITH (FORCE)"))


class Interleavings(RuleBasedStateMachine):
    """At most one attempt of a retry goes wrong by itself, so that only what always fails has five."""

    world: ClassVar[World]
    runner: ClassVar[asyncio.Runner]

    def __init__(self) -> None:
        super().__init__()
        self._may_go_wrong = True

    def do(self, step: Coroutine[Any, Any, Any]) -> None:
        self.runner.run(step)

    @initialize()
    def begin(self) -> None:
        self.do(self.world.begin())

    @rule(count=SOME, fails=st.sampled_from([0, 0, 0, 1, 3, ALWAYS]))
    def publish(self, count: int, fails: int) -> None:
        self.do(self.world.publish(count, fails))

    def send_new(self, count: int, worker: str, fails: int = 0) -> None:
        """So that what follows meets something."""
        self.do(self.world.publish(count, fails))
        self.do(self.world.send(worker))

    @rule()
    def publish_nearly(self) -> None:
        self.do(self.world.publish_nearly())

    @rule(worker=A_WORKER)
    def send(self, worker: str) -> None:
        self.do(self.world.send(worker))

    @rule(worker=A_WORKER, added=st.booleans())
    def send_nearly(self, worker: str, *, added: bool) -> None:
        self.do(self.world.send_nearly(worker, added=added))

    @rule(worker=A_WORKER)
    def settle(self, worker: str) -> None:
        self.do(self.world.settle(worker))

    @rule(count=SOME, worker=A_WORKER)
    def settle_too_late(self, count: int, worker: str) -> None:
        self.send_new(count, worker)
        self.do(self.world.settle_too_late(worker))

    @rule(group=A_GROUP, worker=A_WORKER, count=SOME)
    def read(self, group: str, worker: str, count: int) -> None:
        self.send_new(count, worker)
        self.do(self.world.read(group, worker, count))

    @rule(group=A_GROUP, worker=A_WORKER, count=SOME)
    def deliver(self, group: str, worker: str, count: int) -> None:
        self.do(self.world.deliver(group, worker, count))

    @rule(group=A_GROUP, worker=A_WORKER, count=SOME)
    def deliver_nearly(self, group: str, worker: str, count: int) -> None:
        self.send_new(count, worker)
        self.do(self.world.deliver_nearly(group, worker, count))

    @rule(group=A_GROUP, worker=A_WORKER, count=SOME)
    def deliver_unacknowledged(self, group: str, worker: str, count: int) -> None:
        self.send_new(count, worker)
        self.do(self.world.deliver_unacknowledged(group, worker, count))

    @rule(group=A_GROUP, worker=A_WORKER)
    def finish(self, group: str, worker: str) -> None:
        self.do(self.world.finish(group, worker))

    @rule(group=A_GROUP, worker=A_WORKER)
    def take_over(self, group: str, worker: str) -> None:
        self.do(self.world.take_over(group, worker))

    @rule(group=A_GROUP, worker=A_WORKER)
    def retry(self, group: str, worker: str) -> None:
        self.do(self.world.retry(group, worker))

    @precondition(lambda self: self._may_go_wrong)
    @rule(group=A_GROUP, worker=A_WORKER)
    def retry_nearly(self, group: str, worker: str) -> None:
        self._may_go_wrong = False
        self.do(self.world.retry_nearly(group, worker))

    @precondition(lambda self: self._may_go_wrong)
    @rule(group=A_GROUP, worker=A_WORKER)
    def retry_too_late(self, group: str, worker: str) -> None:
        self._may_go_wrong = False
        self.send_new(1, worker, fails=1)
        self.do(self.world.deliver(group, worker, 1000))
        self.do(self.world.wait(600))
        self.do(self.world.retry_too_late(group, worker))

    @rule(seconds=st.sampled_from([1, 10, 100]))
    def wait(self, seconds: int) -> None:
        self.do(self.world.wait(seconds))

    @rule()
    def flush(self) -> None:
        self.do(self.world.flush())

    @rule(count=SOME, worker=A_WORKER)
    def lose_the_stream(self, count: int, worker: str) -> None:
        self.send_new(count, worker)
        self.do(self.world.lose_the_stream())

    @rule(group=A_GROUP, worker=A_WORKER, count=SOME)
    def lose_what_was_read(self, group: str, worker: str, count: int) -> None:
        self.read(group, worker, count)
        self.do(self.world.settle(worker))
        self.do(self.world.flush())

    @rule()
    def doubt(self) -> None:
        self.do(self.world.doubt())

    @rule(seed=st.integers(0, 1000))
    def shuffle(self, seed: int) -> None:
        self.do(self.world.shuffle(random.Random(seed)))

    @rule()
    def all_at_once(self) -> None:
        self.do(self.world.all_at_once())

    def teardown(self) -> None:
        self.do(self.world.come_to_rest())
        self.do(self.world.check())


@requirement("events.once")
def test_any_interleaving_of_steps_and_crashes_ends_in_one_effect_each(
    own_database: str, own_redis: str, pytestconfig: pytest.Config
) -> None:
    examples = 1_000 if pytestconfig.getoption("soak") else 12
    bounds = settings(
        max_examples=examples,
        stateful_step_count=30,
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.generate],  # to find a smaller example takes minutes
    )
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        world = runner.run(stack.enter_async_context(a_world(own_database, own_redis)))
        try:
            run_state_machine_as_test(_told_by(world, runner), settings=bounds)
        finally:
            runner.run(stack.aclose())


def _told_by(told: World, by: asyncio.Runner) -> type[Interleavings]:
    class Told(Interleavings):
        world = told
        runner = by

    return Told
