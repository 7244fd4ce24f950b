"""get_velocity."""

from typing import Annotated, Self

from pydantic import BaseModel, Field

from scrum.sprint import usecases
from scrum.sprint.velocity import Source, Unit, Velocity
from scrum.text import counted
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
    spread: Annotated[float | None, Field(description="Sample standard deviation; null under two values")]
    sources: list[Source]
    n_by_source: dict[Source, int]
    left_out: Annotated[int, Field(description="Completed sprints that lack what the unit needs")]
    values: list[ValueView]

    @classmethod
    def of(cls, project: str, window: int, velocity: Velocity) -> Self:
        values = [ValueView(sprint=n, value=_rounded(v), source=s) for n, v, s in velocity.values]
        return cls(
            project=project,
            unit=velocity.unit,
            window=window,
            n=velocity.n,
            mean=_known(velocity.mean),
            median=_known(velocity.median),
            spread=_known(velocity.spread),
            sources=list(velocity.n_by_source),
            n_by_source=velocity.n_by_source,
            left_out=velocity.left_out,
            values=fitting(values),
        )

    def text(self) -> str:
        unit = self.unit.replace("_", " ")
        if not self.n:
            return f"{self.project} has no {unit} yet.{self._left_out()} Next: close a sprint, or import its history."
        sources = " and ".join(f"{source} ({n})" for source, n in self.n_by_source.items())
        thin = " Evidence is thin." if self.n < 5 else ""  # noqa: PLR2004 - as for forecasts
        listed = ", ".join(value.line() for value in self.values)
        return (
            f"{self.project}: {_told(self.mean)} {unit} on average over {counted(self.n, 'sprint')} (window "
            f"{self.window}, median {_told(self.median)}, sample standard deviation {_told(self.spread)}, "
            f"source {sources}).{thin}{self._left_out()}\n{listed}"
        )

    def _left_out(self) -> str:
        sprints = counted(self.left_out, "sprint")
        return f" Left out: {sprints} without {_NEEDED[self.unit]}." if self.left_out else ""


_NEEDED = {
    Unit.POINTS_PER_SPRINT: "completed points",
    Unit.ITEMS_PER_SPRINT: "a count of completed items",
    Unit.POINTS_PER_WORKING_DAY: "known working days",
    Unit.POINTS_PER_PERSON_DAY: "known person-days",
    Unit.POINTS_PER_HOUR: "a known length",
    Unit.POINTS_PER_ITEM: "completed items",
    Unit.POINTS_PER_BUDGET: "what they spent, which close_sprint and import-history take",
}


def _rounded(value: float) -> float:
    """To digits, not to places: points per token are small."""
    return float(f"{value:.7g}")


def _known(value: float | None) -> float | None:
    return None if value is None else _rounded(value)


def _told(value: float | None) -> str:
    if value is None:
        return "unknown"
    return f"{value:.2f}" if value == 0 or value >= _SMALL else f"{value:.3g}"


_SMALL = 0.1


async def get_velocity(
    project: Project,
    run: Run,
    unit: Annotated[
        Unit,
        Field(description="Hours are of the wall clock, budget is what close_sprint was told as spent"),
    ] = Unit.POINTS_PER_SPRINT,
    window: Annotated[
        int, Field(ge=1, le=100, description="Last sprints that have what the unit needs"), NoBoolean
    ] = 10,
) -> VelocityView:
    """What past sprints completed, with source, sample size and spread. Next: plan_sprint."""
    velocity = await usecases.get_velocity(run.look, project, unit, window=window)
    return VelocityView.of(project, window, velocity)
