"""A simulated team comes to the server: its project, its past, its people and their absences."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from scrum_server.simulate.game.ceremonies import Ceremonies
from scrum_server.simulate.game.client import Project, Server, batched, run_command
from scrum_server.simulate.game.played import SetUp
from scrum_server.simulate.invented.course import Course
from scrum_server.simulate.invented.days import MORNING, at, runs
from scrum_server.simulate.invented.team import Person
from scrum_tools.project import ProjectView, TeamView
from scrum_tools.velocity import VelocityView

Entries = list[dict[str, object]]


async def set_up(server: Server, course: Course, home: Path) -> SetUp:
    now, project = at(course.first_day, MORNING), Project(server, course.project)
    settings = {"cadence": course.cadence} if course.cadence else {}
    made = await project.call(
        ProjectView, "setup_project", now, name=course.marked_name, sprint_days=course.days,
        autonomy="confirm", **settings,
    )  # fmt: skip
    if course.history:
        await asyncio.to_thread(_import_history, course, home)
    past = await project.call(VelocityView, "get_velocity", now)
    team = await project.call(TeamView, "set_team", now, members=_members(course.people))
    for some in batched(_absences(course.people)):
        team = await project.call(TeamView, "set_team", now, absences=some)
    await Ceremonies(project, course).begin(now)
    return SetUp(made, team, past)


def _import_history(course: Course, home: Path) -> None:
    """The past comes in as any team's does: from a file, by another process on the same data."""
    file = home / "history.csv"
    file.write_text(course.history, encoding="utf-8")
    run_command(home, "import-history", str(file), "--project", course.project)


def _members(people: Iterable[Person]) -> Entries:
    return [
        {"name": person.name, "hours_per_day": person.hours_per_day, "skills": sorted(person.skills)}
        for person in people
    ]


def _absences(people: Iterable[Person]) -> Entries:
    return [
        {"member": person.name, "start": str(first), "end": str(last), "reason": "leave"}
        for person in people
        for first, last in runs(sorted(person.away))
    ]
