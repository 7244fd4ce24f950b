"""Strategies: rules that change a plan, and what their trials tell of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Self

from scrum.errors import Invalid, NotFound, Refused
from scrum.memory.model import Arm
from scrum.strategies.beta import Share
from scrum.strategies.conditions import ALWAYS, Condition
from scrum.strategies.effects import Act, Effect
from scrum.text import choices, nearest, quoted

PROMOTED, PROVEN, DROPPED = 0.9, 0.5, 0.2
"""Over which probability of being better than nothing a strategy is followed, and told to others; and under which no more."""
MOST_TRIALS = 10
"""Sprints that a candidate is tested in."""
BY, ELSEWHERE, SET_ELSEWHERE, BUILT_IN = "by ", "learned in ", "set by ", "built-in"
"""How the origin of a strategy begins that somebody set, or that is of another project; and what comes with the product."""
MOST_SUPPORT = 20
MOST_STRATEGIES = 40
NAME = 40


class Status(StrEnum):
    CANDIDATE = "candidate"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True)
class Strategy:
    """`version` counts its rules, `changes` all that ever changed about it.

    `origin` says where it is from, and `support` names the episodes that speak for its rule.
    """

    project: str
    name: str
    when: Condition
    effect: Effect
    status: Status = Status.CANDIDATE
    version: int = 1
    changes: int = 1
    origin: str = ""
    support: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.project}/{self.name}"

    @property
    def rule(self) -> str:
        return str(self.effect) if self.when.text == ALWAYS else f"{self.effect} when {self.when.text}"

    @property
    def built_in(self) -> bool:
        """It follows from what the forecast knows, and is never in question."""
        return self.effect.act is Act.AVAILABILITY

    @property
    def set_by_hand(self) -> bool:
        return self.origin.startswith(BY)

    @property
    def set_active(self) -> bool:
        """Somebody wants it followed, whatever its sprints say."""
        return self.status is Status.ACTIVE and self.set_by_hand

    @property
    def asked_for(self) -> bool:
        return bool(self.support) or self.origin.startswith((BY, ELSEWHERE, SET_ELSEWHERE))

    def touched(self) -> Self:
        """More is known of it."""
        return replace(self, changes=self.changes + 1)

    def supported(self, episode: str) -> Self:
        if episode in self.support:
            return self
        return replace(self, support=(*self.support, episode)[-MOST_SUPPORT:], changes=self.changes + 1)

    def ruled(self, when: Condition, effect: Effect, origin: str) -> Self:
        """Another rule is another version, and nothing is known of it yet."""
        if (when, effect) == (self.when, self.effect):
            return self
        return replace(
            self,
            when=when,
            effect=effect,
            origin=origin,
            status=Status.CANDIDATE,
            version=self.version + 1,
            changes=self.changes + 1,
            support=(),
        )

    def turned(self, status: Status) -> Self:
        return self if status is self.status else replace(self, status=status, changes=self.changes + 1)

    def judged(self, status: Status) -> Self:
        """What a test made active is no longer what somebody set."""
        turned = self.turned(status)
        if turned is self or status is not Status.ACTIVE or not self.set_by_hand:
            return turned
        return replace(turned, origin=f"proposed {self.origin}")

    def set_to(self, status: Status, origin: str) -> Self:
        """By somebody, who asks for it, also for the status that it has. Nothing that is learned undoes that."""
        if (self.status, self.origin) == (status, origin):
            return self
        return replace(self, status=status, origin=origin, changes=self.changes + 1)


@dataclass(frozen=True)
class Trial:
    """One version of a strategy at one episode; there is never another one of both.

    `better` says whether what it made of the commitment was closer to what was completed, or of a rule that was watched
    and chooses items, whether a sprint that had what it leaves out fell short. None where it was as close, where the
    sprint would have had the same work without it, and where all its work was finished and the smaller commitment only
    seems closer: `likely` is then the probability of `better`, by the forecast.
    """

    strategy: str
    version: int
    episode: str
    sprint: str
    at: datetime
    arm: Arm
    success: bool
    better: bool | None
    likely: float | None = None

    @property
    def closer(self) -> float | None:
        """The probability that it was closer; None where there is none."""
        return self.likely if self.better is None else float(self.better)


@dataclass(frozen=True)
class Record:
    """A strategy with the trials of its present version, oldest first."""

    strategy: Strategy
    trials: tuple[Trial, ...] = ()

    @property
    def applied(self) -> tuple[Trial, ...]:
        return self._in(Arm.APPLIED)

    @property
    def tested(self) -> int:
        """Sprints of the test: those that a coin gave to one of its arms."""
        return len(self._in(Arm.APPLIED, Arm.CONTROL))

    @cached_property
    def confidence(self) -> Share:
        """How often the sprints that followed it were successes."""
        return _successes(self.applied)

    @cached_property
    def closer(self) -> Share:
        """How often the commitment that it made was, or would have been, closer to the outcome; in its test."""
        return Share.of(one.closer for one in self._in(Arm.APPLIED, Arm.CONTROL))

    @cached_property
    def watched(self) -> Share:
        """The same where it was only watched."""
        return Share.of(one.closer for one in self._in(Arm.SHADOW))

    @property
    def better_than_none(self) -> float | None:
        """The probability, from its test. Where the commitment stays the same, successes with and without compare.

        None where there is nothing to compare.
        """
        if self.strategy.effect.moves_commitment:
            return self.closer.above_half if self.closer.n else None
        without = _successes(self._in(Arm.CONTROL))
        return self.confidence.above(without) if self.confidence.n and without.n else None

    @property
    def ready(self) -> bool:
        """Whether a candidate may be tested: a failed sprint or somebody has to ask for it, and what was watched speak for it."""
        strategy = self.strategy
        if strategy.status is not Status.CANDIDATE or not strategy.asked_for:
            return False
        return self.tested > 0 or self.watched.good > self.watched.bad

    @property
    def proven(self) -> bool:
        """Followed, and more likely than not better than none."""
        return self.strategy.status is Status.ACTIVE and (self.better_than_none or 0) > PROVEN

    @property
    def untouched(self) -> bool:
        """As every project begins with it, and nothing but watched."""
        strategy = self.strategy
        waits = strategy.status is Status.CANDIDATE and not self.tested
        return waits and strategy.origin == BUILT_IN and not strategy.support

    @property
    def speaking_for(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.strategy.support, *self._episodes(for_it=True))))

    @property
    def speaking_against(self) -> tuple[str, ...]:
        return self._episodes(for_it=False)

    @property
    def doubtful(self) -> bool:
        """Its test speaks against it."""
        better = self.better_than_none
        return better is not None and better < DROPPED

    def verdict(self) -> Status:
        """What its trials make of it."""
        strategy = self.strategy
        if strategy.built_in or strategy.set_active or strategy.status is Status.RETIRED or not self.tested:
            return strategy.status
        better = self.better_than_none
        if self.doubtful:
            return Status.RETIRED
        if strategy.status is Status.ACTIVE or (better is not None and better > PROMOTED):
            return Status.ACTIVE
        return Status.RETIRED if self.tested >= MOST_TRIALS else Status.CANDIDATE

    def _in(self, *arms: Arm) -> tuple[Trial, ...]:
        return tuple(trial for trial in self.trials if trial.arm in arms)

    def _episodes(self, *, for_it: bool) -> tuple[str, ...]:
        return tuple(one.episode for one in self.trials if _speaks(one) is for_it)


def _speaks(trial: Trial) -> bool | None:
    """For a strategy, against it, or neither."""
    if trial.better is not None:
        return trial.better
    return trial.success if trial.arm is Arm.APPLIED else None


def _successes(trials: Sequence[Trial]) -> Share:
    return Share.of(one.success for one in trials)


def built_in(project: str) -> tuple[Strategy, ...]:
    """What every project begins with: one that is followed, and two that are watched until sprints speak for them."""
    always = Condition(ALWAYS)
    return (
        Strategy(project, "reserve_unplanned", always, Effect(Act.RESERVE, 0.1), origin=BUILT_IN),
        Strategy(
            project,
            "scale_by_availability",
            Condition("availability < 1"),
            Effect(Act.AVAILABILITY),
            Status.ACTIVE,
            origin=BUILT_IN,
        ),
        Strategy(project, "velocity_buffer", always, Effect(Act.BUFFER, 0.1), origin=BUILT_IN),
    )


def under_test(records: Sequence[Record]) -> Record | None:
    """One candidate at a time, so that a sprint tells of it alone: the one whose test began, or has most for it."""
    ready = [record for record in records if record.ready]
    return min(ready, key=_turn, default=None)


def _turn(record: Record) -> tuple[int, int, float, str]:
    strategy, watched = record.strategy, record.watched
    return -record.tested, -len(strategy.support), watched.bad - watched.good, strategy.name


class UnknownStrategy(NotFound):
    def __init__(self, given: str, project: str, known: Sequence[str]) -> None:
        super().__init__(
            f"{project} has no strategy {quoted(given)}.{nearest(given, known)} Strategies: {choices(known)}. "
            "Give effect to propose a new one."
        )


class NeverInQuestion(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is what the forecast knows of absences, and stays as it is. "
            "Add a strategy of your own with set_strategy beside it."
        )


class TooManyStrategies(Invalid):
    def __init__(self, project: str) -> None:
        super().__init__(
            f"{project} has {MOST_STRATEGIES} strategies, and more are not kept. Give one that is retired another rule."
        )
