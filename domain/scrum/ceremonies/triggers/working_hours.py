"""Hours that count on working days alone."""

from datetime import datetime, timedelta

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


def working_time(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta:
    """Of working days, from one moment to a later one."""
    first = calendar.day_of(start)
    last = min(calendar.day_of(end), first + timedelta(LONGEST))
    total = timedelta()
    for day in calendar.working_days(first, last):
        begin, over = calendar.midnight(day), calendar.midnight(day + timedelta(1))
        total += max(timedelta(), min(end, over) - max(start, begin))
    return total
