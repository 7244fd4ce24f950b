"""A sprint as tools answer it: figures, prediction, burndown, risks and, when asked for, items or the ledger."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from scrum.sprint.burndown import burndown
from scrum.sprint.chance import chance_to_finish
from scrum.sprint.ledger import Kind
from scrum.sprint.model import State
from scrum.sprint.risk import Progress, sprint_risks
from scrum.sprint.usecases import SprintAnswer
from scrum.text import counted, told
from scrum_tools.budget import fitting
from scrum_tools.item_view import ItemView, item_line, item_view
from scrum_tools.sprints.parts import DayView, EntryView, FiguresView, PredictionView, RiskView, day_views
from scrum_tools.tool import View

_MOST_NAMED = 20
_LISTS = 16_000


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
            prediction=PredictionView.of(sprint.prediction) if sprint.prediction else None,
            chance_to_finish=None if progress.chance is None else round(progress.chance, 4),
            risks=[RiskView.of(risk) for risk in sprint_risks(progress)],
            blocked=_some([item.key for item in open_items if item.block]),
            unestimated=_some([item.key for item in open_items if item.points is None]),
            dropped=_some(list(it.dropped)),
            carried_over=_some([e.item for e in it.ledger.entries if e.kind is Kind.CARRIED_OVER]),
            burndown=day_views(progress.burndown),
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
