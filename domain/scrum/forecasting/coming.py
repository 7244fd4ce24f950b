"""The coming sprints of a project: their days and what the team can give, from its absences and holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from scrum.errors import Invalid
from scrum.forecasting.model import Conditions
from scrum.sprint.model import Sprint
from scrum.team.capacity import Capacity, capacity
from scrum.team.model import Team
from scrum.team.project import Project
from scrum.team.usecases import next_capacity

HORIZON = 40
"""Sprints that are looked ahead, where no day is given."""
FARTHEST = 160
"""Sprints that may lie before a day."""


class TooFar(Invalid):
    def __init__(self, until: date, reached: date) -> None:
        super().__init__(
            f"Before {until} lie more than {FARTHEST} sprints. Give a day up to {reached}, or longer sprints."
        )


@dataclass(frozen=True)
class Coming:
    """`capacity` is of the days that lie ahead and count, `whole` that of the sprint."""

    sprint: str
    capacity: Capacity
    whole: Capacity

    @property
    def share(self) -> float:
        """The part of the sprint's working days that counts, from 0 to 1."""
        return self.capacity.working_days / self.whole.working_days if self.whole.working_days else 0.0

    @property
    def part(self) -> float:
        """The part of the sprint's work that counts: a day on which nobody works adds nothing."""
        return (
            self.share * self.capacity.availability / self.whole.availability
            if self.whole.availability
            else 0.0
        )

    @property
    def conditions(self) -> Conditions:
        return conditions(self.whole)


def conditions(capacity: Capacity, usual: Capacity | None = None) -> Conditions:
    """Of a sprint with this capacity; its hours count against those that the usual team would have in it."""
    of = usual or capacity
    return Conditions(
        days=(capacity.end - capacity.start).days + 1,
        working_days=capacity.working_days,
        members=len(of.people) or None,
        availability=capacity.net_hours / of.gross_hours if of.gross_hours else 1.0,
    )


def coming(
    project: Project, team: Team, running: Sprint | None, today: date, *, until: date | None = None
) -> tuple[Coming, ...]:
    """What is left of the open sprint, and those after it, one behind the other.

    HORIZON of them; with `until` all that lies before the end of that day. Sprints without a working day are left out.

    Raises:
        TooFar: these would be more than FARTHEST.
    """
    found: list[Coming] = []
    for sprint, whole in _all(project, team, running, today):
        if whole.start > until if until else len(found) == HORIZON:
            break
        if len(found) == FARTHEST:
            raise TooFar(until or whole.start, found[-1].whole.end)
        last = min(whole.end, until or whole.end)
        ahead = capacity(team, project.calendar, max(whole.start, today), last, focus=project.focus_factor)
        found += [Coming(sprint, ahead, whole)] if ahead.working_days else []
    return tuple(found)


def _all(project: Project, team: Team, running: Sprint | None, today: date) -> Iterator[tuple[str, Capacity]]:
    free = today
    if running:
        dates = (running.start, running.end)
        yield running.id, capacity(team, project.calendar, *dates, focus=project.focus_factor)
        free = max(today, running.end + timedelta(1))
    for number in count(project.next_sprint):
        whole = next_capacity(project, team, project.calendar.working_day_from(free))
        yield f"{project.key}-S{number}", whole
        free = whole.end + timedelta(1)
