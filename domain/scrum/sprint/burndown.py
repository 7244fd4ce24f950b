"""Burndown: the points that remain at the end of each day, beside the straight line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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


def burndown(sprint: Sprint, ledger: Ledger, calendar: WorkingCalendar, now: datetime) -> tuple[Day, ...]:
    """One entry per calendar day; the ideal line falls on working days only, from what was committed."""
    every = days(sprint.start, sprint.end)
    working = [calendar.is_working(day) for day in every]
    last = calendar.day_of(sprint.ended_at or now)
    past = [day for day in every if day <= last]
    known = ledger.at([calendar.midnight(day + timedelta(1)) for day in past])
    committed = ledger.committed().points
    return tuple(
        Day(
            day=day,
            working=works,
            ideal=round(committed * ideal, 2),
            remaining=then.remaining if then else None,
            scope=then.scope if then else None,
        )
        for day, works, ideal, then in zip_longest(every, working, _ideal(working), known)
    )


def _ideal(working: Sequence[bool]) -> list[float]:
    """The share that remains at the end of each day."""
    gone = list(accumulate(working))
    return [1 - count / gone[-1] if gone[-1] else 0.0 for count in gone]
