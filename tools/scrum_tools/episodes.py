"""search_episodes, record_episode."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from scrum.memory.model import Context, Episode, Result
from scrum.memory.said import said
from scrum.memory.search import Hit, Query, Where
from scrum.memory.usecases import LONGEST_CONTEXT, Recalled, Record, Recorded
from scrum.memory.usecases import record_episode as recorded
from scrum.memory.usecases import search_episodes as recalled
from scrum.team.usecases import known_project
from scrum.text import counted, required, told
from scrum_tools.arguments import Day, Entry, NoBoolean, Project, Reason
from scrum_tools.budget import fitting
from scrum_tools.run import Run
from scrum_tools.tool import View

_HITS = 16_000
"""Bytes that all hits may take."""
_TEXT = 600
_LABELS, _LESSONS = 8, 5


class EpisodesWhere(Entry):
    since: Annotated[Day, Field(description="Decided on this day or later")] | None = None
    until: Annotated[Day, Field(description="Decided before this day")] | None = None
    outcome: Annotated[Result, Field(description="told: known, but judged by nobody")] | None = None
    own: Annotated[bool, Field(description="Not those that other projects share")] = False


class HitView(BaseModel):
    """`error` is points completed beyond what was expected. Texts are of people, as they wrote them."""

    episode: str
    project: str
    sprint: str
    decided_at: datetime
    goal: str
    context: str
    labels: list[str]
    numbers: dict[str, float]
    decision: str
    result: Result
    outcome: str
    error: float | None
    lessons: list[str]

    why: list[str]

    @classmethod
    def of(cls, hit: Hit) -> Self:
        one, context = hit.episode, hit.episode.context
        return cls(
            episode=one.plan,
            project=one.project,
            sprint=one.sprint,
            decided_at=one.at,
            goal=context.goal,
            context=context.text[:_TEXT],
            labels=list(context.focus[:_LABELS]),
            numbers=context.features.known(),
            decision=decision(one),
            result=one.result,
            outcome=outcome(one),
            error=one.error,
            lessons=list(one.lessons[:_LESSONS]),
            why=list(hit.why),
        )

    def line(self) -> str:
        where = self.sprint or f"{self.project}, elsewhere"
        about = told(self.goal or self.context, 100)
        came = f"{self.result}: {self.outcome}" if self.outcome else self.result.value
        return (
            f"{self.episode} ({where}, {self.decided_at:%Y-%m-%d}) {about}: {self.decision}. {came}. "
            f"{_alike(self.why)}"
        )


def _alike(why: list[str]) -> str:
    return f"Alike: {'; '.join(why)}." if why else "Nothing of it is near."


def decision(one: Episode) -> str:
    if one.told:
        return told(one.told.decision, _TEXT)
    made = one.decision
    without = f" ({made.base} without strategies)" if made.base != made.commitment else ""
    expected = f"; expected {one.prediction.points:g}" if one.prediction else ""
    items = counted(len(made.items), "item")
    aim = counted(made.commitment, "point")
    return f"aimed at {aim}{without}, took {items} with {counted(made.points, 'point')}{expected}"


def outcome(one: Episode) -> str:
    """Empty while nobody knows it."""
    if one.cancelled_at:
        return "cancelled"
    if one.told:
        return told(one.told.outcome, _TEXT) if one.told.outcome else ""
    if one.outcome is None:
        return ""
    over = one.outcome
    changes = f"added {over.added}, removed {over.removed}, re-estimated {over.reestimated:+d}"
    return f"completed {over.completed} of {over.committed} committed points ({changes})"


class EpisodesView(View):
    scope: str
    compared_by: list[str]
    episodes: list[HitView]
    pending: int
    """Episodes of the scope without a vector yet, which were found by words and numbers only; at most 1,000."""
    notes: list[str]

    @classmethod
    def of(cls, answer: Recalled) -> Self:
        found = answer.found
        shown = fitting([HitView.of(hit) for hit in found.hits], budget=_HITS)
        rest = len(found.hits) - len(shown)
        more = [f"{rest} more did not fit: narrow them with where."] if rest else []
        return cls(
            scope=found.scope,
            compared_by=list(found.compared),
            episodes=shown,
            pending=answer.pending,
            notes=[*more, *answer.notes],
        )

    def text(self) -> str:
        waiting = f"{counted(self.pending, 'episode')} without vectors yet: found by words and numbers alone."
        return "\n".join(
            [
                f"{self._found()}, compared by {', '.join(self.compared_by)}.",
                *(one.line() for one in self.episodes),
                *([waiting] if self.pending else []),
                *self.notes,
                self._next(),
            ]
        )

    def _found(self) -> str:
        count = len(self.episodes)
        if count and not any(one.why for one in self.episodes):
            return f"None is near; here are {count} of {self.scope}"
        return f"{count} found among {self.scope}"

    def _next(self) -> str:
        """Only decisions of sprints were plans here."""
        plan = next((one.episode for one in self.episodes if one.sprint), "")
        return f"Next: explain_decision with plan={plan!r}, or plan_sprint." if plan else "Next: plan_sprint."


async def search_episodes(
    query: Annotated[
        str, Field(description="The situation, with numbers like 'team of 5, availability 0.8'")
    ],
    project: Project,
    run: Run,
    where: EpisodesWhere | None = None,
    limit: Annotated[int, Field(ge=1, le=20), NoBoolean] = 5,
) -> EpisodesView:
    """Past situations like this one, with decision, outcome and why they are similar. Next: plan_sprint."""
    given, text = where or EpisodesWhere(), required("query", query, limit=LONGEST_CONTEXT)
    searched = Where(
        await known_project(run.look, project),
        since=_midnight(given.since),
        until=_midnight(given.until),
        result=given.outcome,
    )
    question = Query(Context(text=text, features=said(text)), where=searched, limit=limit)
    memory = await run.runtime.memory()
    return EpisodesView.of(await recalled(memory, question, run.runtime.embedders, shared=not given.own))


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


class RecordedView(View):
    """`numbers` are those that the context says."""

    episode: str
    project: str
    decided_at: datetime
    result: Result
    numbers: dict[str, float]
    created: bool
    changed: bool

    @classmethod
    def of(cls, made: Recorded) -> Self:
        one = made.episode
        return cls(
            episode=one.plan,
            project=one.project,
            decided_at=one.at,
            result=one.result,
            numbers=one.context.features.known(),
            created=made.created,
            changed=made.changed,
        )

    def text(self) -> str:
        did = (
            "Remembered" if self.created else "Its outcome is remembered" if self.changed else "Known already"
        )
        numbers = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in self.numbers.items())
        waits = self.result is Result.OPEN
        rest = " Next: record_episode again with its outcome, once it is known." if waits else ""
        return f"{did}: {self.episode} of {self.project}, {self.result}. Numbers: {numbers or 'none'}.{rest}"


async def record_episode(
    project: Project,
    context: Annotated[
        str, Field(description="The situation, with numbers like 'team of 5, availability 0.8'")
    ],
    decision: str,
    run: Run,
    outcome: Annotated[
        str, Field(description="What came of it; may come later, by the same call again")
    ] = "",
    result: Literal["success", "failure"] | None = None,
    date: Annotated[Day, Field(description="When it was decided; default now")] | None = None,
    reason: Reason = "",
) -> RecordedView:
    """Remember a decision that was taken elsewhere, for search_episodes. Next: the same again with its outcome."""
    made = await recorded(
        await run.runtime.memory(),
        Record(
            await known_project(run.look, project),
            context,
            decision,
            outcome,
            Result(result) if result else None,
            _midnight(date),
        ),
        by=run.by(reason),
    )
    return RecordedView.of(made)
