"""Whether a team became slower or faster than it was at first: how long its last completions took together.

Hours of working days count. Where one of two completions came on a day off, all hours between them count, until they are
as far apart as usual: who works on a weekend is not slower by that, nor faster.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

from scrum.ceremonies.policy.settings import Settings
from scrum.ceremonies.triggers.standing import Rates
from scrum.ceremonies.triggers.working_hours import working_time
from scrum.team.calendar import WorkingCalendar

_AT_ONCE = timedelta(seconds=1)
"""A window that took no longer, or began with such ones, is compared with nothing: somebody told of them together."""
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
    took = _took(calendar, times, counted.baseline * _HOUR / settings.window)
    change = counted.baseline * _HOUR / max(took, timedelta.resolution) * 100 - 100
    outside = _outside(change, settings)
    left = bool(outside) and outside != rates.outside
    return replace(counted, outside=outside, changes=rates.changes + left)


def _based(rates: Rates, calendar: WorkingCalendar) -> Rates:
    apart = [end - start for start, end in pairwise(rates.times)]
    took = _took(calendar, rates.times, median_low(apart))
    at_once = min(took, len(apart) * apart[0]) < _AT_ONCE
    return rates if at_once else replace(rates, baseline=took / _HOUR)


def _took(calendar: WorkingCalendar, times: Sequence[datetime], usual: timedelta) -> timedelta:
    start, end, middle = times[0], times[-1], len(times) // 2
    working = working_time(calendar, start, end)
    if working == end - start:
        return working
    if working and times[2:]:
        return _took(calendar, times[: middle + 1], usual) + _took(calendar, times[middle:], usual)
    if all(calendar.is_working(calendar.day_of(one)) for one in (start, end)):
        return working
    return sum((max(working, min(later - one, usual)) for one, later in pairwise(times)), timedelta())


def _outside(change: float, settings: Settings) -> str:
    if change <= -settings.drop:
        return "drop"
    return "spike" if change >= settings.spike else ""
