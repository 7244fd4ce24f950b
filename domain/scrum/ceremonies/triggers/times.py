"""Times as sentences tell them: real ones, and beside them what the project's clock shows where it runs faster."""

from datetime import datetime
from zoneinfo import ZoneInfo

from scrum.ceremonies.policy.model import Rule
from scrum.ceremonies.triggers.alarms import calendar_of
from scrum.ceremonies.triggers.standing import Circumstances

_MINUTES, _SECONDS = "%Y-%m-%d %H:%M %Z", "%Y-%m-%d %H:%M:%S %Z"


def time_of(around: Circumstances, rule: Rule, real: datetime) -> str:
    """`2026-05-05 09:00 CEST`; where clocks differ, `2026-05-04 08:05:12 CEST (2026-05-05 09:00 CEST for the project)`."""
    form = _MINUTES if around.clock.scale == 1 else _SECONDS
    return _told(around, rule, real, form) + project_time_of(around, rule, real)


def project_time_of(around: Circumstances, rule: Rule, real: datetime) -> str:
    """In brackets after a space; empty where both clocks show the same."""
    if around.clock.scale == 1:
        return ""
    return f" ({_told(around, rule, around.clock.shows(real), _MINUTES)} for the project)"


def lasting(number: float, unit: str) -> str:
    """`1 hour`, `0.5 hours`."""
    return f"{number:g} {unit if number == 1 else f'{unit}s'}"


def _told(around: Circumstances, rule: Rule, moment: datetime, form: str) -> str:
    return moment.astimezone(ZoneInfo(calendar_of(around, rule).timezone)).strftime(form)
