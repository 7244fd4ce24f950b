"""A sprint as tools answer it: figures, prediction, burndown, risks and, when asked for, items or the ledger."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from scrum.sprint.burndown import Day, burndown
from scrum.sprint.chance import chance_to_finish
from scrum.sprint.ledger import Amount, Entry, Figures, Kind
from scrum.sprint.model import Sprint, State
from scrum.sprint.risk import Level, Progress, Risk, sprint_risks
from scrum.sprint.usecases import SprintAnswer
from scrum.text import counted, told
from scrum_tools.budget import fitting
from scrum_tools.item_view import ItemView, item_line, item_view
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
            f"{counted(self.remaining.points, 'point')} in {counted(self.remaining.items, 'item')}"
        )


class DayView(BaseModel):
    day: date
    working: bool
    ideal: float
    remaining: int | None = None
    scope: int | None = None


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
        before = "?" if self.before is None else self.before
        was = f" (was {before})" if self.kind is Kind.REESTIMATED else ""
        reason = f" {told(self.reason)}" if self.reason else ""
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.item} {points}{was} by {self.actor}{reason}"


class PredictionView(BaseModel):
    points: float
    low80: float
    high80: float
    p_commitment: float

    def line(self) -> str:
        return f"Predicted: {self.points:.0f} points, 80% between {self.low80:.0f} and {self.high80:.0f}."


class Detail(StrEnum):
    SUMMARY = "summary"
    ITEMS = "items"
    LEDGER = "ledger"


class RiskView(BaseModel):
    name: str
    level: Level
    evidence: str

    @classmethod
    def of(cls, risk: Risk) -> Self:
        return cls(name=risk.name, level=risk.level, evidence=risk.evidence)

    def line(self) -> str:
        return f"Risk ({self.level}): {self.name}, {self.evidence}."


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
    risks: list[RiskView]
    blocked: list[str]
    unestimated: list[str]
    dropped: list[str]
    carried_over: list[str]
    burndown: list[DayView]
    items: list[ItemView]
    ledger: list[EntryView]
    next: str
    spent: float | None = None
    passed_over: str = ""
    time_scale: float = 1
    project_time: datetime | None = None

    @classmethod
    def of(cls, it: SprintAnswer, now: datetime, detail: Detail = Detail.SUMMARY) -> Self:
        sprint = it.sprint
        progress = _progress(it, now)
        open_items = [item for item in it.items if item.is_open]
        items = [item_view(item) for item in it.items] if detail is Detail.ITEMS else []
        entries = [EntryView.of(entry) for entry in it.ledger.entries] if detail is Detail.LEDGER else []
        return cls(
            sprint=sprint.id,
            project=sprint.project,
            state=sprint.state,
            goal=sprint.goal,
            start=sprint.start,
            end=sprint.end,
            days_left=max(0, (sprint.end - progress.today).days + 1) if sprint.state.is_open else 0,
            plan_id=sprint.plan,
            committed_by=sprint.committed_by,
            figures=FiguresView.of(progress.figures),
            planned_points=sum(item.points or 0 for item in it.items),
            prediction=_prediction(sprint),
            chance_to_finish=None if progress.chance is None else round(progress.chance, 4),
            risks=_risks(progress),
            blocked=_some([item.key for item in open_items if item.block]),
            unestimated=_some([item.key for item in open_items if item.points is None]),
            dropped=_some(list(it.dropped)),
            carried_over=_some([e.item for e in it.ledger.entries if e.kind is Kind.CARRIED_OVER]),
            burndown=_burndown(progress.burndown),
            items=fitting(items, budget=_LISTS),
            ledger=fitting(entries[::-1], budget=_LISTS),
            next=_NEXT[sprint.state],
            spent=sprint.spent,
            time_scale=sprint.clock.scale,
            project_time=_shown(it, now),
        )

    def text(self) -> str:
        goal = f" Goal: {told(self.goal, 200)}." if self.goal else ""
        planned = self.state is State.PLANNED
        lines = [
            f"{self.sprint} is {self.state.words}, {self.start} to {self.end}, {counted(self.days_left, 'day')} left.{goal}",
            f"{counted(self.planned_points, 'point')} planned." if planned else f"{self.figures.line()}.",
            *self._told(),
            *map(item_line, self.items),
            *(entry.line() for entry in self.ledger),
            self.next,
        ]
        return "\n".join(lines)

    def _told(self) -> list[str]:
        chance = self.chance_to_finish
        lines = [
            self._clock(),
            self.prediction.line() if self.prediction else "",
            "" if chance is None else f"Chance to finish what remains: {chance:.0%}.",
            *(risk.line() for risk in self.risks),
            _named("Blocked", self.blocked),
            _named("Not estimated", self.unestimated),
            _named("Left out at the start, because closed", self.dropped),
            _named("Carried over", self.carried_over),
            "" if self.spent is None else f"Spent: {self.spent:.10g}.",
            self.passed_over,
        ]
        return [line for line in lines if line]

    def _clock(self) -> str:
        if self.project_time is None:
            return ""
        told = f"Time runs {self.time_scale:g} times faster for the project"
        return f"{told}, where it is {self.project_time:%Y-%m-%d %H:%M %Z}: days are its own."


_NEXT = {
    State.PLANNED: "Next: start_sprint.",
    State.ACTIVE: "Next: update_items reports progress, change_sprint changes the scope, close_sprint ends it.",
    State.IN_REVIEW: "Next: close_sprint.",
    State.RETROSPECTIVE: "Next: close_sprint.",
    State.COMPLETED: "Next: get_velocity, plan_sprint.",
    State.CANCELLED: "Next: plan_sprint.",
}


def _some(keys: list[str]) -> list[str]:
    rest = len(keys) - _MOST_NAMED
    return [*keys[:_MOST_NAMED], f"and {rest} more: detail='items' or list_items"] if rest > 0 else keys


def _named(what: str, keys: Sequence[str]) -> str:
    return f"{what}: {', '.join(keys)}." if keys else ""


def _shown(it: SprintAnswer, now: datetime) -> datetime | None:
    """What the project's clock shows while the sprint is open, where that is not the real time."""
    sprint = it.sprint
    if sprint.clock.scale == 1 or not sprint.state.is_open:
        return None
    return sprint.clock.shows(now).astimezone(ZoneInfo(it.project.timezone))


