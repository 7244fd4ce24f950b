"""Burndown: the points that remain at the end of each day, beside the straight line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

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
    last = calendar.day_of(sprint.ended_at or now)
    past = [day for day in every if day <= last]
    totals = ledger.at([calendar.midnight(day + timedelta(1)) for day in past])
    committed = ledger.committed().points
    result: list[Day] = []
    for day, ideal, known in zip(
        every, _ideal(every, calendar), [*totals, *[None] * len(every)], strict=False
    ):
        result.append(
            Day(
                day=day,
                working=calendar.is_working(day),
                ideal=round(committed * ideal, 2),
                remaining=known.remaining if known else None,
                scope=known.scope if known else None,
            )
        )
    return tuple(result)


def _ideal(every: Sequence[date], calendar: WorkingCalendar) -> list[float]:
    """The share that remains at the end of each day."""
    gone = list(accumulate(calendar.is_working(day) for day in every))
    return [1 - count / gone[-1] if gone[-1] else 0.0 for count in gone]
