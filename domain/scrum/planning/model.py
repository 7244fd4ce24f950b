"""A plan: the decision about the next sprint, with all that it rests on."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from scrum.errors import Conflict, NotFound, Refused
from scrum.forecasting.model import Evidence
from scrum.memory.model import Result
from scrum.sprint.risk import Level, Risk
from scrum.sprint.velocity import Source
from scrum.strategies.applying import Step
from scrum.team.capacity import Capacity
from scrum.text import quoted

COMPOSER = "composer"
"""Who words a reasoning without a language model."""


@dataclass(frozen=True)
class Chosen:
    key: str
    title: str
    points: int | None
    why: str
    assignee: str = ""


@dataclass(frozen=True)
class LeftOut:
    key: str
    title: str
    points: int | None
    why: str


@dataclass(frozen=True)
class Expected:
    """Completed points: the median, quantiles, and the probability of meeting the planned points."""

    n: int
    evidence: Evidence
    sources: tuple[Source, ...]
    p10: float
    p50: float
    p85: float
    p90: float
    p_commitment: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alternative:
    """Another confidence, and the points that it would aim at."""

    name: str
    confidence: float
    points: int


@dataclass(frozen=True)
class Similar:
    """An earlier decision in a situation like this one; `completed` points are None while nothing came of it.

    One that was taken elsewhere is told in words, and has no `commitment`.
    """

    plan: str
    project: str
    sprint: str
    at: datetime
    goal: str
    decision: str
    commitment: int | None
    completed: int | None
    result: Result
    why: tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """What the plan was made from, as plain values: by its hash drift is found, by its facts it is told."""

    digest: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """The next sprint, decided.

    `commitment` is what was aimed at, `points` what the selected items have, `base` the commitment without
    strategies, with everybody there. `steps` lead from one to the other, by the `figures` that were known. `confidence` is the probability of completing at least 90 % of `points`. `worded_by` is COMPOSER, or
    the model that the opening of the reasoning is from. `similar` is what memory found, `recalled` says where it was
    looked for, or why it could not be.
    """

    id: str
    project: str
    goal: str
    start: date
    end: date
    created_at: datetime
    expires_at: datetime
    created_by: str
    target_confidence: float
    capacity: Capacity
    expected: Expected
    base: int
    commitment: int
    points: int
    selected: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    left_out_count: int
    risks: tuple[Risk, ...]
    alternatives: tuple[Alternative, ...]
    confidence: float
    optimal: bool
    gap: float
    reasoning: str
    inputs: Inputs
    steps: tuple[Step, ...] = field(default=())
    unassigned: tuple[str, ...] = ()
    sprint: str = ""
    worded_by: str = COMPOSER
    figures: dict[str, float] = field(default_factory=dict[str, float])
    unlearned: str = ""
    """Why strategies that were learned are not in it."""
    similar: tuple[Similar, ...] = ()
    recalled: str = ""

    @property
    def risk_level(self) -> Level:
        levels = {risk.level for risk in self.risks}
        return next((level for level in (Level.HIGH, Level.MEDIUM) if level in levels), Level.LOW)

    @property
    def untold(self) -> bool:
        """An older version made it, which kept no figures, and may have committed it without telling memory."""
        return not self.figures

    def committed(self, sprint: str) -> Self:
        return replace(self, sprint=sprint)

    def check_fresh(self, now: datetime) -> None:
        """Raises AlreadyCommitted or PlanExpired."""
        if self.sprint:
            raise AlreadyCommitted(self.id, self.sprint)
        if now >= self.expires_at:
            raise PlanExpired(self.id, self.expires_at)

    def check_unchanged(self, differences: list[str]) -> None:
        """Raises PlanOutdated."""
        if differences:
            raise PlanOutdated(self.id, differences)


class UnknownPlan(NotFound):
    def __init__(self, given: str) -> None:
        super().__init__(f"There is no plan {quoted(given)}, or it expired. Call plan_sprint to make one.")


class AlreadyCommitted(Conflict):
    def __init__(self, plan: str, sprint: str) -> None:
        super().__init__(f"{plan} is {sprint} already. Call get_sprint with sprint='{sprint}' to see it.")


class PlanExpired(Conflict):
    def __init__(self, plan: str, when: datetime) -> None:
        super().__init__(f"{plan} expired {when:%Y-%m-%d %H:%M} UTC. Call plan_sprint again.")


class PlanOutdated(Conflict):
    """Something that the plan rests on changed; `differences` say what, one per line."""

    MOST_TOLD = 15

    def __init__(self, plan: str, differences: list[str]) -> None:
        told = differences[: self.MOST_TOLD]
        rest = len(differences) - len(told)
        more = [f"- and {rest} more"] if rest else []
        super().__init__(
            "\n".join(
                [
                    f"{plan} rests on facts that changed since:",
                    *(f"- {line}" for line in told),
                    *more,
                    "Call plan_sprint again.",
                ]
            )
        )


class Consent(StrEnum):
    """Who agreed to a plan: nobody yet, the calling agent (confirm=true), or a person who was asked."""

    NONE = "none"
    AGENT = "agent"
    PERSON = "person"


class OnlySuggested(Refused):
    def __init__(self, plan: str, project: str, proposal: str) -> None:
        super().__init__(
            f"{project} lets the server suggest only (autonomy is suggest): hand this proposal to a person, who "
            f"commits it with `scrum-mcp commit {plan}`, or changes autonomy with setup_project.\n\n{proposal}"
        )


class NeedsApproval(Refused):
    def __init__(self, plan: str, why: str) -> None:
        super().__init__(
            f"{plan} needs a person's approval: {why}. Show them the plan, and when they agree call commit_plan "
            "again with confirm=true."
        )
