"""Burndown: the points that remain at the end of each day, beside the straight line."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, zip_longest

from scrum.sprint.ledger import Ledger
from scrum.sprint.model import Sprint
from scrum.team.calendar import WorkingCalendar, days


@dataclass(frozen=True)
class Day:
    """`remaining` and `scope` are None for days to come."""

    day: date
    working: bool
    ideal: float
    remaining: int | None
    scope: int | None


@dataclass(frozen=True)
class _Course:
    """Day by day: the day, whether it is worked, the share that ideally remains at its end, and when it ends."""

    days: tuple[date, ...]
    working: tuple[bool, ...]
    ideal: tuple[float, ...]
    ends: tuple[datetime, ...]


def burndown(sprint: Sprint, ledger: Ledger, calendar: WorkingCalendar, now: datetime) -> tuple[Day, ...]:
    """One entry per calendar day; the ideal line falls on working days only, from what was committed."""
    course = _course(calendar, sprint.start, sprint.end)
    past = bisect_right(course.days, calendar.day_of(sprint.ended_at or now))
    known = ledger.at(course.ends[:past])
    committed = ledger.committed().points
    return tuple(
        Day(
            day=day,
            working=works,
            ideal=round(committed * ideal, 2),
            remaining=then.remaining if then else None,
            scope=then.scope if then else None,
        )
        for day, works, ideal, then in zip_longest(course.days, course.working, course.ideal, known)
    )


@lru_cache(maxsize=256)
def _course(calendar: WorkingCalendar, start: date, end: date) -> _Course:
    every = days(start, end)
    working = tuple(calendar.is_working(day) for day in every)
    ends = tuple(calendar.midnight(day + timedelta(1)) for day in every)
    return _Course(every, working, tuple(_ideal(working)), ends)


def _ideal(working: Sequence[bool]) -> list[float]:
    """The share that remains at the end of each day."""
    gone = list(accumulate(working))
    return [1 - count / gone[-1] if gone[-1] else 0.0 for count in gone]
