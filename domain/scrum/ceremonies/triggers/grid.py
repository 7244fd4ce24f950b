"""The slots of a ceremony that follows the calendar. Each is computed from the sprint's first day: nothing drifts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from scrum.ceremonies.policy.recurrence import occurring
from scrum.ceremonies.terms import Frequency
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

    def after(self, moment: datetime) -> datetime | None:
        """The next slot, within a year of the first day. A time that a clock change skips is an hour later."""
        for day in self._days(self.calendar.day_of(moment)):
            slot = self._slot(day)
            if slot > moment:
                return slot
        return None

    def label(self, slot: datetime) -> str:
        """The slot as the team's own clocks show it."""
        return slot.astimezone(ZoneInfo(self.calendar.timezone)).isoformat(timespec="minutes")

    def _slot(self, day: date) -> datetime:
        return datetime.combine(day, self.at, ZoneInfo(self.calendar.timezone)).astimezone(UTC)

    def _days(self, start: date) -> Iterator[date]:
        """In their order, beginning not later than `start`."""
        last = self.first + timedelta(LONGEST)
        found = self._ruled() if "=" in self.frequency else self._stretched(max(start, self.first))
        for day in found:
            if day > last:
                return
            yield day

    def _ruled(self) -> Iterator[date]:
        return map(self.calendar.working_day_from, occurring(self.frequency, self.first))

    def _stretched(self, start: date) -> Iterator[date]:
        number = 0 if self.frequency == Frequency.MONTHLY else (start - self.first).days // self._length
        while True:
            begin, end = self._begin(number), self._begin(number + 1) - timedelta(1)
            if begin > self.first + timedelta(LONGEST):
                return
            working = [day for day in days(begin, end) if self.calendar.is_working(day)]
            yield from working[-1:]
            number += 1

    def _begin(self, number: int) -> date:
        if self.frequency == Frequency.MONTHLY:
            return self.first + relativedelta(months=number)
        return self.first + timedelta(number * self._length)

    @property
    def _length(self) -> int:
        return _LENGTHS.get(self.frequency, 1)


_LENGTHS: dict[str, int] = {Frequency.WEEKLY: 7, Frequency.BI_WEEKLY: 14}
