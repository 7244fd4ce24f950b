"""Days and hours of a simulation, in UTC. It works from Monday to Friday, and knows no public holidays."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

EARLY, MORNING, START, EVENING = 7, 8, 10, 17
_WORKDAYS = 5


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