def _prediction(sprint: Sprint) -> PredictionView | None:
    foreseen = sprint.prediction
    if foreseen is None:
        return None
    return PredictionView(
        points=foreseen.points,
        low80=foreseen.low,
        high80=foreseen.high,
        p_commitment=foreseen.p_commitment,
    )


def _progress(it: SprintAnswer, now: datetime) -> Progress:
    sprint, calendar = it.sprint, it.sprint.days_of(it.project.calendar)
    figures = sprint.result or it.ledger.figures()
    active = sprint.state is State.ACTIVE
    return Progress(
        sprint=sprint,
        figures=figures,
        items=it.items,
        burndown=burndown(sprint, it.ledger, calendar, now) if sprint.started_at else (),
        chance=chance_to_finish(sprint, figures, calendar, now) if active else None,
        today=calendar.day_of(now),
        calendar=calendar,
    )


def _risks(progress: Progress) -> list[RiskView]:
    return [RiskView.of(risk) for risk in sprint_risks(progress)]


def _burndown(days: Sequence[Day]) -> list[DayView]:
    """Each day; of a sprint longer than two months every second or third and so on, up to the last one."""
    step = max(1, -(-len(days) // _MOST_DAYS))
    return [
        DayView(day=d.day, working=d.working, ideal=d.ideal, remaining=d.remaining, scope=d.scope)
        for d in days[(len(days) - 1) % step :: step]
    ]
