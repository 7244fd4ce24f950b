"""Set up projects and teams. One function, one transaction."""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from scrum.events import By
from scrum.team.capacity import Capacity, capacity
from scrum.team.events import ProjectSetUp, TeamSet
from scrum.team.model import AbsenceDraft, MemberChange, Team
from scrum.team.ports import TeamWork
from scrum.team.project import Project, project_key
from scrum.work import Start


@dataclass(frozen=True)
class SetUp:
    project: Project
    created: bool


async def setup_project(start: Start[TeamWork], key: str, settings: dict[str, Any], *, by: By) -> SetUp:
    """Create a project, or change the settings that are not None. The same call twice changes nothing.

    Raises:
        Invalid: the key is none, or a setting has a bad value.
    """
    async with start() as work:
        made = await set_up(work, key, settings, by)
        await work.commit()
    return made


async def set_up(work: TeamWork, key: str, settings: dict[str, Any], by: By) -> SetUp:
    """As `setup_project`, inside a work that is open; committing it is left to the caller."""
    known = await work.projects.find(project_key(key))
    before = known or Project.named(key, settings.get("name") or "")
    project = before.with_settings(**settings)
    if project != known:
        project = replace(project, version=before.version + 1)
        await work.projects.put(project)
        work.publish(ProjectSetUp.of(by, project, name=project.name, settings=_settings(project)))
    return SetUp(project, created=known is None)


@dataclass(frozen=True)
class TeamChange:
    """`replace_all`: what is given is the whole team and all absences; else it is added to what is known."""

    members: tuple[MemberChange, ...] = ()
    absences: tuple[AbsenceDraft, ...] = ()
    remove: tuple[str, ...] = ()
    replace_all: bool = False

    def applied_to(self, team: Team, today: date) -> Team:
        """`today` is the day in the project's calendar.

        Raises:
            UnknownMember, Invalid.
        """
        absences = tuple(draft.dated(today) for draft in self.absences)
        base = replace(team, members=(), absences=()) if self.replace_all else team
        return base.with_members(self.members).without(list(self.remove)).with_absences(absences)


@dataclass(frozen=True)
class TeamAnswer:
    team: Team
    capacity: Capacity
    joined: tuple[str, ...]
    left: tuple[str, ...]


async def set_team(start: Start[TeamWork], key: str, change: TeamChange, *, by: By) -> TeamAnswer:
    """Change members and absences, all or nothing. The same call twice changes nothing.

    Raises:
        UnknownProject, UnknownMember, Invalid.
    """
    async with start() as work:
        project = await work.projects.claim(key)
        before = await work.teams.get(project.key)
        today = project.calendar.day_of(by.now)
        team = change.applied_to(before, today)
        joined = tuple(name for name in team.names if name not in before.names)
        left = tuple(name for name in before.names if name not in team.names)
        if team != before:
            team = replace(team, version=before.version + 1)
            await work.teams.put(team)
            work.publish(
                TeamSet.of(
                    by,
                    team,
                    members=team.names,
                    joined=list(joined),
                    left=list(left),
                    absences=len(team.absences),
                )
            )
            await work.commit()
    first = project.calendar.working_day_from(today)
    return TeamAnswer(team, next_capacity(project, team, first), joined, left)


async def known_project(start: Start[TeamWork], key: str) -> str:
    """The key as it is kept. Raises UnknownProject."""
    return (await one_project(start, key)).key


async def one_project(start: Start[TeamWork], key: str) -> Project:
    """Raises UnknownProject."""
    async with start() as work:
        return await work.projects.get(key)


async def project_keys(start: Start[TeamWork]) -> list[str]:
    async with start() as work:
        return await work.projects.keys()


def next_capacity(project: Project, team: Team, first: date, days: int | None = None) -> Capacity:
    """Capacity of a sprint of `days` calendar days (default: the project's) from `first` on."""
    last = first + timedelta((days or project.sprint_days) - 1)
    return capacity(team, project.calendar, first, last, focus=project.focus_factor)


def _settings(project: Project) -> dict[str, object]:
    kept = asdict(replace(project, next_item=0, next_sprint=0))
    return {name: value for name, value in kept.items() if name not in ("key", "next_item", "next_sprint")}
