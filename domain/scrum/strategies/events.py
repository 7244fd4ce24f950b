"""What happens to strategies."""

from dataclasses import dataclass

from scrum.events import By, Event
from scrum.memory.model import Arm
from scrum.strategies.model import Record, Status, Strategy, Trial


@dataclass(frozen=True, kw_only=True)
class StrategyProposed(Event):
    """A rule became a candidate: a new strategy, or another version of one."""

    rule_version: int
    """Which of its rules this is, from 1."""
    when: str
    """The condition, in CEL."""
    effect: str
    """What it does to a plan."""
    origin: str
    """Who or what proposed it."""


@dataclass(frozen=True, kw_only=True)
class StrategySupported(Event):
    """A failed sprint speaks for a strategy."""

    episode: str
    """The plan of that sprint."""
    why: str
    """What was found there."""


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(Event):
    """A sprint that a strategy was tried or watched in is over."""

    rule_version: int
    """Which of its rules was tried."""
    episode: str
    """The plan of the sprint; never twice for the same rule."""
    arm: str
    """applied, control (the coin left it out), or shadow (only watched)."""
    success: bool
    """Whether the sprint completed at least 90 % of its commitment."""
    better: bool | None
    """Whether its commitment was, or would have been, closer to the outcome; of a rule for items, whether a sprint that had
    what it leaves out fell short. Null where the sprint cannot tell."""


@dataclass(frozen=True, kw_only=True)
class StrategyActivated(Event):
    """From now on every plan follows it."""

    rule_version: int
    """Which of its rules."""
    better_than_none: float | None
    """The probability that made it so; null when somebody decided it."""


@dataclass(frozen=True, kw_only=True)
class StrategyRetired(Event):
    """No plan looks at it any more."""

    rule_version: int
    """Which of its rules."""
    better_than_none: float | None
    """The probability that made it so; null when somebody decided it, or its test could not tell."""


@dataclass(frozen=True)
class _Changed:
    """What an event is about."""

    strategy: Strategy

    @property
    def id(self) -> str:
        return self.strategy.key

    @property
    def project_key(self) -> str:
        return self.strategy.project

    @property
    def version(self) -> int:
        return self.strategy.changes


def proposed(strategy: Strategy, by: By) -> StrategyProposed:
    return StrategyProposed.of(
        by,
        _Changed(strategy),
        rule_version=strategy.version,
        when=strategy.when.text,
        effect=str(strategy.effect),
        origin=strategy.origin,
    )


def supported(strategy: Strategy, episode: str, why: str, by: By) -> StrategySupported:
    return StrategySupported.of(by, _Changed(strategy), episode=episode, why=why)


def added(strategy: Strategy, trial: Trial, by: By) -> EvidenceAdded:
    return EvidenceAdded.of(
        by,
        _Changed(strategy),
        rule_version=trial.version,
        episode=trial.episode,
        arm=Arm(trial.arm).value,
        success=trial.success,
        better=trial.better,
    )


def decided(record: Record, by: By) -> StrategyActivated | StrategyRetired:
    """By its trials."""
    better = record.better_than_none
    return _turned(record.strategy, None if better is None else round(better, 4), by)


def turned(strategy: Strategy, by: By) -> StrategyActivated | StrategyRetired:
    """By somebody."""
    return _turned(strategy, None, by)


def _turned(strategy: Strategy, chance: float | None, by: By) -> StrategyActivated | StrategyRetired:
    kind = StrategyActivated if strategy.status is Status.ACTIVE else StrategyRetired
    return kind.of(by, _Changed(strategy), rule_version=strategy.version, better_than_none=chance)
