"""The demo's course: set up a project, then plan, work and close one sprint after the other."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from scrum_server.demo import sample
from scrum_server.demo.client import Server, run_command
from scrum_server.demo.report import report, words
from scrum_server.demo.sample import PEOPLE, PROJECT, at, monday
from scrum_server.demo.simulator import SimulatedTeam, Task
from scrum_tools.backlog import AddedView
from scrum_tools.decision import DecisionView
from scrum_tools.item_view import ItemView
from scrum_tools.plan import PlanView
from scrum_tools.project import ProjectView, TeamView
from scrum_tools.sprint_view import RiskView, SprintView
from scrum_tools.velocity import VelocityView

EARLY, MORNING, START, EVENING = 7, 8, 9, 17


@dataclass(frozen=True)
class SetUp:
    project: ProjectView
    team: TeamView
    backlog: AddedView
    past: VelocityView


@dataclass(frozen=True)
class DayReport:
    """`risks` are those that the sprint did not have on an earlier day."""

    day: date
    what: str
    sprint: SprintView
    risks: tuple[RiskView, ...]


@dataclass(frozen=True)
class Closed:
    """A sprint that is over, with the decision that it came from and the velocity after it."""

    decision: DecisionView
    sprint: SprintView
    velocity: VelocityView


async def set_up(server: Server, home: Path) -> SetUp:
    now = at(monday(0), MORNING)
    project = await server.call(
        ProjectView, "setup_project", now, project=PROJECT, name=sample.NAME,
        sprint_days=sample.SPRINT_DAYS, autonomy="confirm",
    )  # fmt: skip
    await asyncio.to_thread(_import_history, home)
    past = await server.call(VelocityView, "get_velocity", now, project=PROJECT)
    team = await server.call(TeamView, "set_team", now, project=PROJECT, **_team())
    items = [asdict(item) for item in sample.backlog()]
    backlog = await server.call(AddedView, "add_items", now, project=PROJECT, items=items)
    return SetUp(project, team, backlog, past)


def _import_history(home: Path) -> None:
    """The past comes in as any team's does: from a file, by another process on the same data."""
    file = home / "history.csv"
    file.write_text(sample.history_csv(), encoding="utf-8")
    run_command(home, "import-history", str(file), "--project", PROJECT)


def _team() -> dict[str, list[dict[str, object]]]:
    members: list[dict[str, object]] = [
        {"name": person.name, "hours_per_day": person.hours_per_day, "skills": sorted(person.skills)}
        for person in PEOPLE
    ]
    absences: list[dict[str, object]] = [
        {
            "member": person.name,
            "start": str(min(person.away)),
            "end": str(max(person.away)),
            "reason": "leave",
        }
        for person in PEOPLE
        if person.away
    ]
    return {"members": members, "absences": absences}


@dataclass(frozen=True)
class Game:
    """One team on one server, on a clock that jumps from working day to working day."""

    server: Server
    team: SimulatedTeam

    async def plan(self, number: int) -> PlanView:
        """The sprint with this number, from 0, on the morning of its first day."""
        now = at(monday(number), MORNING)
        goal = sample.GOALS[number]
        return await self.server.call(PlanView, "plan_sprint", now, project=PROJECT, goal=goal)

    async def start(self, number: int, plan: PlanView) -> SprintView:
        """The demo stands in for the person who approves the plan."""
        now = at(monday(number), START)
        await self.server.call(SprintView, "commit_plan", now, plan_id=plan.plan_id, start=True, confirm=True)
        started = await self.server.call(
            SprintView, "get_sprint", now, project=PROJECT, sprint="current", detail="items"
        )
        planned = {chosen.item: chosen.assignee for chosen in plan.selected}
        self.team.plan([_task(item, planned.get(item["item"], "")) for item in started.items])
        return started

    async def days(self, sprint: SprintView) -> AsyncGenerator[DayReport]:
        known: set[str] = set()
        for day in (one.day for one in sprint.burndown if one.working):
            now = at(day, EVENING)
            worked = self.team.work(day)
            added = await report(self.server, worked.happenings, now)
            for task in added:
                self.team.add(task)
            seen = await self.server.call(SprintView, "get_sprint", now, project=PROJECT, sprint="current")
            fresh = tuple(risk for risk in seen.risks if risk.name not in known)
            known.update(risk.name for risk in fresh)
            yield DayReport(day, words(worked.happenings, added), seen, fresh)

    async def close(self, number: int, sprint: SprintView) -> Closed:
        """On the morning after its last day; what is unfinished goes back to the backlog."""
        now = at(monday(number + 1), EARLY)
        closed = await self.server.call(SprintView, "close_sprint", now, project=PROJECT, sprint="current")
        decision = await self.server.call(DecisionView, "explain_decision", now, sprint=sprint.sprint)
        velocity = await self.server.call(VelocityView, "get_velocity", now, project=PROJECT)
        return Closed(decision, closed, velocity)


def _task(item: ItemView, planned: str) -> Task:
    return Task(
        key=item["item"],
        points=item["points"] or 1,
        skills=frozenset(item.get("skills", ())),
        needs=frozenset(item.get("depends_on", ())),
        assignee=item.get("assignee") or planned,
    )
