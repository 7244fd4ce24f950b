"""Whether a team became slower or faster than it was at first: how long its last completions took together."""

from dataclasses import replace
from datetime import datetime

from scrum.ceremonies.policy.settings import Settings
from scrum.ceremonies.triggers.standing import Rates
from scrum.ceremonies.triggers.working_hours import hours_between
from scrum.team.calendar import WorkingCalendar

_LEAST = 1 / 3600
"""A second: what took no time at all still has a rate."""


def begun(shown: datetime) -> Rates:
    return Rates(times=(shown,), since=shown)


def completed(rates: Rates, settings: Settings, calendar: WorkingCalendar, shown: datetime) -> Rates:
    """After one more completion; the first full window is the baseline, and says nothing else."""
    times = (*rates.times, shown)[-settings.window - 1 :]
    counted = replace(rates, times=times, since=shown, completions=rates.completions + 1, stalled=False)
    if counted.completions < settings.window:
        return counted
    hours = max(_LEAST, hours_between(calendar, times[0], times[-1]))
    if not counted.baseline:
        return replace(counted, baseline=hours)
    outside = _outside(counted.baseline / hours * 100 - 100, settings)
    left = bool(outside) and outside != rates.outside
    return replace(counted, outside=outside, changes=rates.changes + left)


def _outside(change: float, settings: Settings) -> str:
    if change <= -settings.drop:
        return "drop"
    return "spike" if change >= settings.spike else ""
