"""plan_sprint: decide the next sprint and explain."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from scrum.planning import usecases
from scrum.planning.model import COMPOSER, Plan
from scrum.planning.request import Allow, PlanRequest
from scrum.planning.what_if import what_if as what_if_planned
from scrum.sprint.ledger import GOOD_SHARE
from scrum.sprint.risk import Level
from scrum.text import counted
from scrum_tools.arguments import Day, Key, Number, Project, Whole
from scrum_tools.budget import fitting
from scrum_tools.planning.plan_parts import (
    AlternativeView,
    ChosenView,
    ForecastView,
    LeftOutView,
    SimilarView,
    StepView,
)
from scrum_tools.planning.what_if import ActualView, WhatIfEntry
from scrum_tools.project import CapacityView
from scrum_tools.run import Run
from scrum_tools.sprints.parts import RiskView
from scrum_tools.tool import View

_SELECTED, _LEFT_OUT = 18_000, 5_000
"""Bytes that each list may take."""
_UNASSIGNED = 50
_OPEN_SPRINT = "open sprint"
"""The risk of a plan that is made while a sprint is open."""


class PlanView(View):
    """`expires_at` and `plan_id` are of plans that can be committed."""

    plan_id: str
    project: str
    goal: str
    start: date
    end: date
    expires_at: datetime | None = None
    target_confidence: float
    commitment: int
    base_commitment: int
    points: int
    confidence: float
    risk_level: Level
    capacity: CapacityView
    forecast: ForecastView
    strategies: list[StepView]
    alternatives: list[AlternativeView]
    risks: list[RiskView]
    selected: list[ChosenView]
    selected_count: int
    left_out: list[LeftOutView]
    left_out_count: int
    unassigned: list[str]
    optimal: bool
    gap: float
    reasoning: str
    worded_by: str
    """`composer`, or the language model that the opening of the reasoning is from."""
    sprint: str
    similar: list[SimilarView]
    """Decisions in situations like this one; none of them changed the plan."""
    similar_note: str
    as_things_are: ActualView | None = None
    """Where the plan is only supposed: the one beside it."""

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls(
            plan_id=plan.id,
            project=plan.project,
            goal=plan.goal,
            start=plan.start,
            end=plan.end,
            expires_at=plan.expires_at if plan.id else None,
            target_confidence=plan.target_confidence,
            commitment=plan.commitment,
            base_commitment=plan.base,
            points=plan.points,
            confidence=plan.confidence,
            risk_level=plan.risk_level,
            capacity=CapacityView.of(plan.capacity),
            forecast=ForecastView.of(plan.expected),
            strategies=[StepView.of(step) for step in plan.steps],
            alternatives=[AlternativeView.of(other) for other in plan.alternatives],
            risks=[RiskView.of(risk) for risk in plan.risks],
            selected=fitting([ChosenView.of(item) for item in plan.selected], budget=_SELECTED),
            selected_count=len(plan.selected),
            left_out=fitting([LeftOutView.of(item) for item in plan.left_out], budget=_LEFT_OUT),
            left_out_count=plan.left_out_count,
            unassigned=list(plan.unassigned[:_UNASSIGNED]),
            optimal=plan.optimal,
            gap=plan.gap,
            reasoning=plan.reasoning,
            worded_by=plan.worded_by,
            sprint=plan.sprint,
            similar=[SimilarView.of(one) for one in plan.similar],
            similar_note=plan.recalled,
        )

    def text(self) -> str:
        lines = [
            self._head(),
            *([self.as_things_are.line()] if self.as_things_are else []),
            f"Risk {self.risk_level}; {self.confidence:.0%} to complete at least {GOOD_SHARE:.0%} of its points.",
            self.reasoning,
            *(
                []
                if self.worded_by == COMPOSER
                else [f"Its opening is worded by {self.worded_by}, from checked facts."]
            ),
            *(step.line() for step in self.strategies),
            *self._beside_the_reasoning(),
            *(one.line() for one in self.similar),
            *([self.similar_note] if self.similar_note else []),
            f"Selected ({counted(self.selected_count, 'item')}, {counted(self.points, 'point')}):",
            *(chosen.line() for chosen in self.selected),
            *_rest(self.selected_count - len(self.selected), "selected"),
            f"Left out ({self.left_out_count}):",
            *(left.line() for left in self.left_out),
            *_rest(self.left_out_count - len(self.left_out), "left out"),
            self._next(),
        ]
        return "\n".join(lines)

    def beside(self, actual: ActualView) -> Self:
        return self.model_copy(update={"as_things_are": actual})

    def _head(self) -> str:
        if not self.plan_id:
            return f"What if, for {self.project} from {self.start} to {self.end}; nothing was written."
        return f"{self.plan_id} for {self.project}, {self.start} to {self.end}."

    def _beside_the_reasoning(self) -> list[str]:
        low = ", ".join(risk.name for risk in self.risks if risk.level is Level.LOW)
        return [
            f"Alternatives: {', '.join(other.line() for other in self.alternatives)}.",
            *([f"Low risks: {low}."] if low else []),
        ]

    def _next(self) -> str:
        if self.sprint:
            return f"It is {self.sprint}."
        if not self.plan_id:
            return "Next: plan_sprint without what_if, to have a plan that can be committed."
        if any(risk.name == _OPEN_SPRINT for risk in self.risks):
            return "Next: close_sprint, then plan_sprint again: no plan is committed while a sprint is open."
        return f"Next: commit_plan with plan_id={self.plan_id!r}."


def _rest(count: int, what: str) -> list[str]:
    return [f"and {count} more {what}: list_items shows them"] if count > 0 else []


async def plan_sprint(
    project: Project,
    run: Run,
    goal: str = "",
    start: Annotated[Day, Field(description="Default: the next working day")] | None = None,
    days: Annotated[Whole, Field(description="Calendar days; default the project's")] | None = None,
    must_include: list[Key] | None = None,
    exclude: list[Key] | None = None,
    target_confidence: Annotated[
        Number,
        Field(
            description="Chance to complete the commitment: 0.8 cautious, 0.5, 0.3 ambitious",
            json_schema_extra={"minimum": 0.05, "maximum": 0.95},
        ),
    ]
    | None = None,
    allow: Annotated[list[Allow], Field(description="Take items that are otherwise left out")] | None = None,
    max_points: Annotated[Whole, Field(description="Largest item to take")] | None = None,
    what_if: Annotated[WhatIfEntry, Field(description="Plan as if this were so, without a plan_id")]
    | None = None,
) -> PlanView:
    """Decide the next sprint from velocity, capacity and backlog, and explain; commits nothing.

    Next: commit_plan with its plan_id.
    """
    request = PlanRequest(
        goal=goal,
        start=start,
        days=days,
        must_include=frozenset(must_include or ()),
        exclude=frozenset(exclude or ()),
        target_confidence=target_confidence,
        allow=frozenset(allow or ()),
        max_points=max_points,
    )
    if what_if is not None:
        aids = await run.aids()
        compared = await what_if_planned(run.core, project, request, what_if.supposed, by=run.by(), aids=aids)
        return PlanView.of(replace(compared.supposed, id="")).beside(ActualView.of(compared))
    plan = await usecases.plan_sprint(run.core, project, request, by=run.by(), aids=await run.aids())
    return PlanView.of(plan)
