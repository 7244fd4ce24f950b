"""get_velocity."""

from typing import Annotated, Self

from pydantic import BaseModel, Field

from scrum.sprint import usecases
from scrum.sprint.velocity import Source, Unit, Velocity
from scrum_tools.arguments import NoBoolean, Project
from scrum_tools.budget import fitting
from scrum_tools.run import Run
from scrum_tools.tool import View


class ValueView(BaseModel):
    sprint: str
    value: float
    source: Source

    def line(self) -> str:
        return f"{self.sprint} {self.value:g} ({self.source})"


class VelocityView(View):
    project: str
    unit: Unit
    window: int
    n: int
    mean: float | None
    median: float | None
    spread: float | None
    sources: list[Source]
    left_out: int
    values: list[ValueView]

    @classmethod
    def of(cls, project: str, window: int, velocity: Velocity) -> Self:
        values = [ValueView(sprint=n, value=round(v, 4), source=s) for n, v, s in velocity.values]
        return cls(
            project=project,
            unit=velocity.unit,
            window=window,
            n=velocity.n,
            mean=_rounded(velocity.mean),
            median=_rounded(velocity.median),
            spread=_rounded(velocity.spread),
            sources=sorted({value.source for value in values}),
            left_out=velocity.left_out,
            values=fitting(values),
        )

    def text(self) -> str:
        unit = self.unit.replace("_", " ")
        if not self.n:
            missing = (
                f" {self.left_out} completed sprints lack what this unit needs." if self.left_out else ""
            )
            return f"{self.project} has no {unit} yet.{missing} Next: close a sprint, or import its history."
        spread = "unknown" if self.spread is None else f"{self.spread:.2f}"
        thin = " Evidence is thin." if self.n < 5 else ""  # noqa: PLR2004 - as for forecasts
        listed = ", ".join(value.line() for value in self.values)
        return (
            f"{self.project}: {self.mean:.2f} {unit} on average over {self.n} sprints (median {self.median:.2f}, "
            f"standard deviation {spread}, source {' and '.join(self.sources)}).{thin}\n{listed}"
        )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


async def get_velocity(
    project: Project,
    run: Run,
    unit: Unit = Unit.POINTS_PER_SPRINT,
    window: Annotated[int, Field(ge=1, le=100, description="Last sprints to look at"), NoBoolean] = 10,
) -> VelocityView:
    """What past sprints completed, with source, sample size and spread. Next: plan_sprint."""
    velocity = await usecases.get_velocity(run.look, project, unit, window=window)
    return VelocityView.of(project, window, velocity)
