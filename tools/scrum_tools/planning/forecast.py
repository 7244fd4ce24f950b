"""forecast: when will it be done, or how much by a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field

from scrum.errors import Invalid
from scrum.forecasting import usecases
from scrum.forecasting.coming import HORIZON, Coming
from scrum.forecasting.model import Evidence
from scrum.forecasting.question import MOST_POINTS, Answer, Question, Scope
from scrum.forecasting.several import Outlook
from scrum.forecasting.usecases import Together
from scrum.sprint.velocity import Source
from scrum.text import counted
from scrum_tools.arguments import Day, Key, NoBoolean, Project
from scrum_tools.budget import fitting
from scrum_tools.planning.joint_view import JointView
from scrum_tools.run import Run
from scrum_tools.tool import View

LEVELS = (0.5, 0.8, 0.9)
_BEYOND = f"beyond the {HORIZON} sprints looked ahead"
_SPRINTS = 9_000
"""Bytes that their list may take."""


class NoItems(Invalid):
    def __init__(self) -> None:
        super().__init__("items is empty. Name some, or leave it out for the whole open backlog.")


class ScopeView(BaseModel):
    points: int
    items: int
    needed: int
    guessed: int
    usual: int

    @classmethod
    def of(cls, scope: Scope) -> Self:
        return cls(
            points=scope.points,
            items=scope.items,
            needed=scope.needed,
            guessed=scope.guessed,
            usual=scope.usual,
        )

    def line(self) -> str:
        items = f" in {counted(self.items, 'item')}" if self.items else ""
        needed = f", {self.needed} of them because others need them" if self.needed else ""
        guessed = f", {self.guessed} without points counted as {self.usual} each" if self.guessed else ""
        return f"{counted(self.points, 'point')}{items}{needed}{guessed}"


class ComingView(BaseModel):
    """Quantiles of the points completed from now to the end of this sprint."""

    sprint: str
    start: date
    end: date
    working_days: int
    hours: float
    availability: float
    share: float
    p10: float
    p50: float
    p90: float

    @classmethod
    def of(cls, coming: Coming, outlook: Outlook, after: int) -> Self:
        capacity = coming.capacity
        return cls(
            sprint=coming.sprint,
            start=capacity.start,
            end=capacity.end,
            working_days=capacity.working_days,
            hours=round(capacity.hours, 2),
            availability=round(capacity.availability, 4),
            share=round(coming.share, 4),
            p10=round(outlook.quantile(0.1, after=after), 1),
            p50=round(outlook.quantile(0.5, after=after), 1),
            p90=round(outlook.quantile(0.9, after=after), 1),
        )

    def line(self) -> str:
        part = "" if self.share == 1 else f", {self.share:.0%} of it counts"
        return (
            f"{self.sprint}, {self.start} to {self.end}: {counted(self.working_days, 'working day')}, {self.hours:g} h, "
            f"availability {self.availability:.2f}{part}; in all {self.p50:.0f} points by its end as likely as not, "
            f"80% between {self.p10:.0f} and {self.p90:.0f}"
        )


class PointsView(BaseModel):
    """How much is complete by the day: an interval of this probability."""

    probability: float
    low: float
    high: float

    def where(self) -> str:
        return f"between {self.low:.0f} and {self.high:.0f}"


class DoneView(BaseModel):
    """The last day of the sprint that completes the scope; empty: later than was looked ahead."""

    probability: float
    low: str
    high: str

    def where(self) -> str:
        if not self.low:
            return _BEYOND
        return f"between {self.low} and {self.high}" if self.high else f"from {self.low} to {_BEYOND}"


class ForecastView(View):
    project: str
    scope: ScopeView
    by_date: str
    confidence: float
    done_by: str
    done_in: str
    done: list[DoneView]
    chance: float | None
    points: float | None
    points_by_date: list[PointsView]
    together: JointView | None
    sprints: list[ComingView]
    sprints_count: int
    n: int
    evidence: Evidence
    sources: list[Source]
    notes: list[str]

    @classmethod
    def of(cls, answer: Answer, together: Together | None = None) -> Self:
        asked, outlook = answer.question, answer.outlook
        by_date = asked.by_date
        done, sprints = answer.done(asked.confidence), _sprints(answer)
        return cls(
            project=answer.project,
            scope=ScopeView.of(answer.scope),
            by_date=str(by_date or ""),
            confidence=asked.confidence,
            done_by="" if by_date else _end(done),
            done_in="" if by_date or done is None else done.sprint,
            done=[] if by_date else [_done(answer, level) for level in LEVELS],
            chance=None if answer.chance is None else round(answer.chance, 4),
            points=round(answer.points(asked.confidence), 1) if by_date else None,
            points_by_date=[_points(answer, level) for level in LEVELS] if by_date else [],
            together=JointView.of(together.answers, together.joint) if together else None,
            sprints=fitting(sprints, budget=_SPRINTS),
            sprints_count=len(sprints),
            n=outlook.n if outlook else 0,
            evidence=outlook.evidence if outlook else Evidence.NONE,
            sources=list(outlook.sources) if outlook else [],
            notes=[*(outlook.notes if outlook else ()), *_notes(answer)],
        )

    def text(self) -> str:
        told = self._told()
        lines = [
            self._by_date() if self.by_date else self._done(),
            self.together.line() if self.together else "",
            f"From {counted(self.n, 'past sprint')}{_from(self.sources)}; evidence is {self.evidence}.",
            *self.notes,
            *(sprint.line() for sprint in told),
            _rest(self.sprints_count - len(told)),
            "Next: plan_sprint.",
        ]
        return "\n".join(line for line in lines if line)

    def _by_date(self) -> str:
        scope = (
            "" if self.chance is None else f" By then {self.scope.line()}: {self.chance:.0%} to be complete."
        )
        return (
            f"With {self.confidence:.0%} confidence {self.project} completes at least {self.points or 0:.0f} points by "
            f"{self.by_date}. {_outcomes(self.points_by_date)}{scope}"
        )

    def _done(self) -> str:
        when = f"by {self.done_by} (end of {self.done_in})" if self.done_by else _BEYOND
        return (
            f"{self.project} has {self.scope.line()} to complete. With {self.confidence:.0%} confidence it is done "
            f"{when}. {_outcomes(self.done)}"
        )

    def _told(self) -> list[ComingView]:
        """Up to the last that is named in the answer."""
        if self.by_date:
            return self.sprints
        last = max([self.done_by, *(day for one in self.done for day in (one.low, one.high))])
        return [sprint for sprint in self.sprints if str(sprint.end) <= last]


def _rest(more: int) -> str:
    return f"and {counted(more, 'more sprint')}" if more else ""


def _sprints(answer: Answer) -> list[ComingView]:
    """Up to the one by which the scope is complete with 90 %."""
    outlook = answer.outlook
    if outlook is None:
        return []
    needed = None if answer.question.by_date else outlook.sprints_until(answer.scope.points, LEVELS[-1])
    shown = answer.coming[:needed]
    return [ComingView.of(one, outlook, after) for after, one in enumerate(shown, start=1)]


def _done(answer: Answer, level: float) -> DoneView:
    return DoneView(
        probability=level, low=_end(answer.done((1 - level) / 2)), high=_end(answer.done((1 + level) / 2))
    )


def _points(answer: Answer, level: float) -> PointsView:
    low, high = answer.points((1 + level) / 2), answer.points((1 - level) / 2)
    return PointsView(probability=level, low=round(low, 1), high=round(high, 1))


def _outcomes(intervals: Sequence[PointsView | DoneView]) -> str:
    first, *others = ((f"{one.probability:.0%}", one.where()) for one in intervals)
    return f"{first[0]} of the outcomes lie {first[1]}{''.join(f', {share} {where}' for share, where in others)}."


def _end(done: Coming | None) -> str:
    return str(done.capacity.end) if done else ""


def _notes(answer: Answer) -> Iterable[str]:
    yield "The scope is taken as it is now: work that is added later comes on top."
    if not answer.coming:
        yield f"No working day lies between now and {answer.question.by_date}."
    elif not answer.question.by_date and answer.done(LEVELS[-1]) is None:
        yield f"{HORIZON} sprints were looked ahead."


def _from(sources: list[Source]) -> str:
    return f" ({' and '.join(sources)})" if sources else ""


async def forecast(
    project: Project,
    run: Run,
    items: Annotated[list[Key], Field(description="These, and what they need; default the open backlog")]
    | None = None,
    points: Annotated[int, Field(ge=1, le=MOST_POINTS), NoBoolean] | None = None,
    by_date: Annotated[Day, Field(description="How much by then, instead of when")] | None = None,
    confidence: Annotated[
        float, Field(ge=0.05, le=0.95, description="Chance of done_by and points; default 0.8"), NoBoolean
    ] = 0.8,
    and_projects: Annotated[
        list[Key], Field(description="Also the chance that these finish their backlogs by_date as well")
    ]
    | None = None,
) -> ForecastView:
    """When items, points or the backlog are done, or how much is by a date, with intervals. Next: plan_sprint."""
    if items == []:
        raise NoItems
    question = Question(tuple(items or ()), points, by_date, confidence)
    if and_projects:
        together = await usecases.forecast_together(run.look, [project, *and_projects], question, run.now)
        return ForecastView.of(together.answers[0], together)
    return ForecastView.of(await usecases.forecast(run.look, project, question, run.now))
