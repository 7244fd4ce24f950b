"""Episodes: a decision about a sprint, the situation that it was made in, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from scrum.errors import NotFound, WrongState
from scrum.sprint.ledger import GOOD_SHARE
from scrum.sprint.model import Prediction
from scrum.text import quoted


@dataclass(frozen=True)
class Features:
    """What a situation has in numbers; what is not known is None.

    `velocity`, `carry_over` and `scope` are points, `days_away` working days, and `availability` is a share.
    """

    team_size: float | None = None
    velocity: float | None = None
    availability: float | None = None
    days_away: float | None = None
    carry_over: float | None = None
    scope: float | None = None

    def known(self) -> dict[str, float]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: float(value) for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class Context:
    """The situation of a decision: the goal in one line, what the work is about, and the numbers."""

    goal: str = ""
    text: str = ""
    focus: tuple[str, ...] = ()
    features: Features = Features()

    @property
    def searched(self) -> str:
        """What is compared by its words; the goal counts twice."""
        return "\n".join((self.goal, self.goal, *self.focus, self.text))

    @property
    def wording(self) -> str:
        """All of it in words, for models that read."""
        numbers = [f"{name.replace('_', ' ')} {value:.10g}" for name, value in self.features.known().items()]
        parts = (self.goal, ", ".join(self.focus), self.text, ", ".join(numbers))
        return "\n".join(filter(None, parts))


@dataclass(frozen=True)
class Decision:
    """`commitment` is what the plan aimed at, `base` the same without strategies; `points` is what was selected."""

    commitment: int
    base: int
    points: int
    items: tuple[str, ...] = ()


class Arm(StrEnum):
    """What a decision did with a strategy: followed it, left it out by the coin, or only watched it."""

    APPLIED = "applied"
    CONTROL = "control"
    SHADOW = "shadow"


@dataclass(frozen=True)
class Tried:
    """A strategy at a decision: the points that it was given, and what it made of them or would have made."""

    strategy: str
    version: int
    arm: Arm
    before: int
    after: int


class Result(StrEnum):
    OPEN = "open"
    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"
    TOLD = "told"
    """Somebody said what came of it, in words that judge nothing."""


@dataclass(frozen=True)
class Outcome:
    """Points that the ledger counted at the close; `reestimated` is what new estimates changed."""

    closed_at: datetime
    committed: int
    completed: int
    added: int = 0
    removed: int = 0
    reestimated: int = 0

    @property
    def result(self) -> Result:
        good = self.completed >= GOOD_SHARE * self.committed
        return Result.SUCCESS if good else Result.FAILURE


@dataclass(frozen=True)
class Ending:
    """How a sprint ended: with an outcome, or cancelled and thus without one."""

    at: datetime
    outcome: Outcome | None


@dataclass(frozen=True)
class Told:
    """A decision that was taken elsewhere and what came of it, in somebody's words; '' where that is not known."""

    decision: str
    outcome: str = ""
    result: Result = Result.OPEN


@dataclass(frozen=True)
class Episode:
    """One per committed plan, so it has the plan's id. `lessons` are learned at the close.

    A decision that was `told` has an id of its own, and points where somebody knew them: else none, and no outcome.
    """

    plan: str
    project: str
    sprint: str
    at: datetime
    context: Context
    decision: Decision
    prediction: Prediction | None = None
    strategies: tuple[Tried, ...] = ()
    outcome: Outcome | None = None
    lessons: tuple[str, ...] = ()
    cancelled_at: datetime | None = None
    told: Told | None = None
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    """What was known of the plan in numbers, by the names that the conditions of strategies use, and some more."""

    @property
    def id(self) -> str:
        return self.plan

    @property
    def project_key(self) -> str:
        return self.project

    @property
    def result(self) -> Result:
        if self.cancelled_at:
            return Result.CANCELLED
        if self.outcome:
            return self.outcome.result
        return self.told.result if self.told else Result.OPEN

    @property
    def version(self) -> int:
        """2 once its result is known, 3 where what was told of it is judged."""
        if self.result is Result.OPEN:
            return 1
        return 3 if self.told and self.result is not Result.TOLD else 2

    @property
    def error(self) -> float | None:
        """Points completed beyond what was expected; None while either is unknown."""
        if self.outcome is None or self.prediction is None:
            return None
        return self.outcome.completed - self.prediction.points

    @property
    def searched(self) -> str:
        """What it is found by where words are compared."""
        told = (self.told.decision, self.told.outcome) if self.told else ()
        return "\n".join((self.context.searched, *told, *self.lessons))

    def ended(self, ending: Ending) -> Self:
        """Raises AlreadyCompleted: another outcome is known. The same one again changes nothing."""
        if ending.outcome:
            return self.completed(ending.outcome, self.lessons)
        return replace(self, cancelled_at=ending.at)

    def completed(self, outcome: Outcome, lessons: tuple[str, ...] = ()) -> Self:
        """Raises AlreadyCompleted: another outcome is known. The same one again changes nothing."""
        if self.outcome not in (None, outcome):
            raise AlreadyCompleted(self.plan)
        return replace(self, outcome=outcome, lessons=lessons)

    def judged(self, outcome: str, result: Result) -> Self:
        """With what somebody says came of it; TOLD judges nothing, and leaves a judgement as it is.

        Raises:
            AlreadyTold: it is another outcome. AlreadyJudged: it is another judgement.
        """
        known = self.told or Told("")
        if known.outcome not in ("", outcome):
            raise AlreadyTold(self.plan)
        if known.result in (Result.OPEN, Result.TOLD):
            return replace(self, told=Told(known.decision, outcome, result))
        if result not in (Result.TOLD, known.result):
            raise AlreadyJudged(self.plan, known.result)
        return self


class UnknownEpisode(NotFound):
    def __init__(self, plan: str) -> None:
        super().__init__(
            f"No episode is known of {quoted(plan)}. Episodes are written when plans are committed."
        )


class AlreadyCompleted(WrongState):
    def __init__(self, plan: str) -> None:
        super().__init__(
            f"The episode of {plan} has another outcome already, and outcomes are never changed."
        )


class AlreadyTold(WrongState):
    def __init__(self, episode: str) -> None:
        super().__init__(
            f"The episode of {episode} has another outcome already, and outcomes are never changed. "
            "Give date to record another decision in the same words."
        )


class AlreadyJudged(WrongState):
    def __init__(self, plan: str, result: Result) -> None:
        super().__init__(f"{plan} is a {result} already, and results are never changed.")
