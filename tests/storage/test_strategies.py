"""Strategies and their trials, on a real server: each sprint counts once, whoever learns from it and however often."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from uuid import uuid4

import pytest

from scrum.deliveries import Delivery
from scrum.events import Event
from scrum.memory.model import Arm, Episode, Tried
from scrum.sprint.events import SprintClosed
from scrum.strategies.learning import learn
from scrum.strategies.model import Record, Status
from scrum.strategies.usecases import Wanted, set_strategy, strategies
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import MEMORY, Store, open_store
from tests.builders import MONDAY, SHOP, by
from tests.domain.strategies.examples import an_episode, named
from tests.requirements import requirement
from tests.tools.database import rows

WATCHED = (
    Tried("velocity_buffer", 1, Arm.SHADOW, 45, 40),
    Tried("reserve_unplanned", 1, Arm.SHADOW, 45, 40),
)


@pytest.fixture
async def memory(database: str) -> AsyncGenerator[Store[MemoryWork]]:
    async with open_store(database, MEMORY) as store:
        yield store


def failed(number: int) -> Episode:
    return an_episode(45, 38, number, tried=WATCHED)


def followed(
    number: int, name: str, arm: Arm = Arm.APPLIED, *, version: int = 1, completed: int = 30
) -> Episode:
    """A sprint of another project."""
    tried = Tried(name, version, arm, 45, 36)
    return replace(an_episode(36, completed, number, tried=[tried]), project="OTHER")


async def shares(memory: Store[MemoryWork], project: str) -> None:
    async with memory.start() as work:
        await work.sharing.put(project, 1, shared=True)
        await work.commit()


def heard(episode: Episode) -> Delivery:
    closed: Event = SprintClosed(
        project=episode.project,
        aggregate=episode.sprint,
        aggregate_version=7,
        occurred_at=MONDAY,
        actor="ana",
        plan=episode.plan,
        committed=45,
        added=0,
        removed=0,
        reestimated=0,
        completed=38,
        carried_over=[],
        destination="next",
    )
    made = uuid4()
    return Delivery(made, "core", closed, made, None)


async def taught(memory: Store[MemoryWork], episode: Episode) -> Sequence[str]:
    """As at the end of a sprint: what is learned, and the episode."""
    async with memory.start() as work:
        lessons = await learn(work, episode, heard(episode))
        await work.episodes.put([episode])
        await work.commit()
    return lessons


async def read(memory: Store[MemoryWork], project: str = SHOP) -> Sequence[Record]:
    return await strategies(memory.look, project)


async def published(database: str, kind: str) -> list[str]:
    told = "SELECT data->>'episode' AS episode FROM memory.outbox WHERE type = $1 ORDER BY episode, aggregate"
    return [row["episode"] for row in await rows(database, told, kind)]


async def test_a_project_begins_with_the_built_in_ones_and_nothing_known_of_them(
    memory: Store[MemoryWork],
) -> None:
    assert [(one.strategy.name, one.strategy.status, one.trials) for one in await read(memory)] == [
        ("reserve_unplanned", Status.CANDIDATE, ()),
        ("scale_by_availability", Status.ACTIVE, ()),
        ("velocity_buffer", Status.CANDIDATE, ()),
    ]


async def test_what_was_learned_is_read_as_it_was(memory: Store[MemoryWork]) -> None:
    await taught(memory, failed(1))

    buffer = named(await read(memory), "velocity_buffer")

    assert buffer.strategy.support == ("PLAN-1",)
    (trial,) = buffer.trials
    assert (trial.episode, trial.arm, trial.success, trial.better) == ("PLAN-1", Arm.SHADOW, False, True)


async def test_without_a_commit_nothing_was_learned(memory: Store[MemoryWork], database: str) -> None:
    async with memory.start() as work:
        assert await learn(work, failed(1), heard(failed(1)))

    assert named(await read(memory), "velocity_buffer").trials == ()
    assert await published(database, "EvidenceAdded") == []


@requirement("strategies.once")
async def test_learning_twice_from_one_sprint_changes_nothing_the_second_time(
    memory: Store[MemoryWork], database: str
) -> None:
    await taught(memory, failed(1))
    before = await read(memory), await published(database, "EvidenceAdded")

    await taught(memory, failed(1))

    assert (await read(memory), await published(database, "EvidenceAdded")) == before


async def test_learning_again_after_other_sprints_estimates_nothing_anew(
    memory: Store[MemoryWork], database: str
) -> None:
    worse = an_episode(45, 4, 2)
    await taught(memory, failed(1))
    await taught(memory, worse)
    before = await read(memory), await rows(database, "SELECT count(*) AS n FROM memory.outbox")

    await taught(memory, failed(1))

    assert (await read(memory), await rows(database, "SELECT count(*) AS n FROM memory.outbox")) == before


@requirement("strategies.once")
async def test_learning_from_one_sprint_in_two_places_at_once_counts_it_once(
    memory: Store[MemoryWork], database: str
) -> None:
    await asyncio.gather(*(taught(memory, failed(1)) for _ in range(4)))

    assert [len(one.trials) for one in await read(memory)] == [1, 0, 1]
    assert await published(database, "EvidenceAdded") == ["PLAN-1", "PLAN-1"]


@requirement("strategies.once")
async def test_learning_from_two_sprints_at_once_counts_each_once(
    memory: Store[MemoryWork], database: str
) -> None:
    episodes = [failed(number) for number in range(1, 7)]

    await asyncio.gather(*(taught(memory, episode) for episode in (*episodes, *reversed(episodes))))

    plans = [f"PLAN-{number}" for number in range(1, 7)]
    for name in ("velocity_buffer", "reserve_unplanned"):
        record = named(await read(memory), name)
        trials = [trial.episode for trial in record.trials]
        assert trials == sorted(set(trials)), "each once"
        assert set(trials) == set(plans)
    shadows = await published(database, "EvidenceAdded")
    assert {plan: shadows.count(plan) >= 2 for plan in plans} == dict.fromkeys(plans, True)


async def test_the_changes_of_a_strategy_are_numbered_without_gaps(
    memory: Store[MemoryWork], database: str
) -> None:
    await asyncio.gather(*(taught(memory, failed(number)) for number in (1, 2, 3)))

    told = "SELECT aggregate_version AS n FROM memory.outbox WHERE aggregate = $1 ORDER BY seq"
    numbers = [row["n"] for row in await rows(database, told, f"{SHOP}/velocity_buffer")]
    assert numbers == list(range(2, 2 + len(numbers)))


async def test_a_strategy_of_another_project_arrives_as_a_candidate_where_memory_is_shared(
    memory: Store[MemoryWork],
) -> None:
    theirs = Wanted("holidays", "days_away > 2", "buffer 0.2", Status.ACTIVE)
    await set_strategy(memory.start, "OTHER", theirs, by=by())
    await taught(memory, followed(8, "holidays"))
    await taught(memory, failed(1))
    assert "holidays" not in [one.strategy.name for one in await read(memory)]

    await shares(memory, "OTHER")
    await taught(memory, failed(2))

    arrived = named(await read(memory), "holidays").strategy
    assert (arrived.status, arrived.project) == (Status.CANDIDATE, SHOP)
    assert arrived.origin == "set by ana in OTHER, tried in 1 sprint"
    assert arrived.asked_for


@requirement("strategies.shared")
async def test_what_somebody_set_elsewhere_arrives_only_once_a_sprint_followed_it(
    memory: Store[MemoryWork],
) -> None:
    await shares(memory, "OTHER")
    await set_strategy(memory.start, "OTHER", Wanted("always", effect="buffer 0.2"), by=by())
    await taught(memory, followed(7, "always", Arm.SHADOW))
    await set_strategy(memory.start, "OTHER", Wanted("always", status=Status.ACTIVE), by=by())
    await taught(memory, failed(1))
    assert "always" not in [one.strategy.name for one in await read(memory)]

    await taught(memory, followed(8, "always"))
    await taught(memory, failed(2))

    assert named(await read(memory), "always").strategy.status is Status.CANDIDATE


@requirement("strategies.shared")
@pytest.mark.parametrize("completed", [36, 50], ids=["says nothing of it", "speaks against it"])
async def test_what_sprints_do_not_speak_for_stays_where_it_is(
    memory: Store[MemoryWork], completed: int
) -> None:
    await shares(memory, "OTHER")
    await set_strategy(
        memory.start, "OTHER", Wanted("always", effect="buffer 0.2", status=Status.ACTIVE), by=by()
    )
    await taught(memory, followed(8, "always", completed=completed))

    await taught(memory, failed(1))

    assert "always" not in [one.strategy.name for one in await read(memory)]


async def test_what_a_test_made_active_arrives_as_learned_there(memory: Store[MemoryWork]) -> None:
    await shares(memory, "OTHER")
    await set_strategy(memory.start, "OTHER", Wanted("always", effect="buffer 0.2"), by=by())
    for number in range(5, 9):
        await taught(memory, followed(number, "always"))

    await taught(memory, failed(1))

    assert named(await read(memory, "OTHER"), "always").strategy.status is Status.ACTIVE
    assert named(await read(memory), "always").strategy.origin == "learned in OTHER"


async def test_what_others_learned_of_a_built_in_rule_arrives_where_nobody_touched_it(
    memory: Store[MemoryWork],
) -> None:
    await shares(memory, "OTHER")
    theirs = Wanted("reserve_unplanned", effect="reserve 0.25", status=Status.ACTIVE)
    await set_strategy(memory.start, "OTHER", theirs, by=by())
    await taught(memory, followed(8, "reserve_unplanned", version=2))

    await taught(memory, failed(1))

    arrived = named(await read(memory), "reserve_unplanned").strategy
    assert (str(arrived.effect), arrived.version) == ("reserve 0.25", 2)
    assert named(await read(memory), "scale_by_availability").strategy.version == 1


async def test_a_rule_that_is_set_again_is_another_version_and_the_old_one_stays_counted(
    memory: Store[MemoryWork], database: str
) -> None:
    await taught(memory, failed(1))

    changed = await set_strategy(memory.start, SHOP, Wanted("velocity_buffer", effect="buffer 0.2"), by=by())

    assert (changed.strategy.version, changed.strategy.status) == (2, Status.CANDIDATE)
    kept = await rows(
        database, "SELECT version FROM memory.trials WHERE strategy = 'velocity_buffer' ORDER BY 1"
    )
    assert [row["version"] for row in kept] == [1, 2]


async def test_what_somebody_retired_is_not_proposed_again(memory: Store[MemoryWork]) -> None:
    await set_strategy(memory.start, SHOP, Wanted("velocity_buffer", status=Status.RETIRED), by=by())

    for number in (1, 2, 3):
        await taught(memory, an_episode(45, 5, number))

    kept = named(await read(memory), "velocity_buffer").strategy
    assert (kept.status, kept.version, kept.origin) == (Status.RETIRED, 1, "by ana")


async def test_the_same_rule_set_again_changes_nothing(memory: Store[MemoryWork], database: str) -> None:
    wanted = Wanted("holidays", "days_away > 2", "buffer 0.2")
    await set_strategy(memory.start, SHOP, wanted, by=by())
    before = await rows(database, "SELECT count(*) AS n FROM memory.outbox"), await read(memory)

    await set_strategy(memory.start, SHOP, wanted, by=by())

    assert (await rows(database, "SELECT count(*) AS n FROM memory.outbox"), await read(memory)) == before
