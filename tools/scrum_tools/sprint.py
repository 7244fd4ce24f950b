"""start_sprint, change_sprint, get_sprint and close_sprint."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, Field

from scrum.sprint import change, usecases
from scrum.sprint.burndown import burndown
from scrum.sprint.chance import chance_to_finish
from scrum.sprint.change import Action, SprintChange
from scrum.sprint.ledger import Amount, Entry, Figures, Kind
from scrum.sprint.model import CarryOver, Sprint, State
from scrum.sprint.usecases import SprintAnswer
from scrum.text import told
from scrum_tools import arguments
from scrum_tools.backlog import ItemView
from scrum_tools.budget import fitting
from scrum_tools.run import Injected, project_of
from scrum_tools.tool import View

_MOST_NAMED = 20
_MOST_DAYS = 62
_LISTS = 16_000


class AmountView(BaseModel):
    points: int
    items: int
    unestimated: int

    @classmethod
    def of(cls, amount: Amount) -> Self:
        return cls(points=amount.points, items=amount.items, unestimated=amount.unestimated)


class FiguresView(BaseModel):
    """committed + added - removed + reestimated = completed + remaining, in points."""

    committed: AmountView
    added: AmountView
    removed: AmountView
    reestimated: int
    completed: AmountView
    remaining: AmountView
    carried_over: AmountView
    completion: float | None

    @classmethod
    def of(cls, figures: Figures) -> Self:
        return cls(
            committed=AmountView.of(figures.committed),
            added=AmountView.of(figures.added),
            removed=AmountView.of(figures.removed),
            reestimated=figures.reestimated,
            completed=AmountView.of(figures.completed),
            remaining=AmountView.of(figures.remaining),
            carried_over=AmountView.of(figures.carried_over),
            completion=None if figures.completion is None else round(figures.completion, 4),
        )

    def line(self) -> str:
        share = "" if self.completion is None else f" ({self.completion:.0%} of the commitment)"
        return (
            f"committed {self.committed.points}, added {self.added.points}, removed {self.removed.points}, "
            f"re-estimated {self.reestimated:+d}, completed {self.completed.points}{share}, remaining "
            f"{self.remaining.points} points in {self.remaining.items} items"
        )


class DayView(BaseModel):
    day: date
    working: bool
    ideal: float
    remaining: int | None
    scope: int | None


class EntryView(BaseModel):
    at: datetime
    actor: str
    kind: Kind
    item: str
    points: int | None
    before: int | None
    reason: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(
            at=entry.at,
            actor=entry.actor,
            kind=entry.kind,
            item=entry.item,
            points=entry.points,
            before=entry.before,
            reason=entry.reason,
        )

    def line(self) -> str:
        points = "?" if self.points is None else self.points
        was = (
            ""
            if self.kind is not Kind.REESTIMATED
            else f" (was {'?' if self.before is None else self.before})"
        )
        reason = f" {told(self.reason)}" if self.reason else ""
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.item} {points}{was} by {self.actor}{reason}"


class PredictionView(BaseModel):
    points: float
    low80: float
    high80: float
    p_commitment: float


class Detail(StrEnum):
    SUMMARY = "summary"
    ITEMS = "items"
    LEDGER = "ledger"


class SprintView(View):
    sprint: str
    project: str
    state: State
    goal: str
    start: date
    end: date
    days_left: int
    plan_id: str
    committed_by: str
    figures: FiguresView
    planned_points: int
    prediction: PredictionView | None
    chance_to_finish: float | None
    blocked: list[str]
    unestimated: list[str]
    dropped: list[str]
    carried_over: list[str]
    burndown: list[DayView]
    items: list[ItemView]
    ledger: list[EntryView]
    next: str

    @classmethod
    def of(cls, it: SprintAnswer, now: datetime, detail: Detail = Detail.SUMMARY) -> Self:
        sprint, calendar = it.sprint, it.project.calendar
        figures = sprint.result or it.ledger.figures()
        open_items = [item for item in it.items if item.is_open]
        items = [ItemView.of(item) for item in it.items] if detail is Detail.ITEMS else []
        entries = [EntryView.of(entry) for entry in it.ledger.entries] if detail is Detail.LEDGER else []
        return cls(
            sprint=sprint.id,
            project=sprint.project,
            state=sprint.state,
            goal=sprint.goal,
            start=sprint.start,
            end=sprint.end,
            days_left=max(0, (sprint.end - calendar.day_of(now)).days + 1) if sprint.state.is_open else 0,
            plan_id=sprint.plan,
            committed_by=sprint.committed_by,
            figures=FiguresView.of(figures),
            planned_points=sum(item.points or 0 for item in it.items),
            prediction=_prediction(sprint),
            chance_to_finish=_chance(it, figures, now),
            blocked=[item.key for item in open_items if item.block][:_MOST_NAMED],
            unestimated=[item.key for item in open_items if item.points is None][:_MOST_NAMED],
            dropped=list(it.dropped)[:_MOST_NAMED],
            carried_over=[e.item for e in it.ledger.entries if e.kind is Kind.CARRIED_OVER][:_MOST_NAMED],
            burndown=_burndown(it, now),
            items=fitting(items, budget=_LISTS),
            ledger=fitting(entries[::-1], budget=_LISTS),
            next=_NEXT[sprint.state],
        )

    def text(self) -> str:
        goal = f" Goal: {told(self.goal, 200)}." if self.goal else ""
        lines = [
            f"{self.sprint} is {self.state}, {self.start} to {self.end}, {self.days_left} days left.{goal}",
            f"{self.planned_points} points planned."
            if self.state is State.PLANNED
            else f"{self.figures.line()}.",
            *self._told(),
            *(item.line() for item in self.items),
            *(entry.line() for entry in self.ledger),
            self.next,
        ]
        return "\n".join(lines)

    def _told(self) -> list[str]:
        chance, forecast = self.chance_to_finish, self.prediction
        told = [
            (
                ""
                if forecast is None
                else f"Predicted: {forecast.points:.0f} points, 80 % between {forecast.low80:.0f} and {forecast.high80:.0f}."
            ),
            ("" if chance is None else f"Chance to finish what remains: {chance:.0%}."),
            _named("Blocked", self.blocked),
            _named("Not estimated", self.unestimated),
            _named("Left out at the start, because closed", self.dropped),
            _named("Carried over", self.carried_over),
        ]
        return [line for line in told if line]


_NEXT = {
    State.PLANNED: "Next: start_sprint.",
    State.ACTIVE: "Next: update_items reports progress, change_sprint changes the scope, close_sprint ends it.",
    State.IN_REVIEW: "Next: close_sprint.",
    State.RETROSPECTIVE: "Next: close_sprint.",
    State.COMPLETED: "Next: get_velocity, plan_sprint.",
    State.CANCELLED: "Next: plan_sprint.",
}


def _named(what: str, keys: Sequence[str]) -> str:
    return f"{what}: {', '.join(keys)}." if keys else ""


def _prediction(sprint: Sprint) -> PredictionView | None:
    told = sprint.prediction
    if told is None:
        return None
    return PredictionView(
        points=told.points, low80=told.low, high80=told.high, p_commitment=told.p_commitment
    )


def _chance(it: SprintAnswer, figures: Figures, now: datetime) -> float | None:
    if it.sprint.state is not State.ACTIVE:
        return None
    chance = chance_to_finish(it.sprint, figures, it.project.calendar, now)
    return None if chance is None else round(chance, 4)


def _burndown(it: SprintAnswer, now: datetime) -> list[DayView]:
    """Each day; of a sprint longer than two months every second or third and so on, up to the last one."""
    if it.sprint.started_at is None:
        return []
    days = burndown(it.sprint, it.ledger, it.project.calendar, now)
    step = -(-len(days) // _MOST_DAYS)
    return [
        DayView(day=d.day, working=d.working, ideal=d.ideal, remaining=d.remaining, scope=d.scope)
        for d in days[(len(days) - 1) % step :: step]
    ]


async def start_sprint(
    sprint: arguments.Sprint, run: Injected, project: arguments.AnyProject = ""
) -> SprintView:
    """Freeze the commitment and start the sprint; use after commit_plan. Next: update_items, get_sprint."""
    where = await project_of(run, sprint, project)
    return SprintView.of(await usecases.start_sprint(run.core, where, sprint, by=run.by()), run.now)


async def change_sprint(
    sprint: arguments.Sprint,
    action: Action,
    run: Injected,
    items: Annotated[list[arguments.Key], Field(description="For add and remove")] | None = None,
    days: Annotated[arguments.Whole, Field(description="For extend; negative shortens")] = 0,
    goal: Annotated[str, Field(description="For goal")] = "",
    reason: arguments.Reason = "",
    project: arguments.AnyProject = "",
) -> SprintView:
    """Change an open sprint: add or remove items (scope change), extend, set the goal, move on, or cancel.

    Next: get_sprint.
    """
    where = await project_of(run, sprint, project)
    wanted = SprintChange(action, tuple(items or ()), days, goal)
    done = await change.change_sprint(run.core, where, sprint, wanted, by=run.by(reason))
    return SprintView.of(done, run.now)


async def get_sprint(
    run: Injected,
    project: arguments.AnyProject = "",
    sprint: arguments.Sprint = "current",
    detail: Detail = Detail.SUMMARY,
) -> SprintView:
    """State, ledger figures, burndown and chance to finish; detail adds the items or the ledger, newest first.

    Next: update_items, change_sprint or close_sprint.
    """
    where = await project_of(run, sprint, project)
    return SprintView.of(await usecases.get_sprint(run.look, where, sprint), run.now, detail)


async def close_sprint(
    sprint: arguments.Sprint,
    run: Injected,
    carry_over: Annotated[
        CarryOver,
        Field(description="Unfinished items go back to the backlog, or are promised to the next sprint"),
    ] = CarryOver.BACKLOG,
    reason: arguments.Reason = "",
    project: arguments.AnyProject = "",
) -> SprintView:
    """Freeze the result and carry unfinished items over. Next: explain_decision, plan_sprint."""
    where = await project_of(run, sprint, project)
    done = await usecases.close_sprint(run.core, where, sprint, carry_over, by=run.by(reason))
    return SprintView.of(done, run.now)
