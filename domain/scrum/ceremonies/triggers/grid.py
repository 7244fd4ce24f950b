"""The slots of a ceremony that follows the calendar. Each is computed from the sprint's first day: nothing drifts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from scrum.ceremonies.policy.recurrence import occurring
from scrum.ceremonies.terms import Frequency
from scrum.clock import local_day
from scrum.team.calendar import LONGEST, WorkingCalendar, days


@dataclass(frozen=True)
class Grid:
    """`first` is the sprint's first day.

    Words like weekly divide the sprint into stretches, and have a slot on the last working day of each, so that a
    sprint of 14 days has its bi-weekly one. A day of a rule that is not a working day moves to the next that is; when
    it meets another one there, they are one.
    """

    frequency: str
    at: time
    calendar: WorkingCalendar
    first: date

    def after(self, moment: datetime, over: date | None = None) -> datetime | None:
        """The next slot within a year.

        `over` is the day of the last one: what it was the slot of has no other, though the calendar changed since.
        """
        for day in self._days(max(self.first, self.calendar.day_of(moment)), over):
            slot = moment_on(day, self.at, self.calendar.timezone)
            if slot > moment:
                return slot
        return None

    def label(self, slot: datetime) -> str:
        """The slot as the team's own clocks show it."""
        return slot.astimezone(ZoneInfo(self.calendar.timezone)).isoformat(timespec="minutes")

    def _days(self, start: date, over: date | None) -> Iterator[date]:
        """In their order, beginning not later than `start`."""
        last = start + timedelta(LONGEST)
        for day in self._ruled(start, over) if "=" in self.frequency else self._stretched(start, over):
            if day > last:
                return
            yield day

    def _ruled(self, start: date, over: date | None) -> Iterator[date]:
        """Up to one without a working day in the year after it."""
        slot = over or date.min
        for day in occurring(self.frequency, self.first, self._working_day_before(start)):
            if day <= slot:
                continue
            slot = self.calendar.working_day_from(day)
            if not self.calendar.is_working(slot):
                return
            yield slot

    def _working_day_before(self, day: date) -> date:
        """What falls later may move to `day`, or beyond it."""
        before = (day - timedelta(number) for number in range(1, LONGEST))
        return next(filter(self.calendar.is_working, before), day - timedelta(LONGEST))

    def _stretched(self, start: date, over: date | None) -> Iterator[date]:
        number = max(self._number(start), self._number(over) + 1 if over else 0)
        while (begin := self._begin(number)) <= start + timedelta(LONGEST):
            stretch = days(begin, self._begin(number + 1) - timedelta(1))
            working = [day for day in stretch if self.calendar.is_working(day)]
            yield from working[-1:]
            number += 1

    def _number(self, day: date) -> int:
        """Of the stretch that the day belongs to."""
        if self.frequency != Frequency.MONTHLY:
            return (day - self.first).days // self._length
        months = 12 * (day.year - self.first.year) + day.month - self.first.month
        return months if self._begin(months) <= day else months - 1

    def _begin(self, number: int) -> date:
        if self.frequency == Frequency.MONTHLY:
            return self.first + relativedelta(months=number)
        return self.first + timedelta(number * self._length)

    @property
    def _length(self) -> int:
        return _LENGTHS.get(self.frequency, 1)


def moment_on(day: date, at: time, timezone: str) -> datetime:
    """A time that a clock change skips is an hour later; where that is the next day, an hour earlier."""
    moment = datetime.combine(day, at, ZoneInfo(timezone))
    later = moment.astimezone(UTC)
    return later if local_day(later, timezone) == day else moment.replace(fold=1).astimezone(UTC)


_LENGTHS: dict[str, int] = {Frequency.WEEKLY: 7, Frequency.BI_WEEKLY: 14}
