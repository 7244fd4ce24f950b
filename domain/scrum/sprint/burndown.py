"""Burndown: the points that remain at the end of each day, beside the straight line."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
    working = [day for day in every if calendar.is_working(day)]
    committed = ledger.figures().committed.points
    moment = sprint.ended_at or now
    last = calendar.day_of(moment)
    result: list[Day] = []
    for day in every:
        gone = sum(1 for other in working if other <= day)
        ideal = committed * (1 - gone / len(working)) if working else 0.0
        figures = ledger.until(_end_of(calendar, day)).figures() if day <= last else None
        result.append(
            Day(
                day=day,
                working=day in working,
                ideal=round(ideal, 2),
                remaining=figures.remaining.points if figures else None,
                scope=figures.scope if figures else None,
            )
        )
    return tuple(result)


def _end_of(calendar: WorkingCalendar, day: date) -> datetime:
    return calendar.midnight(day + timedelta(1))
