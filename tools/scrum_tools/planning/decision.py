"""explain_decision: what was decided, from which evidence, by whom, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from scrum.chronicle.model import Span
from scrum.chronicle.usecases import history, subject
from scrum.errors import Invalid, Unavailable
from scrum.memory.usecases import ELSEWHERE, is_remembered
from scrum.planning import usecases
from scrum.planning.model import Plan
from scrum.planning.situation import AWAY
from scrum.planning.usecases import Explanation
from scrum.sprint.ledger import GOOD_SHARE
from scrum.sprint.model import State
from scrum.strategies.usecases import taught
from scrum.text import counted, quoted
from scrum_tools.arguments import AnyProject, Key
from scrum_tools.planning.plan import PlanView
from scrum_tools.reports.history_view import HappeningView, history_view
from scrum_tools.run import Run, project_of
from scrum_tools.sprints.parts import FiguresView
from scrum_tools.tool import View

_HISTORY, _MOST_HAPPENINGS = 4_000, 30
"""Bytes and happenings that the history may take."""
_UNTOLD = "An older version committed it, and memory has no episode of it."


class OneOfTwo(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "Give plan (like PLAN-ABC...) or sprint (like SHOP-S3, 'current' or 'next'), one of them."
        )


class NotAPlan(Invalid):
    def __init__(self, episode: str) -> None:
        super().__init__(
            f"{quoted(episode)} was decided elsewhere, and is no plan: search_episodes tells all that is known of it. "
            "Give plan (like PLAN-ABC...) or sprint."
        )


@dataclass(frozen=True)
class Remembered:
    """What was done to a sprint, oldest first; None when that is unknown. `note` says why, or how complete it is."""

    history: list[HappeningView] | None
    note: str = ""


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
    learned: list[str]
    history: list[HappeningView] | None
    history_note: str

    @classmethod
    def of(cls, told: Explanation, learned: list[str], remembered: Remembered) -> Self:
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
            learned=learned,
            history=remembered.history,
            history_note=remembered.note,
        )

    def text(self) -> str:
        lines = [
            self.plan.text(),
            f"Decided by {self.decided_by} at {self.decided_at:%Y-%m-%d %H:%M} UTC.",
            self._outcome(),
            *([f"What was learned: {' '.join(self.learned)}"] if self.learned else []),
            *(["What was done to it:"] if self.history else []),
            *(one.line() for one in self.history or ()),
            *([self.history_note] if self.history_note else []),
        ]
        return "\n".join(lines)

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
            f"{line} That is {_missed(self.error)}, {inside} its 80% interval, and "
            f"{verdict} (a success completes {GOOD_SHARE:.0%} of the commitment)."
        )


def _missed(error: float) -> str:
    points = round(error)
    if not points:
        return "as predicted"
    return f"{'+' if points > 0 else '-'}{counted(abs(points), 'point')} against the prediction"


async def explain_decision(
    run: Run,
    plan: Key = "",
    sprint: Annotated[str, Field(description="Sprint id, 'current' or 'next'")] = "",
    project: AnyProject = "",
) -> DecisionView:
    """Why a sprint was planned as it was, and what came of it; give plan or sprint. Next: plan_sprint."""
    if bool(plan) == bool(sprint):
        raise OneOfTwo
    told = await _explained(run, plan, sprint, project)
    return DecisionView.of(told, await _learned(run, told), await _remembered(run, told.plan))


async def _explained(run: Run, plan: str, sprint: str, project: str) -> Explanation:
    if plan.upper().startswith(ELSEWHERE):
        raise NotAPlan(plan)
    if plan:
        return await usecases.explain_plan(run.look, plan)
    return await usecases.explain_sprint(run.look, await project_of(run, sprint, project), sprint)


async def _learned(run: Run, told: Explanation) -> list[str]:
    if told.outcome is None or told.outcome.sprint.state is not State.COMPLETED:
        return []
    try:
        memory = await run.runtime.memory()
        if told.plan.untold and not await is_remembered(memory, told.plan.id):
            return [_UNTOLD]
        return list(await taught(memory, told.plan.project, told.plan.id))
    except Unavailable:
        return [f"It is unknown now: {AWAY}"]


async def _remembered(run: Run, plan: Plan) -> Remembered:
    if not plan.sprint:
        return Remembered([])
    about = await subject(run.look, plan.project, plan.sprint)
    span = Span(about.project, about.sprint, itself=True, limit=_MOST_HAPPENINGS)
    try:
        told = await history(await run.runtime.chronicle(), span, about.published)
    except Unavailable as error:
        return Remembered(None, f"What was done to it is unknown now: {error}")
    shown = history_view(told.happenings, budget=_HISTORY)
    more = told.more or len(shown) < len(told.happenings)
    rest = [f"More: get_report with sprint={plan.sprint!r}."] if more else []
    return Remembered(shown, " ".join([*rest, told.completeness]))
