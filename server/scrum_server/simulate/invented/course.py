"""What is played: a team, its work and its days. All of it is made up, and all of it is marked as simulated."""

from dataclasses import dataclass
from datetime import date

from scrum_server.simulate.invented.team import Pace, Person, Surprises

MARK = "simulated"


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
