"""Rules of recurrence (RFC 5545, RRULE), as far as a ceremony needs them: days, not times of the day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrule, rrulestr

from scrum.ceremonies.errors import BadRecurrence

_PARTS = {
    "DAILY": {"FREQ", "INTERVAL"},
    "WEEKLY": {"FREQ", "INTERVAL", "BYDAY", "WKST"},
    "MONTHLY": {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS"},
}
"""With these, the search for the next day always ends soon."""
_LONGEST = 120
_MOST_APART = 90
_TOGETHER = 16
_PROBE = date(9_960, 1, 1)
"""A search that finds nothing ends with the last year there is: from here, that is soon."""


def recurrence(path: str, given: str) -> str:
    """The rule as it is kept. Raises BadRecurrence."""
    rule = given.upper().replace(" ", "").removeprefix("RRULE:")
    parts = _parts(rule)
    allowed = _PARTS.get(parts.get("FREQ", ""))
    if allowed is None:
        raise BadRecurrence(path, given, f"FREQ is one of {', '.join(_PARTS)}")
    if strange := parts.keys() - allowed:
        raise BadRecurrence(path, given, f"{min(strange)!r} does not go with FREQ={parts['FREQ']}")
    if len(rule) > _LONGEST or not _every(parts.get("INTERVAL", "1")):
        raise BadRecurrence(path, given, f"INTERVAL is from 1 to {_MOST_APART}, and the rule is short")
    try:
        first = next(occurring(rule, _PROBE), None)
    except ValueError as error:
        raise BadRecurrence(path, given, str(error) or "a part of it has no meaning") from None
    if first is None:
        raise BadRecurrence(path, given, "it never comes")
    return rule


def occurring(rule: str, first: date, since: date | None = None) -> Iterator[date]:
    """The days of a rule that begins on `first`, in their order; of those before `since` only the last ones."""
    return (moment.date() for moment in _parsed(*_begun(rule, first, since or first)))


def _begun(rule: str, first: date, since: date) -> tuple[str, date]:
    """The same rule, many whole intervals later: what is long over is not counted day by day."""
    parts = _parts(rule)
    every = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] == "MONTHLY":
        months = 12 * (since.year - first.year) + since.month - first.month
        later = first.replace(day=1) + relativedelta(months=_passed(months, every))
        return (_with_its_day(rule, first), later) if later > first else (rule, first)
    length = every * (7 if parts["FREQ"] == "WEEKLY" else 1)
    return rule, first + timedelta(_passed((since - first).days, length))


def _passed(number: int, length: int) -> int:
    """In whole lengths, and in few different numbers, for which rules are kept."""
    return max(0, number // length - 1) // _TOGETHER * _TOGETHER * length


def _with_its_day(rule: str, first: date) -> str:
    """A month's rule without days means the day of the month on which it began."""
    return rule if "BYDAY" in rule or "BYMONTHDAY" in rule else f"{rule};BYMONTHDAY={first.day}"


def _parts(rule: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition("=") for part in rule.split(";"))}


def _every(interval: str) -> bool:
    return interval.isascii() and interval.isdigit() and 1 <= int(interval) <= _MOST_APART


@lru_cache(maxsize=512)
def _parsed(rule: str, first: date) -> rrule:
    found = rrulestr(rule, dtstart=datetime(first.year, first.month, first.day))  # noqa: DTZ001 - a day, not a moment
    assert isinstance(found, rrule)  # noqa: S101 - one rule makes no set
    return found
