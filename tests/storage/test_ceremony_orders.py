"""Calls and evaluations in any order, at once, killed or repeated: what is due is what one perfect evaluator finds."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from scrum.backlog.model import Change, Status
from scrum.ceremonies.gathering import gathered
from scrum.ceremonies.triggers.evaluation import evaluate
from scrum.ceremonies.triggers.standing import Standing
from scrum.ceremonies.usecases import emit_event, evaluate_sprint
from scrum.errors import Conflict, ScrumError
from scrum.events import By
from scrum.sprint.change import Action, SprintChange, change_sprint
from scrum.sprint.model import CarryOver
from scrum.sprint.progress import update_items
from scrum.sprint.usecases import close_sprint, start_sprint
from scrum.team.project import Cadence
from scrum_storage.store import Store, open_store
from tests.builders import MONDAY, SHOP, a_planned_sprint, some_items
from tests.requirements import requirement
from tests.storage.meetings import (
    S1,
    Killed,
    a_policy,
    dying,
    occurrences,
    open_schedule,
    recorded,
    schedule,
    the,
)

STEPS = 60
ITEMS, SPARE = 30, 5
POLICY: dict[str, Any] = {
    "sprint": {
        "strategy": "hybrid",
        "auto_start": True,
        "transition_threshold": 0.6,
        "budget": 100,
        "duration_days": 14,
    },
    "ceremonies": {
        "daily_scrum": {"also_trigger_every_n": 4},
        "backlog_refinement": {"strategy": "task_driven", "trigger": "sprint_midpoint"},
        "sprint_review": {"gate": True, "timeout_hours": 24},
        "by_events": {"on": ["task_blocked", "deployed"], "debounce": 3},
        "by_budget": {"strategy": "budget_driven", "budget_thresholds": [30, 60, 90]},
        "by_rate": {"strategy": "throughput_adaptive", "window": 3, "stall_after": 20},
        "by_signals": {"strategy": "external_trigger", "sources": ["git"]},
        "by_goals": {
            "strategy": "milestone_driven",
            "milestones": {
                "alpha": {"items": [f"{SHOP}-1", f"{SHOP}-2"]},
                "beta": {"items": [f"{SHOP}-{n}" for n in range(3, 9)]},
            },
        },
    },
}


class Chance:
    """Steps of a team, and evaluations between them; time only goes on."""

    def __init__(self, seed: int, stores: list[Store]) -> None:
        self.random = Random(seed)
        self.stores = stores
        self.now = MONDAY
        self.spent = 0.0

    async def play(self) -> None:
        for _ in range(STEPS):
            self.now += timedelta(hours=self.random.choice([0, 0, 0.001, 0.5, 2, 7, 20]))
            await self.random.choice(self._steps())()
            if not (await the(self._store)).state.is_open:
                return

    def _steps(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            self._work,
            self._work,
            self._work,
            self._outside,
            self._spend,
            self._look,
            self._lead,
            self._crowd,
            self._die,
        ]

    @property
    def _store(self) -> Store:
        return self.random.choice(self.stores)

    @property
    def _by(self) -> By:
        return By("ana", self.now)

    async def _work(self) -> None:
        wanted = self.random.sample(range(1, ITEMS + 1), self.random.randint(1, 4))
        status = self.random.choice([Status.DONE, Status.DONE, Status.DONE, Status.IN_PROGRESS])
        changes = [Change(f"{SHOP}-{n}", status=status) for n in wanted]
        await update_items(self._store.start, SHOP, changes, by=self._by)

    async def _lead(self) -> None:
        """Somebody takes the sprint on, or changes it; of what cannot be now nothing comes."""
        with suppress(ScrumError):
            await self.random.choice(
                [*[self._scope] * 6, *[self._extend] * 2, *[self._start] * 3, self._end]
            )()

    async def _scope(self) -> None:
        """Of the last ones in it and the spare ones."""
        number = self.random.randint(ITEMS - SPARE, ITEMS + SPARE)
        action = self.random.choice([Action.ADD, Action.REMOVE])
        await self._change(SprintChange(action, items=(f"{SHOP}-{number}",)))

    async def _extend(self) -> None:
        await self._change(SprintChange(Action.EXTEND, days=self.random.choice([-3, -1, 2])))

    async def _start(self) -> None:
        await start_sprint(self._store.start, SHOP, S1, by=self._by)

    async def _end(self) -> None:
        """Seldom: its policy does it too, and then little is left to be seen."""
        action = self.random.choice([Action.REVIEW, Action.RETROSPECTIVE, None])
        if action:
            await self._change(SprintChange(action))
        else:
            await close_sprint(self._store.start, SHOP, S1, CarryOver.BACKLOG, by=self._by)

    async def _change(self, change: SprintChange) -> None:
        await change_sprint(self._store.start, SHOP, S1, change, by=self._by)

    async def _outside(self) -> None:
        """Recorded, and evaluated inline."""
        name = self.random.choice(["deployed", "pushed", "time_passed"])
        with suppress(Conflict):
            await emit_event(self._store.start, SHOP, name, self.random.choice(["git", "ci"]), by=self._by)

    async def _spend(self) -> None:
        self.spent += self.random.randint(0, 12)
        await emit_event(self._store.start, SHOP, "budget_spent", payload={"spent": self.spent}, by=self._by)

    async def _look(self) -> None:
        await evaluate_sprint(self._store.start, S1, now=self.random.choice([self.now, None]))

    async def _crowd(self) -> None:
        """Several evaluate while somebody works."""
        evaluators = [evaluate_sprint(store.start, S1, now=self.now) for store in self.stores]
        await asyncio.gather(*evaluators, self._work(), return_exceptions=False)

    async def _die(self) -> None:
        with suppress(Killed):
            await evaluate_sprint(dying(self._store), S1, now=self.now)
        with suppress(Killed):
            await emit_event(dying(self._store), SHOP, "deployed", "git", by=self._by)


@requirement("ceremonies.once")
@pytest.mark.parametrize("seed", [0, 1, 4, 6, 7, 8, 35])
async def test_what_became_due_is_what_one_perfect_evaluator_finds(
    database: str, core: Store, seed: int
) -> None:
    await a_sprint_to_start(core)
    async with open_store(database) as other:
        chance = Chance(seed, [core, other])
        await chance.play()
    await evaluate_sprint(core.start, S1, now=chance.now)
    await evaluate_sprint(core.start, S1, now=chance.now)

    wanted = await perfect(core)
    found = await occurrences(core)
    covered = [(one.ceremony, key) for one in found for key in one.covers]

    assert sorted(covered) == sorted(wanted)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert len({(one.ceremony, one.key) for one in found}) == len(found) > 5
    heard = await recorded(core)
    assert [one.number for one in heard] == list(range(1, len(heard) + 1))
    assert [one.name for one in heard].count("sprint_started") == 1


async def a_sprint_to_start(core: Store) -> None:
    await a_planned_sprint(core, [1] * ITEMS)
    await some_items(core, [1] * SPARE)
    await a_policy(core, POLICY, Cadence.PRODUCT_TEAM)
    await open_schedule(core)


async def perfect(core: Store) -> list[tuple[str, str]]:
    """One evaluation of everything that was recorded, from nothing; the moves were recorded too."""
    kept = await schedule(core)
    assert kept.standing.clock
    async with core.look() as work:
        owner = await work.projects.get(SHOP)
        around = await gathered(work, owner, replace(kept, standing=Standing()))
    found = evaluate(around.policy, around.facts, Standing(), kept.standing.clock)
    return [(one.ceremony, key) for one in found.firings for key in one.covers]
