"""How often the test of a buffer ends with the right verdict, for teams whose capacity is known.

    python bench/coin.py [tests of each kind, default 1000]

The forecast says 45 points at the middle, by its spread right; the team's middle is lower by a part of what the buffer
takes: nothing (the forecast is right), half (worthless: either commitment is as often the closer one), all of it, or more.
A team that stops completes no more than it took; one that goes on takes more, now and then or always.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from statistics import fmean

from scrum.events import By
from scrum.memory.model import Arm, Context, Decision, Episode, Features, Outcome, Tried
from scrum.sprint.model import Prediction
from scrum.strategies.applying import Given, arms, steps
from scrum.strategies.conditions import ALWAYS, Condition
from scrum.strategies.effects import Act, Effect
from scrum.strategies.learning import learned
from scrum.strategies.model import Record, Status, Strategy, Trial

BASE, SPREAD, REACH = 45, 8, 1.2816
LOWER = (0.0, 0.5, 1.0, 1.5, 2.0)
"""By which part of what the buffer takes the team's middle is below the forecast."""
BUFFERS = (0.1, 0.2)
GOES_ON = {"stops when done": 0.0, "goes on now and then": 0.5, "always goes on": 1.0}
MORE = (2, 5, 8)
"""Points that a team takes when all it took is done."""
NAME, TESTS = "velocity_buffer", 1000
AT = datetime(2000, 1, 1, tzinfo=UTC)
BY = By("bench", AT)
FORECAST = Prediction(BASE, BASE - REACH * SPREAD, BASE + REACH * SPREAD, 0.5)


@dataclass(frozen=True)
class Team:
    middle: float
    goes_on: float
    forecast: Prediction | None = FORECAST


@dataclass(frozen=True)
class Ended:
    status: Status
    sprints: int


def begun(share: float) -> Record:
    """A candidate that a failed sprint asked for, and a watched one speaks for."""
    rule = Strategy("COIN", NAME, Condition(ALWAYS), Effect(Act.BUFFER, share), support=("PLAN",))
    return Record(rule, (Trial(NAME, 1, "PLAN", "COIN-S0", AT, Arm.SHADOW, success=False, better=True),))


def completed(taken: int, team: Team, chance: Random) -> Outcome:
    """Points that are added are taken because all others were done."""
    capacity = max(0, round(chance.gauss(team.middle, SPREAD)))
    added = 0
    while taken + added <= capacity and chance.random() < team.goes_on:
        added += chance.choice(MORE)
    return Outcome(AT, taken, min(capacity, taken + added), added=added)


def sprint(record: Record, team: Team, number: str, chance: Random) -> Episode:
    given = Given(number, BASE, BASE, {})
    (step,) = steps(given, arms([record], given))
    taken = step.after if step.arm is Arm.APPLIED else step.before
    return Episode(
        plan=f"PLAN-{number}",
        project="COIN",
        sprint=number,
        at=AT,
        context=Context(features=Features()),
        decision=Decision(taken, BASE, taken),
        prediction=team.forecast,
        strategies=(Tried(NAME, 1, step.arm, step.before, step.after),),
        outcome=completed(taken, team, chance),
    )


def ended(share: float, team: Team, seed: int) -> Ended:
    """The test with the coin of the product."""
    record, chance = begun(share), Random(seed)
    while record.strategy.status is Status.CANDIDATE:
        played = sprint(record, team, f"{seed}-{record.tested}", chance)
        told = learned([record], played, [], by=BY)
        strategy = next(one for one in told.strategies if one.name == NAME)
        trials = (one for one in told.trials if one.strategy == NAME)
        record = Record(strategy, (*record.trials, *trials))
    return Ended(record.strategy.status, record.tested)


def line(share: float, team: Team, tests: int) -> str:
    every = [ended(share, team, seed) for seed in range(tests)]
    active = [one.sprints for one in every if one.status is Status.ACTIVE]
    retired = [one.sprints for one in every if one.status is Status.RETIRED]
    ends = (f"{len(some) / tests:9.3f}{fmean(some or [0]):8.1f}" for some in (active, retired))
    return "".join(ends)


def lines(tests: int) -> Iterator[str]:
    yield f"{'buffer  team':30}{'lower':>6}{'promoted':>9}{'sprints':>8}{'retired':>9}{'sprints':>8}   without the forecast"
    for share in BUFFERS:
        for name, goes_on in GOES_ON.items():
            for lower in LOWER:
                team = Team(BASE - lower * (BASE - int(BASE * (1 - share))), goes_on)
                alone = line(share, replace(team, forecast=None), tests)
                yield f"{share:<8}{name:22}{lower:6}{line(share, team, tests)}{alone}"


if __name__ == "__main__":
    for told in lines(int(sys.argv[1]) if len(sys.argv) > 1 else TESTS):
        print(told)
