"""A simulated team: seeded, pure, and the only place where progress is invented.

Each person works through the items that they have the skills for, hour by hour. How long an item really takes
is drawn once, around its estimate; on the way items get blocked, turn out larger, and new work is found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from scrum_server.simulate.invented.happenings import (
    Blocked,
    Finished,
    Found,
    Happening,
    Reestimated,
    Started,
    Unblocked,
    WorkingDay,
)

SCALE = (1, 2, 3, 5, 8, 13)


@dataclass(frozen=True)
class Pace:
    """How a team works: hours that a point takes, how far efforts stray, and what goes wrong how often.

    `noise` is the standard deviation of the logarithm of effort; `blocked_per_day` is a probability for each item in
    progress, `found_per_day` how many pieces of work the team finds on average; an item is estimated anew when
    `overrun` times its estimate is spent and as much as `surprise` of it is left. Estimates are `size` times those of
    SCALE.
    """

    hours_per_point: float = 8.25
    noise: float = 0.3
    blocked_per_day: float = 0.03
    longest_block: int = 3
    found_per_day: float = 0.12
    overrun: float = 1.0
    surprise: float = 0.25
    size: int = 1

    def larger(self, points: int) -> int | None:
        """The next larger estimate; None where there is none."""
        return next((size * self.size for size in SCALE if size * self.size > points), None)


@dataclass(frozen=True)
class Person:
    name: str
    skills: frozenset[str] = frozenset()
    hours_per_day: float = 8.0
    away: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Task:
    """An item in the sprint; `needs` names the items that come before it."""

    key: str
    points: int
    skills: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    assignee: str = ""


@dataclass(frozen=True)
class Surprises:
    """What chance picks from: reasons of blocks, and work that may be found."""

    blocks: Sequence[str] = ("waiting for an answer",)
    found: Sequence[Found] = ()


@dataclass
class _Work:
    """`effort` is what the item really takes, in hours, and `spent` what it took so far."""

    task: Task
    effort: float
    spent: float = 0.0
    who: str = ""
    blocked_days: int = 0
    reestimated: bool = False

    @property
    def left(self) -> float:
        return self.effort - self.spent


@dataclass
class SimulatedTeam:
    """Remembers what was done from sprint to sprint: an item that is carried over is not begun anew."""

    people: Sequence[Person]
    pace: Pace
    surprises: Surprises
    chance: Random
    _known: dict[str, _Work] = field(default_factory=dict[str, _Work])
    _open: dict[str, _Work] = field(default_factory=dict[str, _Work])
    _found: int = 0

    def plan(self, tasks: Iterable[Task]) -> None:
        """A new sprint with these tasks: what was in the last one and is not in here rests."""
        self._open = {}
        for task in tasks:
            self.add(task)

    def add(self, task: Task) -> None:
        """One more task in the running sprint."""
        work = self._known.setdefault(task.key, _Work(task, self._effort(task)))
        work.task = task
        self._open[task.key] = work

    def free(self) -> list[Happening]:
        """Between two sprints nothing stays blocked."""
        stuck = [key for key, work in self._open.items() if work.blocked_days]
        for key in stuck:
            self._open[key].blocked_days = 0
        return [Unblocked(key) for key in stuck]

    def work(self, day: date) -> WorkingDay:
        happenings = [*self._unblock(), *self._block()]
        hours: dict[str, float] = {}
        for person in self.people:
            if day not in person.away:
                worked = self._work_of(person, happenings)
                hours |= {person.name: worked} if worked else {}
        happenings.extend(self._reestimate())
        happenings.extend(self._find())
        return WorkingDay(day, tuple(happenings), hours)

    def _effort(self, task: Task) -> float:
        return task.points * self.pace.hours_per_point * self.chance.lognormvariate(0, self.pace.noise)

    def _unblock(self) -> list[Happening]:
        free: list[Happening] = []
        for key, work in self._open.items():
            if work.blocked_days:
                work.blocked_days -= 1
                free += [] if work.blocked_days else [Unblocked(key)]
        return free

    def _block(self) -> list[Happening]:
        stuck: list[Happening] = []
        for key, work in self._open.items():
            in_progress = work.who and not work.blocked_days
            if in_progress and self.chance.random() < self.pace.blocked_per_day:
                work.blocked_days = self.chance.randint(1, self.pace.longest_block)
                stuck.append(Blocked(key, self.chance.choice(self.surprises.blocks)))
        return stuck

    def _work_of(self, person: Person, happenings: list[Happening]) -> float:
        """The hours that a person worked; what that changed is appended."""
        left = person.hours_per_day
        while left > 0 and (work := self._next(person)):
            if not work.who:
                work.who = person.name
                happenings.append(Started(work.task.key, person.name))
            step = min(left, work.left)
            work.spent += step
            left -= step
            if work.left <= 0:
                happenings.append(Finished(work.task.key, person.name))
                del self._open[work.task.key]
        return person.hours_per_day - left

    def _next(self, person: Person) -> _Work | None:
        """What they began, then what is theirs, then what nobody began, then helping with what others began."""
        able = [
            work for work in self._open.values() if self._ready(work) and work.task.skills <= person.skills
        ]
        mine = [work for work in able if work.who == person.name]
        planned = [work for work in able if not work.who and work.task.assignee == person.name]
        unbegun = [work for work in able if not work.who]
        return next(iter([*mine, *planned, *unbegun, *able]), None)

    def _ready(self, work: _Work) -> bool:
        return not work.blocked_days and not work.task.needs & self._open.keys()

    def _reestimate(self) -> list[Happening]:
        larger: list[Happening] = []
        for key, work in self._open.items():
            points = work.task.points
            estimate = points * self.pace.hours_per_point
            late = work.spent >= self.pace.overrun * estimate and work.left >= self.pace.surprise * estimate
            after = self.pace.larger(points)
            if late and not work.reestimated and after:
                work.reestimated = True
                larger.append(Reestimated(key, points, after))
        return larger

    def _find(self) -> list[Happening]:
        if self._found == len(self.surprises.found):
            return []
        number = int(self.pace.found_per_day)
        number += self.chance.random() < self.pace.found_per_day - number
        first, self._found = self._found, min(self._found + number, len(self.surprises.found))
        return list(self.surprises.found[first : self._found])
