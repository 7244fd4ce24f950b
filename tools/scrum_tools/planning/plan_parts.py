"""The parts of a plan, as they are shown."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from scrum.forecasting.model import Evidence
from scrum.memory.model import Arm, Result
from scrum.planning.model import Alternative, Chosen, Expected, LeftOut, Similar
from scrum.sprint.velocity import Source
from scrum.strategies.applying import Step
from scrum.text import counted, named, told

_TITLE = 100


class ChosenView(BaseModel):
    item: str
    title: str
    points: int | None
    assignee: str
    why: str

    @classmethod
    def of(cls, item: Chosen) -> Self:
        return cls(
            item=item.key,
            title=item.title[:_TITLE],
            points=item.points,
            assignee=item.assignee,
            why=item.why,
        )

    def line(self) -> str:
        size = "? points" if self.points is None else counted(self.points, "point")
        return f"{self.item} {size} {told(self.title, 70)} {self.assignee or 'unassigned'}: {self.why}"


class LeftOutView(BaseModel):
    item: str
    title: str
    points: int | None
    why: str

    @classmethod
    def of(cls, item: LeftOut) -> Self:
        return cls(item=item.key, title=item.title[:_TITLE], points=item.points, why=item.why)

    def line(self) -> str:
        return f"{self.item} {told(self.title, 50)}: {self.why}"


class ForecastView(BaseModel):
    """Completed points: quantiles, and the probability of the planned points."""

    p10: float
    p50: float
    p85: float
    p90: float
    p_commitment: float
    n: int
    evidence: Evidence
    sources: list[Source]
    notes: list[str]

    @classmethod
    def of(cls, expected: Expected) -> Self:
        return cls(
            p10=expected.p10,
            p50=expected.p50,
            p85=expected.p85,
            p90=expected.p90,
            p_commitment=expected.p_commitment,
            n=expected.n,
            evidence=expected.evidence,
            sources=list(expected.sources),
            notes=list(expected.notes),
        )


class AlternativeView(BaseModel):
    name: str
    confidence: float
    points: int

    @classmethod
    def of(cls, other: Alternative) -> Self:
        return cls(name=other.name, confidence=other.confidence, points=other.points)

    def line(self) -> str:
        return f"{self.name} {counted(self.points, 'point')} at {self.confidence:.0%}"


class StepView(BaseModel):
    """What a strategy made of the points, or would have made; `otherwise` is the commitment, the other way round."""

    strategy: str
    version: int
    arm: Arm
    before: int
    after: int
    otherwise: int | None
    why: str

    @classmethod
    def of(cls, step: Step) -> Self:
        return cls(
            strategy=step.name,
            version=step.version,
            arm=step.arm,
            before=step.before,
            after=step.after,
            otherwise=step.otherwise,
            why=step.why,
        )

    def line(self) -> str:
        return f"Strategy {named(self.strategy)} v{self.version}: {self.why}; {self._points()}."

    def _points(self) -> str:
        if self.after == self.before:
            return f"{counted(self.before, 'point')} either way"
        made = "makes" if self.arm is Arm.APPLIED else "would make"
        other = (
            ""
            if self.otherwise is None
            else f", the commitment would be {self.otherwise} the other way round"
        )
        return f"{made} {self.before} into {self.after}{other}"


class SimilarView(BaseModel):
    """A decision in a situation like this one, what came of it, and why it is similar."""

    episode: str
    project: str
    sprint: str
    decided_at: datetime
    goal: str
    decision: str
    commitment: int | None
    completed: int | None
    result: Result
    why: list[str]

    @classmethod
    def of(cls, similar: Similar) -> Self:
        return cls(
            episode=similar.plan,
            project=similar.project,
            sprint=similar.sprint,
            decided_at=similar.at,
            goal=similar.goal[:_TITLE],
            decision=similar.decision[:_TITLE],
            commitment=similar.commitment,
            completed=similar.completed,
            result=similar.result,
            why=list(similar.why),
        )

    def line(self) -> str:
        aimed = (
            told(self.decision, 80)
            if self.commitment is None
            else f"aimed at {counted(self.commitment, 'point')}"
        )
        completed = "" if self.completed is None else f", completed {self.completed}"
        about = f" {told(self.goal, 60)}" if self.goal else ""
        why = f" ({'; '.join(self.why)})" if self.why else ", though nothing of it is near"
        return f"Similar: {self.sprint or self.episode}{about} {aimed}{completed}, {self.result}{why}."
