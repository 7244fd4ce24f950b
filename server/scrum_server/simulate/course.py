"""What is played: a team, its work and its days. All of it is made up, and all of it is marked as simulated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from scrum_server.simulate.simulator import Pace, Person, Surprises

MARK = "simulated"
EARLY, MORNING, START, EVENING = 7, 8, 10, 17
_WORKDAYS = 5


@dataclass(frozen=True)
class NewItem:
    """`depends_on` counts the rows that it comes with from 1, like `#2`."""

    title: str
    type: str
    points: int | None
    priority: str
    skills: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()

    def entry(self) -> dict[str, object]:
        return {
            "title": self.title,
            "type": self.type,
            "points": self.points,
            "priority": self.priority,
            "skills": list(self.skills),
            "labels": [*self.labels, MARK],
            "depends_on": list(self.depends_on),
        }


@dataclass(frozen=True)
class Course:
    """A sprint for each goal, of so many calendar `days`; `backlog` has what is added before each of them.

    `history` is a file of past sprints, `cadence` a template of ceremonies; both may be empty.
    """

    project: str
    name: str
    first_day: date
    days: int
    people: tuple[Person, ...]
    pace: Pace
    surprises: Surprises
    goals: tuple[str, ...]
    backlog: tuple[tuple[NewItem, ...], ...]
    seed: int
    history: str = ""
    cadence: str = ""

    @property
    def marked_name(self) -> str:
        return f"{self.name} ({MARK})"


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def next_morning(now: datetime) -> date:
    return now.date() + timedelta(now.hour >= MORNING)


def working_day_from(day: date) -> date:
    """The same day, or the Monday after it."""
    return day if day.weekday() < _WORKDAYS else day + timedelta(7 - day.weekday())


def working_days(first: date, days: int) -> Iterator[date]:
    """Among so many calendar days."""
    each = (first + timedelta(n) for n in range(days))
    return (day for day in each if day.weekday() < _WORKDAYS)


def runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """First and last of each run of days without a gap; the days are in order."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][1] == day - timedelta(1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
