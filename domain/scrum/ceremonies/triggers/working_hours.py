"""Hours that count on working days alone."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from scrum.team.calendar import LONGEST, WorkingCalendar, days


def hours_later(calendar: WorkingCalendar, moment: datetime, hours: float) -> datetime:
    """When so many hours of working days are over; a working day has all its hours, from midnight to midnight."""
    left = timedelta(hours=hours)
    day = calendar.day_of(moment)
    for one in days(day, day + timedelta(LONGEST)):
        if not calendar.is_working(one):
            continue
        begin, end = max(moment, calendar.midnight(one)), calendar.midnight(one + timedelta(1))
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return moment + timedelta(LONGEST)


def working_time(
    calendar: WorkingCalendar, start: datetime, end: datetime, also: Collection[date] = ()
) -> timedelta:
    """Of working days, and of those also given, from one moment to a later one."""
    first = calendar.day_of(start)
    last = min(calendar.day_of(end), first + timedelta(LONGEST))
    total = timedelta()
    for day in {*calendar.working_days(first, last), *also}:
        begin, over = calendar.midnight(day), calendar.midnight(day + timedelta(1))
        total += max(timedelta(), min(end, over) - max(start, begin))
    return total


def days_off_around(calendar: WorkingCalendar, times: Sequence[datetime]) -> set[date]:
    """Days off on which one of these times was, with the days off in a row with them."""
    return set(
        chain.from_iterable(_days_off_from(calendar, day) for day in {calendar.day_of(one) for one in times})
    )


def _days_off_from(calendar: WorkingCalendar, day: date) -> Iterator[date]:
    for step in (timedelta(-1), timedelta(1)):
        one = day
        while not calendar.is_working(one) and abs(one - day) < timedelta(LONGEST):
            yield one
            one += step
