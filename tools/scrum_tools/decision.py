"""explain_decision: what was decided, from which evidence, by whom, and what came of it."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from scrum.errors import Invalid
from scrum.planning import usecases
from scrum.planning.model import GOOD_SHARE
from scrum.planning.usecases import Explanation
from scrum.sprint.model import State
from scrum_tools.arguments import AnyProject, Key
from scrum_tools.plan import PlanView
from scrum_tools.run import Injected, project_of
from scrum_tools.sprint_view import FiguresView
from scrum_tools.tool import View


class OneOfTwo(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "Give plan (like PLAN-ABC...) or sprint (like SHOP-S3, 'current' or 'next'), one of them."
        )


class DecisionView(View):
    plan: PlanView
    decided_by: str
    decided_at: datetime
    sprint: str
    state: State | None
    committed_by: str
    outcome: FiguresView | None
    error: float | None
    """Completed points minus the predicted median, once the sprint is over."""
    within_interval: bool | None
    success: bool | None

    @classmethod
    def of(cls, told: Explanation) -> Self:
        plan, answer = told.plan, told.outcome
        result = answer.sprint.result if answer and answer.sprint.state is State.COMPLETED else None
        figures = answer.ledger.figures() if answer else None
        done = result.completed.points if result else None
        completion = result.completion if result else None
        return cls(
            plan=PlanView.of(plan),
            decided_by=plan.created_by,
            decided_at=plan.created_at,
            sprint=plan.sprint,
            state=answer.sprint.state if answer else None,
            committed_by=answer.sprint.committed_by if answer else "",
            outcome=FiguresView.of(figures) if figures else None,
            error=None if done is None else round(done - plan.expected.p50, 2),
            within_interval=None if done is None else plan.expected.p10 <= done <= plan.expected.p90,
            success=None if completion is None else completion >= GOOD_SHARE,
        )

    def text(self) -> str:
        return f"{self.plan.text()}\nDecided by {self.decided_by} at {self.decided_at:%Y-%m-%d %H:%M} UTC.\n{self._outcome()}"

    def _outcome(self) -> str:
        if self.outcome is None:
            return "It was not committed, so there is no outcome."
        line = f"It became {self.sprint}, committed by {self.committed_by}, now {self.state}: {self.outcome.line()}."
        if self.state is State.CANCELLED:
            return f"{line} It was cancelled, so it tells nothing about the prediction."
        if self.error is None:
            return f"{line} Its outcome is unknown until it is closed."
        inside = "inside" if self.within_interval else "outside"
        verdict = {True: "a success", False: "a failure", None: "neither success nor failure"}[self.success]
        return (
            f"{line} That is {self.error:+.0f} points against the prediction, {inside} its 80% interval, and "
            f"{verdict} (a success completes {GOOD_SHARE:.0%} of the commitment)."
        )


async def explain_decision(
    run: Injected,
    plan: Key = "",
    sprint: Annotated[str, Field(description="Sprint id, 'current' or 'next'")] = "",
    project: AnyProject = "",
) -> DecisionView:
    """Why a sprint was planned as it was, and what came of it; give plan or sprint. Next: plan_sprint."""
    if bool(plan) == bool(sprint):
        raise OneOfTwo
    if plan:
        return DecisionView.of(await usecases.explain_plan(run.look, plan))
    where = await project_of(run, sprint, project)
    return DecisionView.of(await usecases.explain_sprint(run.look, where, sprint))
