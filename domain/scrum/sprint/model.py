"""A sprint: its lifecycle, and what its ledger records."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from scrum.backlog.model import Item, Status
from scrum.clock import REAL_TIME, ProjectClock
from scrum.errors import Conflict, Invalid, NotFound, WrongState
from scrum.events import By
from scrum.sprint.ledger import Entry, Figures, Kind
from scrum.team.calendar import LONGEST, WorkingCalendar, check_period
from scrum.team.project import OutOfRange
from scrum.text import choices, line, quoted

GOAL = 500
LEAST_SPENT = 0.0001
MOST_SPENT = 999_999_999


class State(StrEnum):
    PLANNED = "planned"
    ACTIVE = "active"
    IN_REVIEW = "in_review"
    RETROSPECTIVE = "retrospective"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self not in (State.COMPLETED, State.CANCELLED)

    @property
    def is_running(self) -> bool:
        """The ledger is kept."""
        return self in (State.ACTIVE, State.IN_REVIEW, State.RETROSPECTIVE)

    @property
    def words(self) -> str:
        """What a sprint is."""
        return _WORDS.get(self, self.value)


_WORDS = {State.IN_REVIEW: "in review", State.RETROSPECTIVE: "in its retrospective"}


class CarryOver(StrEnum):
    """Where unfinished items go: back to the backlog, or promised to the next sprint."""

    BACKLOG = "backlog"
    NEXT = "next"


_NEXT_STEP = {
    State.PLANNED: "Call start_sprint to start it.",
    State.ACTIVE: "It is running: call get_sprint to see it, change_sprint to change its scope, close_sprint to end it.",
    State.IN_REVIEW: "It is in review: call close_sprint to end it.",
    State.RETROSPECTIVE: "It is in its retrospective: call close_sprint to end it.",
    State.COMPLETED: "It is over: call plan_sprint for the next one.",
    State.CANCELLED: "It was cancelled: call plan_sprint for the next one.",
}


class SprintInWrongState(WrongState):
    def __init__(self, sprint: str, state: State, *, needed: Iterable[State]) -> None:
        super().__init__(f"{sprint} is {state.words}; this needs {' or '.join(needed)}. {_NEXT_STEP[state]}")


class UnknownSprint(NotFound):
    def __init__(self, given: str, project: str, known: list[str]) -> None:
        if given in ("current", "next"):
            what = f"{project} has no sprint that is {'running' if given == 'current' else 'planned'}."
        else:
            what = f"{project} has no sprint {quoted(given)}."
        hint = "Call plan_sprint and then commit_plan to make one."
        super().__init__(f"{what} Sprints: {choices(known)}. {hint}")


class AlreadyOpen(Conflict):
    """`who` committed the open sprint; `when` it was planned."""

    def __init__(self, sprint: str, state: State, who: str) -> None:
        super().__init__(
            f"{sprint} is {state.words} already, committed by {quoted(who)}: a project has one open sprint. "
            f"{_NEXT_STEP[state]}"
        )


class NotInSprint(Invalid):
    def __init__(self, sprint: str, items: list[str]) -> None:
        super().__init__(f"{choices(items)} is not in {sprint}. Call get_sprint to see what is.")


class CannotJoin(Invalid):
    def __init__(self, item: Item, sprint: str) -> None:
        why = f"is in {item.sprint} already" if item.sprint else f"is {item.status}"
        super().__init__(f"{item.key} {why}, and cannot be added to {sprint}.")


class TooShort(Invalid):
    def __init__(self, sprint: str, end: date, today: date) -> None:
        super().__init__(
            f"{sprint} would end {end}, before today ({today}). Give more days, or call close_sprint."
        )


@dataclass(frozen=True)
class Prediction:
    """What was expected when the plan was made: points completed, with its 80 % interval."""

    points: float
    low: float
    high: float
    p_commitment: float


@dataclass(frozen=True)
class Sprint:
    """`start` and `end` are calendar days of its clock, both included; the moments are what really happened.

    `planned_end` is the end that was known when it started, however long it lasted; None until then.
    `members`, `availability` and `person_days` are the team's when the plan was made; `result` is frozen at the close,
    and so is `spent`: what the sprint cost, in whichever unit the team keeps. Its `clock` is kept by its schedule.
    """

    id: str
    project: str
    number: int
    goal: str
    start: date
    end: date
    state: State = State.PLANNED
    plan: str = ""
    committed_by: str = ""
    availability: float = 1.0
    person_days: float = 0.0
    members: int = 0
    prediction: Prediction | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None
    result: Figures | None = None
    spent: float | None = None
    planned_end: date | None = None
    clock: ProjectClock = REAL_TIME
    version: int = 1

    @property
    def project_key(self) -> str:
        return self.project

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def planned_days(self) -> int:
        return ((self.planned_end or self.end) - self.start).days + 1

    @property
    def lasted(self) -> timedelta | None:
        """By its clock; None where it did not start or end."""
        if self.started_at is None or self.ended_at is None:
            return None
        return self.clock.shows(self.ended_at) - self.clock.shows(self.started_at)

    def days_of(self, calendar: WorkingCalendar) -> WorkingCalendar:
        """The team's calendar, with the days that the clock of this sprint shows."""
        return calendar.by(self.clock)

    def started(self, now: datetime, today: date) -> Self:
        """On whichever day it starts, it keeps its length."""
        self.needs(State.PLANNED)
        end = today + (self.end - self.start)
        return self._next(State.ACTIVE, start=today, end=end, planned_end=end, started_at=now)

    def in_review(self, now: datetime) -> Self:
        self.needs(State.ACTIVE)
        return self._next(State.IN_REVIEW, ended_at=now)

    def in_retrospective(self) -> Self:
        self.needs(State.IN_REVIEW)
        return self._next(State.RETROSPECTIVE)

    def completed(self, now: datetime, result: Figures, spent: float | None = None) -> Self:
        """Raises SprintInWrongState, or OutOfRange: it cost nothing, less than that or too much."""
        self.needs(State.ACTIVE, State.IN_REVIEW, State.RETROSPECTIVE)
        if spent is not None and not LEAST_SPENT <= spent <= MOST_SPENT:
            raise OutOfRange("spent", spent, LEAST_SPENT, MOST_SPENT)
        ended = self.ended_at or now
        return self._next(State.COMPLETED, ended_at=ended, closed_at=now, result=result, spent=spent)

    def cancelled(self, now: datetime, result: Figures) -> Self:
        self.needs(State.PLANNED, State.ACTIVE, State.IN_REVIEW, State.RETROSPECTIVE)
        return self._next(State.CANCELLED, ended_at=self.ended_at or now, closed_at=now, result=result)

    def extended(self, days: int, today: date) -> Self:
        """Longer by `days` calendar days, or shorter where it is negative.

        Raises:
            OutOfRange: by more than a year.
            TooShort: it would end in the past.
            BadPeriod: it would end before it starts, or last over a year.
        """
        self.needs(State.PLANNED, State.ACTIVE)
        if days == 0:
            raise Invalid("days is 0; say by how many days the sprint is extended.")
        if abs(days) > LONGEST:
            raise OutOfRange("days", days, -LONGEST, LONGEST)
        end = self.end + timedelta(days)
        check_period(self.id, self.start, end)
        if self.state is State.ACTIVE and end < today:
            raise TooShort(self.id, end, today)
        return self._next(self.state, end=end)

    def with_goal(self, goal: str) -> Self:
        self.needs(State.PLANNED, State.ACTIVE)
        return self._next(self.state, goal=line("goal", goal, limit=GOAL))

    def accepts(self, item: Item) -> None:
        """Raises CannotJoin: it is closed, or belongs to another sprint."""
        if item.sprint or not item.is_open:
            raise CannotJoin(item, self.id)

    def touched(self) -> Self:
        """Its scope changed."""
        return replace(self, version=self.version + 1)

    def needs(self, *states: State) -> None:
        """Raises SprintInWrongState."""
        if self.state not in states:
            raise SprintInWrongState(self.id, self.state, needed=states)

    def _next(self, state: State, **changes: object) -> Self:
        return replace(self, state=state, version=self.version + 1, **changes)  # type: ignore[arg-type] # own fields


def project_of(sprint: str) -> str:
    """By its id."""
    return sprint.rpartition("-")[0]


def entries_for(before: Item, after: Item, by: By) -> list[Entry]:
    """What the ledger records when an item of a running sprint changes.

    A cancelled item leaves the scope; everything else stays in it, done or not.
    """
    entries: list[Entry] = []
    if before.points != after.points:
        entries.append(Entry.of(by, Kind.REESTIMATED, after.key, after.points, before=before.points))
    was, now = before.status, after.status
    if was is not Status.DONE and now is Status.DONE:
        entries.append(Entry.of(by, Kind.COMPLETED, after.key, after.points))
    if was is Status.DONE and now is not Status.DONE:
        entries.append(Entry.of(by, Kind.REOPENED, after.key, after.points))
    if was is not Status.CANCELLED and now is Status.CANCELLED:
        entries.append(Entry.of(by, Kind.REMOVED, after.key, after.points))
    return entries
