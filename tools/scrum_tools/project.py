"""setup_project and set_team: how a team works, and who is in it."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, Field

from scrum.ceremonies.setting import kept_by_sprint
from scrum.errors import Unavailable
from scrum.team import usecases
from scrum.team.calendar import WEEKDAYS
from scrum.team.capacity import Capacity
from scrum.team.model import AbsenceDraft, MemberChange
from scrum.team.project import Autonomy, Cadence
from scrum.team.usecases import SetUp, TeamAnswer, TeamChange
from scrum.text import counted, quoted
from scrum_tools.arguments import AbsenceEntry, Day, MemberEntry, Number, Project, Reason, Whole
from scrum_tools.budget import fitting
from scrum_tools.run import Run
from scrum_tools.tool import View


class ProjectView(View):
    project: str
    name: str
    created: bool
    sprint_days: int
    timezone: str
    country: str
    workdays: list[str]
    days_off: list[date]
    cadence: Cadence
    autonomy: Autonomy
    focus_factor: float
    target_confidence: float
    share_memory: bool
    learning: bool
    kept: tuple[str, ...] = ()

    @classmethod
    def of(cls, done: SetUp, kept: tuple[str, ...] = ()) -> Self:
        project, calendar = done.project, done.project.calendar
        return cls(
            project=project.key,
            name=project.name,
            created=done.created,
            sprint_days=project.sprint_days,
            timezone=calendar.timezone,
            country=calendar.country,
            workdays=[WEEKDAYS[day] for day in calendar.workdays],
            days_off=list(calendar.days_off),
            cadence=project.cadence,
            autonomy=project.autonomy,
            focus_factor=project.focus_factor,
            target_confidence=project.target_confidence,
            share_memory=project.share_memory,
            learning=project.learning,
            kept=kept,
        )

    def text(self) -> str:
        what = "is new" if self.created else "is set up"
        return (
            f"{self.project} {quoted(self.name)} {what}: sprints of {counted(self.sprint_days, 'day')}, {self.timezone}, "
            f"holidays {self.country or 'none'}, work on {' '.join(self.workdays)}, autonomy {self.autonomy}, "
            f"target confidence {self.target_confidence:g}, memory {'shared' if self.share_memory else 'not shared'}, "
            f"candidates {'tested' if self.learning else 'only watched'}. {' '.join([*self.kept, 'Next: set_team, add_items.'])}"
        )


async def setup_project(
    project: Project,
    run: Run,
    name: str | None = None,
    sprint_days: Annotated[Whole, Field(description="Calendar days, 1 to 90; new: 14")] | None = None,
    timezone: Annotated[str, Field(description="IANA name")] | None = None,
    country: Annotated[str, Field(description="For holidays: DE, US, DE-BY; '' for none")] | None = None,
    cadence: Annotated[Cadence, Field(description="Ceremony template")] | None = None,
    autonomy: Annotated[
        Autonomy, Field(description="commit_plan only suggests, asks a person, or decides within limits")
    ]
    | None = None,
    workdays: list[str] | None = None,
    days_off: list[Day] | None = None,
    focus_factor: Annotated[Number, Field(description="Share of hours for sprint work, 0.1 to 1")]
    | None = None,
    target_confidence: Annotated[Number, Field(description="0.05 to 0.95; new: 0.5")] | None = None,
    share_memory: bool | None = None,
    learning: Annotated[bool, Field(description="Test candidates in sprints; new: false")] | None = None,
) -> ProjectView:
    """Create a project or change its settings; what is left out stays. Next: set_team."""
    settings = {
        "name": name,
        "sprint_days": sprint_days,
        "timezone": timezone,
        "country": country,
        "cadence": cadence,
        "autonomy": autonomy,
        "workdays": workdays,
        "days_off": days_off,
        "focus_factor": focus_factor,
        "target_confidence": target_confidence,
        "share_memory": share_memory,
        "learning": learning,
    }
    done = await usecases.setup_project(run.core, project, settings, by=run.by())
    asked = cadence is not None or sprint_days is not None
    return ProjectView.of(done, await _kept(run, done.project.key) if asked else ())


async def _kept(run: Run, project: str) -> tuple[str, ...]:
    try:
        return await kept_by_sprint(run.look, project)
    except Unavailable:
        return ("Whether a sprint that runs keeps what it began with cannot be read now.",)


_NAMES = 9_000


class CapacityView(BaseModel):
    start: date
    end: date
    working_days: int
    gross_hours: float
    away_hours: float
    hours: float
    availability: float

    @classmethod
    def of(cls, capacity: Capacity) -> Self:
        return cls(
            start=capacity.start,
            end=capacity.end,
            working_days=capacity.working_days,
            gross_hours=round(capacity.gross_hours, 2),
            away_hours=round(capacity.away_hours, 2),
            hours=round(capacity.hours, 2),
            availability=round(capacity.availability, 4),
        )

    def line(self) -> str:
        away = f"-{self.away_hours:g} h away, " if self.away_hours else ""
        return (
            f"{self.start} to {self.end}: {self.working_days} working days, {self.gross_hours:g} h, "
            f"{away}{self.hours:g} h to plan with, availability {self.availability:.2f}"
        )


class TeamView(View):
    """`members`, `joined` and `left` are the first names that fit."""

    project: str
    member_count: int
    members: list[str]
    absences: int
    joined: list[str]
    left: list[str]
    capacity: CapacityView

    @classmethod
    def of(cls, done: TeamAnswer) -> Self:
        return cls(
            project=done.team.project,
            member_count=len(done.team.members),
            members=fitting(done.team.names, budget=_NAMES),
            absences=len(done.team.absences),
            joined=fitting(done.joined, budget=_NAMES),
            left=fitting(done.left, budget=_NAMES),
            capacity=CapacityView.of(done.capacity),
        )

    def text(self) -> str:
        changes = [f"joined: {', '.join(self.joined)}" if self.joined else ""]
        changes.append(f"left: {', '.join(self.left)}" if self.left else "")
        told = "; ".join(filter(None, changes))
        return (
            f"{self.project} has {counted(self.member_count, 'member')} and {counted(self.absences, 'absence')}"
            f"{f' ({told})' if told else ''}. Next sprint, {self.capacity.line()}. Next: add_items or plan_sprint."
        )


class Mode(StrEnum):
    MERGE = "merge"
    REPLACE = "replace"


async def set_team(
    project: Project,
    run: Run,
    members: list[MemberEntry] | None = None,
    absences: list[AbsenceEntry] | None = None,
    remove: Annotated[list[str], Field(description="Members who leave")] | None = None,
    mode: Annotated[
        Mode,
        Field(description="merge adds and changes; replace: members and absences given are all there are"),
    ] = Mode.MERGE,
    reason: Reason = "",
) -> TeamView:
    """Set who is on the team, with hours, skills and absences; answers with the next sprint's capacity.

    Next: add_items or plan_sprint.
    """
    change = TeamChange(
        members=tuple(member_change(entry) for entry in members or []),
        absences=tuple(absence_draft(entry) for entry in absences or []),
        remove=tuple(remove or ()),
        replace_all=mode is Mode.REPLACE,
    )
    return TeamView.of(await usecases.set_team(run.core, project, change, by=run.by(reason)))


def member_change(entry: MemberEntry) -> MemberChange:
    skills = None if entry.skills is None else frozenset(entry.skills)
    return MemberChange(entry.name, entry.hours_per_day, entry.role, skills)


def absence_draft(entry: AbsenceEntry) -> AbsenceDraft:
    return AbsenceDraft(entry.member, entry.start, entry.end, entry.half_day, entry.reason)
