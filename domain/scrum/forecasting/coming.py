"""The coming sprints of a project: their days and what the team can give, from its absences and holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from scrum.forecasting.model import Conditions
from scrum.sprint.chance import share_left
from scrum.sprint.model import Sprint
from scrum.team.capacity import Capacity, capacity
from scrum.team.model import Team
from scrum.team.project import Project
from scrum.team.usecases import next_capacity

HORIZON = 40
"""Sprints that are looked ahead."""


@dataclass(frozen=True)
class Coming:
    """`share` is the part of the sprint that lies ahead and counts, from 0 to 1."""

    sprint: str
    capacity: Capacity
    share: float = 1.0

    @property
    def conditions(self) -> Conditions:
        return conditions(self.capacity, self.share)


def conditions(capacity: Capacity, share: float = 1.0) -> Conditions:
    """Of a sprint with this capacity, of which only a share counts."""
    return Conditions(
        days=(capacity.end - capacity.start).days + 1,
        working_days=capacity.working_days,
        members=len(capacity.people) or None,
        availability=capacity.availability * share,
    )


def coming(
    project: Project, team: Team, running: Sprint | None, today: date, *, until: date | None = None
) -> tuple[Coming, ...]:
    """What is left of the open sprint, and those after it, one behind the other.

    At most HORIZON; with `until` only what lies before the end of that day. Sprints without a working day are left out.
    """
    found: list[Coming] = []
    for one in _all(project, team, running, today):
        if len(found) == HORIZON or (until and one.capacity.start > until):
            break
        cut = _until(one, project, until) if until and one.share and until < one.capacity.end else one
        found += [cut] if cut.share else []
    return tuple(found)


def _all(project: Project, team: Team, running: Sprint | None, today: date) -> Iterator[Coming]:
    free = today
    if running:
        yield _open(project, team, running, today)
        free = max(today, running.end + timedelta(1))
    for number in count(project.next_sprint):
        first = project.calendar.working_day_from(free)
        ahead = next_capacity(project, team, first)
        yield Coming(f"{project.key}-S{number}", ahead, 1.0 if ahead.working_days else 0.0)
        free = ahead.end + timedelta(1)


def _open(project: Project, team: Team, running: Sprint, today: date) -> Coming:
    whole = capacity(team, project.calendar, running.start, running.end, focus=project.focus_factor)
    return Coming(running.id, whole, share_left(running, project.calendar, today))


def _until(one: Coming, project: Project, until: date) -> Coming:
    start, end = one.capacity.start, one.capacity.end
    after = len(project.calendar.working_days(until + timedelta(1), end))
    missed = after / len(project.calendar.working_days(start, end))
    return Coming(one.sprint, one.capacity, max(0.0, one.share - missed))
