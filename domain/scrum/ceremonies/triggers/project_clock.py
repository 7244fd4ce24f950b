"""The project's clock, which may run faster than the real one, and its working hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scrum.team.calendar import LONGEST, WorkingCalendar, days

_LATEST = datetime(9_000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ProjectClock:
    """At `anchor` both show the same; from there on the project's runs `scale` times faster."""

    anchor: datetime
    scale: float = 1

    def shows(self, real: datetime) -> datetime:
        """What the project's clock shows at a real moment."""
        if self.scale == 1:
            return real
        try:
            return min(_LATEST, self.anchor + (real - self.anchor) * self.scale)
        except OverflowError:
            return _LATEST

    def real(self, shown: datetime) -> datetime:
        """The real moment at which the project's clock shows this, rounded up: never before it does."""
        if self.scale == 1:
            return shown
        moment = self.anchor + (shown - self.anchor) / self.scale
        return moment if self.shows(moment) >= shown else moment + timedelta.resolution


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


def hours_between(calendar: WorkingCalendar, start: datetime, end: datetime) -> float:
    """Hours of working days from one moment to a later one."""
    first = calendar.day_of(start)
    last = min(calendar.day_of(end), first + timedelta(LONGEST))
    total = timedelta()
    for day in calendar.working_days(first, last):
        begin, over = calendar.midnight(day), calendar.midnight(day + timedelta(1))
        total += max(timedelta(), min(end, over) - max(start, begin))
    return total / timedelta(hours=1)
