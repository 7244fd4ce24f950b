"""The course of a simulation: plan, work and close one sprint after the other."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Self

from scrum.ceremonies.terms import DAILY
from scrum.clock import REAL_TIME, ProjectClock
from scrum.sprint.model import State
from scrum_server.simulate.game.ceremonies import Ceremonies
from scrum_server.simulate.game.client import Project, Server, batched
from scrum_server.simulate.game.played import Closed, DayReport, Played
from scrum_server.simulate.game.reporting import merged, report, words
from scrum_server.simulate.invented.course import Course, NewItem
from scrum_server.simulate.invented.days import (
    EARLY,
    EVENING,
    MORNING,
    START,
    at,
    next_morning,
    working_day_from,
)
from scrum_server.simulate.invented.happenings import Blocked, Found, Happening, Reestimated
from scrum_server.simulate.invented.team import SimulatedTeam, Task
from scrum_tools.backlog import AddedView, ItemsView, UpdatedView
from scrum_tools.ceremonies.ceremony_view import OccurrenceView
from scrum_tools.item_view import ItemView
from scrum_tools.planning.decision import DecisionView
from scrum_tools.planning.plan import PlanView
from scrum_tools.reports.report_view import ReportView
from scrum_tools.sprints.sprint_view import SprintView
from scrum_tools.velocity import VelocityView

_PAGE = 100
_BY_POLICY = "Its policy closed it."
_BY_TEAM = "Its policy does not end it by time: the team closed it after its last day."


@dataclass
class Game:
    """One team on one server, on a clock that jumps from working day to working day.

    `day` is the next one that a sprint can begin on. Where time runs faster for the project, it is the clock of the open
    sprint that jumps, and the time of each call is the real one to that.
    """

    project: Project
    course: Course
    team: SimulatedTeam
    ceremonies: Ceremonies
    day: date

    @classmethod
    def of(cls, server: Server, course: Course) -> Self:
        chance = Random(course.seed)  # noqa: S311 - chance of a game
        team = SimulatedTeam(course.people, course.pace, course.surprises, chance)
        project = Project(server, course.project)
        return cls(project, course, team, Ceremonies(project, course), course.first_day)

    async def sprint(self, number: int) -> Played:
        plan = await self.plan(number)
        started = await self.start(plan)
        days = [day async for day in self.days(started)]
        return Played(plan, tuple(days), await self.close(days[-1]))

    async def plan(self, number: int) -> PlanView:
        """The sprint with this number, from 0, on the morning of its first day."""
        self.project.clock, now = REAL_TIME, at(self.day, MORNING)
        await self._free(now)
        for items in self.course.backlog[number : number + 1]:
            await self._add(items, now)
        goal = self.course.goals[number]
        return await self.project.call(PlanView, "plan_sprint", now, goal=goal, start=str(self.day))

    async def start(self, plan: PlanView) -> SprintView:
        """The simulation stands in for the person who approves the plan; its first day starts the sprint."""
        now = at(plan.start, MORNING)
        committed = await self.project.ask(SprintView, "commit_plan", now, plan_id=plan.plan_id, confirm=True)
        planned = await self.project.call(SprintView, "get_sprint", now, sprint=committed.sprint)
        self.project.clock = ProjectClock(now, planned.time_scale)
        now = at(plan.start, START)
        await self.ceremonies.pass_time(committed.sprint, now)
        started = await self.project.call(SprintView, "get_sprint", now, sprint=committed.sprint)
        assignees = {chosen.item: chosen.assignee for chosen in plan.selected}
        items = await self._items(started.sprint, now)
        self.team.plan([_task(item, assignees.get(item["item"], "")) for item in items])
        return started

    async def days(self, sprint: SprintView) -> AsyncGenerator[DayReport]:
        """The working days on which it runs."""
        known: set[str] = set()
        happened: tuple[Happening, ...] = ()
        for day in (one.day for one in sprint.burndown if one.working):
            now = at(day, START)
            new = await self.ceremonies.pass_the_night(sprint.sprint, now)
            daily = await self._daily(new, now, happened)
            now = at(day, EVENING)
            happened = self.team.work(day).happenings
            added = await report(self.project, sprint.sprint, happened, now)
            for task in added:
                self.team.add(task)
            new = await self.ceremonies.pass_time(sprint.sprint, now)
            daily = await self._daily(new, now, happened) or daily
            seen = await self.project.call(SprintView, "get_sprint", now, sprint=sprint.sprint)
            fresh = tuple(risk for risk in seen.risks if risk.name not in known)
            known.update(risk.name for risk in fresh)
            yield DayReport(day, happened, words(happened, added), seen, fresh, daily)
            if seen.state is not State.ACTIVE:
                return

    async def _daily(
        self, new: Sequence[OccurrenceView], now: datetime, happened: Sequence[Happening]
    ) -> ReportView | None:
        """The report of a daily scrum among what is new, when there is more to talk about than work done."""
        dailies = [one.occurrence for one in new if one.ceremony == DAILY]
        news = any(isinstance(one, Blocked | Found | Reestimated) for one in happened)
        return await self.ceremonies.report(dailies[-1], now) if dailies and news else None

    async def close(self, last: DayReport) -> Closed:
        """Its policy may have closed it on its last day; what is unfinished goes back to the backlog."""
        sprint, now = last.sprint, at(last.day, EVENING)
        how = _BY_POLICY
        if sprint.state.is_open:
            now = at(max(sprint.end, last.day) + timedelta(1), EARLY)
            await self.ceremonies.pass_time(sprint.sprint, now)
            sprint = await self.project.call(SprintView, "get_sprint", now, sprint=sprint.sprint)
        if sprint.state.is_open:
            how = _BY_TEAM
            sprint = await self.project.call(SprintView, "close_sprint", now, sprint=sprint.sprint)
        self.day = working_day_from(next_morning(now))
        occasions = await self.ceremonies.finish(sprint.sprint, now)
        decision = await self.project.ask(DecisionView, "explain_decision", now, sprint=sprint.sprint)
        velocity = await self.project.call(VelocityView, "get_velocity", now)
        return Closed(decision, sprint, velocity, occasions, how)

    async def _add(self, items: Sequence[NewItem], now: datetime) -> None:
        for some in batched(items):
            entries = [item.entry() for item in some]
            await self.project.call(AddedView, "add_items", now, items=entries)

    async def _free(self, now: datetime) -> None:
        for changes in batched(merged(self.team.free())):
            await self.project.call(UpdatedView, "update_items", now, changes=changes)

    async def _items(self, sprint: str, now: datetime) -> list[ItemView]:
        """All that are in the sprint."""
        items: list[ItemView] = []
        cursor = ""
        while True:
            page = await self.project.call(
                ItemsView, "list_items", now, where={"sprint": sprint}, limit=_PAGE, cursor=cursor
            )
            items.extend(page.items)
            if not page.next_cursor:
                return items
            cursor = page.next_cursor


def _task(item: ItemView, planned: str) -> Task:
    return Task(
        key=item["item"],
        points=item["points"] or 1,
        skills=frozenset(item.get("skills", ())),
        needs=frozenset(item.get("depends_on", ())),
        assignee=item.get("assignee") or planned,
    )
