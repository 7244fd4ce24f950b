"""Whether a team became slower or faster than it was at first: how long its last completions took together.

Hours of working days count. Those of days off on which some of them came count as well, as far as that brings the pace
nearer to the baseline: who works on a weekend is not slower by that, nor faster.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from scrum.ceremonies.policy.settings import Settings
from scrum.ceremonies.triggers.standing import Rates
from scrum.ceremonies.triggers.working_hours import days_off_around, working_time
from scrum.team.calendar import LONGEST, WorkingCalendar

_AT_ONCE = timedelta(seconds=1)
"""A window that took no longer, or began with such ones, is compared with nothing: somebody told of them together."""
_EVEN = 1.5
"""Completions of which none were so many times as far apart as others came at any time: none of those days was a rest."""
_HOUR = timedelta(hours=1)


def begun(shown: datetime) -> Rates:
    return Rates(times=(shown,), since=shown)


def completed(rates: Rates, settings: Settings, calendar: WorkingCalendar, shown: datetime) -> Rates:
    """After one more completion; the first full window that took time is the baseline, and says nothing else."""
    times = (*rates.times, shown)[-settings.window - 1 :]
    counted = replace(rates, times=times, since=shown, completions=rates.completions + 1, stalled=False)
    if len(times) <= settings.window:
        return counted
    if not counted.baseline:
        return _based(counted, calendar)
    took = _took(calendar, times, counted.baseline * _HOUR)
    change = counted.baseline * _HOUR / max(took, timedelta.resolution) * 100 - 100
    outside = _outside(change, settings)
    left = bool(outside) and outside != rates.outside
    return replace(counted, outside=outside, changes=rates.changes + left)


def _based(rates: Rates, calendar: WorkingCalendar) -> Rates:
    times, apart = rates.times, [end - start for start, end in pairwise(rates.times)]
    even = max(apart) <= _EVEN * min(apart)
    worked = days_off_around(calendar, times) if even else {calendar.day_of(one) for one in times}
    took = _counted(calendar, times, worked)
    at_once = min(took, len(apart) * apart[0]) < _AT_ONCE
    return rates if at_once else replace(rates, baseline=took / _HOUR)


def _took(calendar: WorkingCalendar, times: Sequence[datetime], baseline: timedelta) -> timedelta:
    """At least the hours of working days, at most also those of days off with work on them; what is nearest of these."""
    working = _counted(calendar, times)
    if working >= min(baseline, times[-1] - times[0]):
        return working
    return min(baseline, _counted(calendar, times, days_off_around(calendar, times)))


def _counted(calendar: WorkingCalendar, times: Sequence[datetime], also: Collection[date] = ()) -> timedelta:
    """By halves where it is longer than working time is counted at once."""
    start, end, middle = times[0], times[-1], len(times) // 2
    if times[2:] and calendar.day_of(end) - calendar.day_of(start) > timedelta(LONGEST):
        return _counted(calendar, times[: middle + 1], also) + _counted(calendar, times[middle:], also)
    return working_time(calendar, start, end, also)


def _outside(change: float, settings: Settings) -> str:
    if change <= -settings.drop:
        return "drop"
    return "spike" if change >= settings.spike else ""
