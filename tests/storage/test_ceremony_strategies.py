"""Every strategy in the real store: due at its threshold, not below, and once; also after a restart, and for two at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from scrum.backlog.model import Change
from scrum.ceremonies.terms import Strategy
from scrum.ceremonies.usecases import emit_event, list_ceremonies
from scrum_storage.store import Store, open_store
from tests.builders import SHOP, by, change
from tests.requirements import requirement
from tests.storage.meetings import a_sprint_with, complete, daily, due, evaluate, moment

Step: TypeAlias = Callable[[Store], Awaitable[object]]


def completes(*numbers: int, days: float = 0.5) -> Step:
    return lambda core: complete(core, *numbers, days=days)


def blocks(number: int) -> Step:
    blocked = Change(f"{SHOP}-{number}", blocked=True, reason="No key")
    return lambda core: change(core, blocked, days=number / 10)


def emits(name: str, source: str = "", payload: dict[str, Any] | None = None, *, days: float = 0.5) -> Step:
    return lambda core: emit_event(core.start, SHOP, name, source, payload, by=by(days=days))


def spends(total: float, *, days: float) -> Step:
    return emits("budget_spent", payload={"spent": total}, days=days)


def is_later(days: float) -> Step:
    return lambda core: evaluate(core, days=days)


@dataclass(frozen=True)
class Case:
    """Its daily scrum is due `at` something, as `key`; not `below`, and not again `above`."""

    keys: dict[str, Any]
    below: Step
    at: Step
    above: Step
    key: str
    sprint: dict[str, Any] | None = None

    @property
    def policy(self) -> dict[str, Any]:
        policy = daily(**self.keys)
        return {**policy, "sprint": {**policy["sprint"], **(self.sprint or {})}}


CASES = {
    "task_driven": Case(
        {"strategy": "task_driven", "every_n_completions": 3},
        completes(1, 2),
        completes(3),
        completes(4, 5, days=0.6),
        "completions:3",
    ),
    "calendar": Case(
        {"strategy": "calendar", "frequency": "daily", "time_of_day": "09:00"},
        is_later(0.99),
        is_later(1),
        is_later(1.99),
        "slot:2026-03-03T09:00+00:00",
    ),
    "hybrid": Case(
        {"strategy": "hybrid", "also_trigger_every_n": 3},
        completes(1, 2),
        completes(3),
        is_later(1.5),
        "completions:3",
    ),
    "event_driven": Case(
        {"strategy": "event_driven", "on": "task_blocked", "debounce": 2},
        blocks(1),
        blocks(2),
        blocks(3),
        "events:2",
    ),
    "budget_driven": Case(
        {"strategy": "budget_driven", "budget_thresholds": [50]},
        spends(599.9, days=0.3),
        spends(600, days=0.4),
        spends(900, days=0.5),
        "budget:50",
        {"budget": 1_200},
    ),
    "throughput_adaptive": Case(
        {"strategy": "throughput_adaptive", "window": 2, "drop": 50},
        lambda core: rate(core, 0.1, 0.2, 0.3),
        completes(4, days=0.8),
        completes(5, days=0.9),
        "drop:1",
    ),
    "external_trigger": Case(
        {"strategy": "external_trigger", "sources": ["git:push"]},
        emits("push", "webhook"),
        emits("push", "git"),
        emits("tag", "git"),
        "signals:1",
    ),
    "milestone_driven": Case(
        {"strategy": "milestone_driven", "milestones": {"beta": {"items": [f"{SHOP}-1", f"{SHOP}-2"]}}},
        completes(1),
        completes(2),
        completes(3),
        "milestone:beta",
    ),
}
EVERY_STRATEGY = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def test_every_strategy_has_a_case() -> None:
    assert set(CASES) == set(Strategy)


async def rate(core: Store, *days: float) -> None:
    for number, day in enumerate(days, start=1):
        await complete(core, number, days=day)


@requirement("ceremonies.every-strategy")
@EVERY_STRATEGY
async def test_a_ceremony_is_due_at_its_threshold_and_not_below_and_once_above(
    core: Store, case: Case
) -> None:
    await a_sprint_with(core, case.policy)
    assert await due(core) == []

    await case.below(core)
    await evaluate(core)
    assert await due(core) == []

    await case.at(core)
    await evaluate(core)
    assert await due(core) == [f"daily_scrum {case.key}"]

    await case.above(core)
    await evaluate(core)
    assert await due(core) == [f"daily_scrum {case.key}"]


@requirement("ceremonies.once")
@EVERY_STRATEGY
async def test_after_a_restart_two_evaluators_at_once_make_it_due_once(
    database: str, core: Store, case: Case
) -> None:
    await a_sprint_with(core, case.policy)
    await case.below(core)
    await case.at(core)

    async with open_store(database) as one, open_store(database) as other:
        found = await asyncio.gather(*(evaluate(store) for store in (one, other, one, other)))
        found += await asyncio.gather(*(evaluate(store, days=0.99) for store in (one, other)))

    made = [occurrence.key for evaluated in found for occurrence in evaluated.occurrences]
    assert await due(core) == [f"daily_scrum {case.key}"]
    assert made in ([case.key], [])


@EVERY_STRATEGY
async def test_a_sprint_that_just_started_says_what_it_waits_for(core: Store, case: Case) -> None:
    await a_sprint_with(core, case.policy)

    outlook = await list_ceremonies(core.look, SHOP, now=moment(0))

    (said,) = [one for one in outlook.upcoming if one.ceremony == "daily_scrum"]
    assert said.reason
    assert (said.at is not None) == (said.occurrence != "")
    assert outlook.waits_for == "It waits for somebody to end it: auto_transition is off."
