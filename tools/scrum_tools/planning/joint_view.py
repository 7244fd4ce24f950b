"""The chance of several projects together, as forecast answers it."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel

from scrum.forecasting.joint import Joint
from scrum.forecasting.model import Evidence
from scrum.forecasting.question import Answer
from scrum.text import choices, counted
from scrum_tools.budget import fitting


class ChanceView(BaseModel):
    """That one project completes its points by the day; `guessed` items among them have none of their own."""

    project: str
    chance: float
    n: int
    evidence: Evidence
    points: int
    guessed: int

    @classmethod
    def of(cls, answer: Answer) -> Self:
        return cls(
            project=answer.project,
            chance=round(answer.chance or 0.0, 4),
            n=answer.outlook.n if answer.outlook else 0,
            evidence=answer.outlook.evidence if answer.outlook else Evidence.NONE,
            points=answer.scope.points,
            guessed=answer.scope.guessed,
        )

    def line(self) -> str:
        guessed = f", {counted(self.guessed, 'item')} of them guessed" if self.guessed else ""
        return (
            f"{self.project} {self.chance:.0%} for {counted(self.points, 'point')}{guessed}, from "
            f"{counted(self.n, 'past sprint')}, evidence {self.evidence}"
        )


class JointView(BaseModel):
    """All projects by the day. `low` and `high` hold whatever they share; `independent` is None where it is people."""

    each: list[ChanceView]
    low: float
    high: float
    independent: float | None
    shared_people: list[str]
    assumed: str

    @classmethod
    def of(cls, answers: Iterable[Answer], joint: Joint) -> Self:
        return cls(
            each=[ChanceView.of(answer) for answer in answers],
            low=round(joint.low, 4),
            high=round(joint.high, 4),
            independent=None if joint.shared else round(joint.independent, 4),
            shared_people=fitting(joint.shared, budget=1_000),
            assumed=_assumed(joint),
        )

    def line(self) -> str:
        each = "; ".join(one.line() for one in self.each)
        return f"{each}. All of them: between {self.low:.0%} and {self.high:.0%}. {self.assumed}"


def _assumed(joint: Joint) -> str:
    if joint.shared:
        return (
            f"{choices(joint.shared)} work for more than one of them, so that they are not independent: no single "
            "figure is given, only these bounds."
        )
    return f"It would be {joint.independent:.0%} if nothing delayed several of them at once; that is assumed, not known."
