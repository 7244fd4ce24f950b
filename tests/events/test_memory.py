"""Episodes are written at the commit and ended at the close, in whatever order that is heard, and however often."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from scrum.backlog.events import ItemCompleted
from scrum.backlog.model import Draft
from scrum.backlog.usecases import add_items
from scrum.events import Event
from scrum.memory.decided import taken
from scrum.memory.model import Episode, Outcome, Result
from scrum.planning.model import Consent
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_and_start, plan_sprint
from scrum.sprint.events import SprintCancelled, SprintClosed
from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint
from scrum.team.events import ProjectSetUp
from scrum_storage.embedded.servers import Servers
from tests.builders import MONDAY, SHOP, a_project, a_team, by, finish
from tests.domain.memory.examples import NUMBERS, episode
from tests.events.recall import Recall, recalling
from tests.requirements import requirement

ONE = replace(
    episode(goal="Pay", text="Pay by card", focus=("shop",), features=NUMBERS), at=MONDAY, figures={}
)
OUTCOME = Outcome(MONDAY + timedelta(14), 34, 33, added=2, removed=1, reestimated=-3)
COMPLETED = ONE.completed(OUTCOME)


@pytest.fixture
async def recall(database: str, servers: Servers) -> AsyncGenerator[Recall]:
    async with recalling(database, servers.redis) as ready:
        yield ready


def decided(one: Episode = ONE) -> Event:
    return taken(one, by())


def closed(plan: str = ONE.plan) -> Event:
    return SprintClosed(
        project=SHOP,
        aggregate=ONE.sprint,
        aggregate_version=7,
        occurred_at=OUTCOME.closed_at,
        actor="ana",
        plan=plan,
        committed=34,
        added=2,
        removed=1,
        reestimated=-3,
        completed=33,
        carried_over=[],
        destination="next",
    )


def cancelled() -> Event:
    return SprintCancelled(
        project=SHOP,
        aggregate=ONE.sprint,
        aggregate_version=7,
        occurred_at=MONDAY,
        actor="ana",
        plan=ONE.plan,
        completed=3,
        returned=[],
    )


def between() -> Event:
    return ItemCompleted(
        project=SHOP,
        aggregate="SHOP-1",
        aggregate_version=3,
        occurred_at=MONDAY,
        actor="ana",
        sprint=ONE.sprint,
        points=5,
    )


def set_up(version: int, *, shares: bool) -> Event:
    return ProjectSetUp(
        project=SHOP,
        aggregate=SHOP,
        aggregate_version=version,
        occurred_at=MONDAY,
        actor="ana",
        name="The shop",
        settings={"share_memory": shares},
    )


@requirement("memory.episode")
async def test_an_episode_is_written_at_the_commit_and_completed_at_the_close(recall: Recall) -> None:
    core = recall.core.start
    await a_project(recall.core, sprint_days=14)
    await a_team(recall.core, "Ana", "Bo")
    drafts = [Draft("Pay by card", points=5, labels=frozenset({"shop"})), Draft("Ship it", points=3)]
    keys = [item.key for item in await add_items(core, SHOP, drafts, by=by())]
    plan = await plan_sprint(core, SHOP, PlanRequest(goal="Sell", must_include=frozenset(keys)), by=by())
    await commit_and_start(core, plan.id, Consent.AGENT, by=by())
    await recall.hear()

    open_one = await recall.episode(plan.id)
    await finish(recall.core, keys[0])
    await close_sprint(core, SHOP, "current", CarryOver.BACKLOG, by=by(days=14))
    await recall.hear()
    over = await recall.episode(plan.id)

    context, features = open_one.context, open_one.context.features
    assert (open_one.sprint, open_one.result, open_one.at) == (f"{SHOP}-S1", Result.OPEN, MONDAY)
    assert (context.goal, context.text, context.focus) == ("Sell", "Pay by card\nShip it", ("shop",))
    assert (features.team_size, features.availability, features.scope) == (2, 1, 8)
    assert (open_one.decision.points, open_one.decision.items) == (8, tuple(keys))
    assert (over.result, over.context) == (Result.FAILURE, context)
    assert over.outcome == Outcome(MONDAY + timedelta(14), 8, 5)
    assert over.prediction is not None
    assert over.error == 5 - over.prediction.points


@requirement("memory.episode")
@pytest.mark.parametrize("at_once", [1, 10])
@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_in_any_order_the_episode_is_the_same(
    recall: Recall, order: Sequence[int], at_once: int
) -> None:
    events = [decided(), between(), closed()]

    await recall.publish(*(events[place] for place in order))
    await recall.hear(at_once=at_once)

    assert await recall.episode(ONE.plan) == COMPLETED
    assert await recall.told() == [("EpisodeWritten", ONE.plan), ("EpisodeEnded", ONE.plan)]
    assert await recall.letters() == []


@requirement("memory.episode")
@pytest.mark.parametrize("forgotten", [False, True])
async def test_what_comes_again_changes_nothing(recall: Recall, *, forgotten: bool) -> None:
    await recall.publish(set_up(1, shares=True), decided(), closed(), closed("PLAN-OLD"), between())
    await recall.hear()
    before = await recall.everything()

    for seed in range(3):
        await recall.again(random.Random(seed), forgotten=forgotten)

    assert await recall.everything() == before
    assert await recall.letters() == []


@requirement("memory.episode")
async def test_a_decision_and_its_end_that_are_handled_at_once_find_each_other(recall: Recall) -> None:
    for number in range(8):
        one = replace(ONE, plan=f"PLAN-{number}")
        await recall.publish(decided(one), closed(one.plan))
        await recall.send()
        consumers = [recall.consumer(worker) for worker in ("ana", "bo")]
        read = [await recall.stream.read("memory", each.name, 1, 0) for each in consumers]

        await asyncio.gather(*(each.handle(got) for each, got in zip(consumers, read, strict=True)))

        assert (await recall.episode(one.plan)).outcome == OUTCOME


async def test_the_end_of_a_sprint_whose_decision_was_never_told_stops_nothing(recall: Recall) -> None:
    await recall.publish(closed("PLAN-OLD"), closed(""), decided())
    await recall.hear()

    assert await recall.episode(ONE.plan) == ONE
    assert await recall.letters() == []


async def test_a_cancelled_sprint_ends_its_episode_without_an_outcome(recall: Recall) -> None:
    await recall.publish(cancelled(), decided())
    await recall.hear(at_once=1)

    one = await recall.episode(ONE.plan)
    assert (one.result, one.outcome, one.cancelled_at) == (Result.CANCELLED, None, MONDAY)


async def test_who_shares_is_what_the_newest_setting_says(recall: Recall) -> None:
    await recall.publish(set_up(3, shares=False), set_up(2, shares=True))
    await recall.hear(at_once=1)
    async with recall.memory.look() as work:
        assert await work.sharing.others("OTHER") == []

    await recall.publish(set_up(4, shares=True))
    await recall.hear()
    async with recall.memory.look() as work:
        assert (await work.sharing.others("OTHER"), await work.sharing.others(SHOP)) == ([SHOP], [])
