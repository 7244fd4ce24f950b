"""Strategies and sprints, without a store."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from scrum.memory.model import Arm, Context, Decision, Episode, Features, Outcome, Tried
from scrum.strategies.applying import Given
from scrum.strategies.conditions import condition
from scrum.strategies.effects import effect
from scrum.strategies.learning import Learned, learned
from scrum.strategies.model import Record, Status, Strategy, Trial, built_in
from tests.builders import MONDAY, SHOP, by

START = tuple(map(Record, built_in(SHOP)))


def a_strategy(name: str = "buffer", does: str = "buffer 0.1", when: str = "true", **fields: Any) -> Strategy:
    return Strategy(SHOP, name, condition(when), effect(does), **fields)


def active(name: str, does: str, when: str = "true") -> Record:
    return Record(a_strategy(name, does, when, status=Status.ACTIVE))


def in_test(closer: int, farther: int = 0, *, name: str = "buffer") -> Record:
    """A candidate that was applied to so many sprints."""
    better = [True] * closer + [False] * farther
    trials = (a_trial(n, Arm.APPLIED, better=one, name=name) for n, one in enumerate(better, start=1))
    return Record(a_strategy(name, support=("PLAN-0",)), tuple(trials))


def a_trial(
    number: int, arm: Arm, *, better: bool | None = True, name: str = "buffer", success: bool = True
) -> Trial:
    at = MONDAY + timedelta(days=14 * number)
    return Trial(name, 1, f"PLAN-{number}", f"{SHOP}-S{number}", at, arm, success, better)


def given(base: int, present: int | None = None, *, sprint: int = 1, **figures: float) -> Given:
    return Given(f"{SHOP}-S{sprint}", base, base if present is None else present, figures)


def an_episode(
    committed: int, completed: int, number: int = 1, *, tried: Sequence[Tried] = (), **fields: Any
) -> Episode:
    at = MONDAY + timedelta(days=14 * number)
    known = {name: fields.pop(name) for name in ("added", "reestimated") if name in fields}
    features = Features(velocity=committed, availability=fields.pop("availability", 1.0))
    return Episode(
        plan=f"PLAN-{number}",
        project=SHOP,
        sprint=f"{SHOP}-S{number}",
        at=at,
        context=Context(features=features),
        decision=Decision(committed, committed, committed),
        strategies=tuple(tried),
        outcome=Outcome(at, committed, completed, **known),
        **fields,
    )


def after(*episodes: Episode, records: Sequence[Record] = START) -> tuple[Sequence[Record], Learned]:
    """The records once all was learned, in this order, and what the last one taught."""
    told, past = Learned(), list[Episode]()
    for one in episodes:
        told = learned(records, one, past, by=by())
        records, past = kept(records, told), [*past, one]
    return records, told


def kept(records: Sequence[Record], told: Learned) -> tuple[Record, ...]:
    """As a store keeps them."""
    strategies = {one.strategy.name: one.strategy for one in records} | {
        one.name: one for one in told.strategies
    }
    trials = [trial for one in records for trial in one.trials] + list(told.trials)
    return tuple(
        Record(one, tuple(t for t in trials if (t.strategy, t.version) == (one.name, one.version)))
        for _, one in sorted(strategies.items())
    )


def named(records: Sequence[Record], name: str) -> Record:
    return next(one for one in records if one.strategy.name == name)
