"""Which ceremonies are due, why the others are not, and what comes next: all from facts, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scrum.ceremonies.policy.model import Policy, Rule
from scrum.ceremonies.triggers.alarms import alarms, next_alarm
from scrum.ceremonies.triggers.course import Course, Firing, Move, Step
from scrum.ceremonies.triggers.facts import Facts
from scrum.ceremonies.triggers.foretelling import foretold
from scrum.ceremonies.triggers.going_on import waits_for
from scrum.ceremonies.triggers.missing import missing
from scrum.ceremonies.triggers.standing import MOST_COVERED, Circumstances, Standing

_MOST_ALARMS = 5_000


@dataclass(frozen=True)
class Decision:
    """`reason` says why the ceremony is due or is not; `firing` is None when it is not."""

    ceremony: str
    reason: str
    firing: Firing | None = None


@dataclass(frozen=True)
class Evaluation:
    """`steps` are firings and moves in their order; to be stored together with `standing`, or not at all.

    `sprint` says what the sprint itself waits for now.
    """

    decisions: tuple[Decision, ...]
    steps: tuple[Step, ...]
    standing: Standing
    sprint: str

    @property
    def firings(self) -> tuple[Firing, ...]:
        return tuple(step for step in self.steps if isinstance(step, Firing))

    @property
    def moves(self) -> tuple[Move, ...]:
        return tuple(step for step in self.steps if isinstance(step, Move))


@dataclass(frozen=True)
class Upcoming:
    """`at` is the real moment of the next firing if nothing else happens, None when that needs a fact.

    `reason` says which fact is missing, or why it is then.
    """

    ceremony: str
    reason: str
    at: datetime | None = None
    occurrence: str = ""


def evaluate(policy: Policy, facts: Facts, standing: Standing, now: datetime) -> Evaluation:
    """What is new since the standing. In one evaluation each ceremony is due at most once, for all that it missed."""
    around = Circumstances(policy, facts)
    course = Course(around, standing)
    course.through(now)
    steps = _together(course.steps)
    firings = {step.ceremony: step for step in steps if isinstance(step, Firing)}
    decisions = tuple(
        _decision(around, course.standing, rule, firings.get(rule.name)) for rule in policy.ceremonies
    )
    return Evaluation(decisions, steps, course.standing, waits_for(around, course.standing))


def _decision(around: Circumstances, standing: Standing, rule: Rule, firing: Firing | None) -> Decision:
    if firing:
        return Decision(rule.name, firing.reason, firing)
    return Decision(rule.name, missing(around, standing, rule))


def _together(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Of several firings of one ceremony the last stays, and covers the others."""
    kept: list[Step] = []
    for step in reversed(steps):
        place = next((n for n, one in enumerate(kept) if _same(one, step)), None)
        if place is None:
            kept.append(step)
        else:
            kept[place] = _covering(kept[place], step)
    return tuple(reversed(kept))


def _same(one: Step, other: Step) -> bool:
    return isinstance(one, Firing) and isinstance(other, Firing) and one.ceremony == other.ceremony


def _covering(later: Step, earlier: Step) -> Step:
    if not (isinstance(later, Firing) and isinstance(earlier, Firing)):
        return later
    number = earlier.held_for + later.held_for
    covers = (*earlier.covers, *later.covers)[-MOST_COVERED:]
    why = later.reason.split(_COVERS, maxsplit=1)[0]
    reason = f"{why}{_COVERS} {number} occurrences, found at once."
    return replace(later, covers=covers, uncovered=number - len(covers), reason=reason)


_COVERS = " It covers"


def next_tick(policy: Policy, facts: Facts, standing: Standing) -> datetime | None:
    """When time alone makes something due, None when only facts can. The standing has seen all facts."""
    alarm = next_alarm(Circumstances(policy, facts), standing)
    return alarm.at if alarm else None


def upcoming(policy: Policy, facts: Facts, standing: Standing, now: datetime) -> tuple[Upcoming, ...]:
    """For each ceremony when it is due next if nothing else happens: found by letting time pass."""
    around = Circumstances(policy, facts)
    course = Course(around, standing)
    course.through(now)
    seen = course.standing
    course.steps = list(_together(course.steps))
    _let_time_pass(course)
    first = {step.ceremony: step for step in reversed(course.steps) if isinstance(step, Firing)}
    return tuple(_upcoming(around, seen, rule, first.get(rule.name)) for rule in policy.ceremonies)


def _let_time_pass(course: Course) -> None:
    """Until every ceremony that time can bring about was due."""
    for _ in range(_MOST_ALARMS):
        fired = {step.ceremony for step in course.steps if isinstance(step, Firing)}
        coming = sorted(alarms(course.around, course.standing), key=lambda one: (one.at, one.kind))
        if all(alarm.rule and alarm.rule.name in fired for alarm in coming):
            return
        course.ring(coming[0], coming[0].at)


def _upcoming(around: Circumstances, standing: Standing, rule: Rule, firing: Firing | None) -> Upcoming:
    if firing is None:
        return Upcoming(rule.name, missing(around, standing, rule))
    is_due = standing.clock is not None and firing.at <= standing.clock
    reason = firing.reason if is_due else foretold(around, standing, rule, firing)
    return Upcoming(rule.name, reason, firing.at, firing.occurrence)
