"""Rules of recurrence (RFC 5545, RRULE), as far as a ceremony needs them: days, not times of the day."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache

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
_PROBE = date(9_960, 1, 1)
"""A search that finds nothing ends with the last year there is: from here, that is soon."""


def recurrence(path: str, given: str) -> str:
    """The rule as it is kept. Raises BadRecurrence."""
    rule = given.upper().replace(" ", "").removeprefix("RRULE:")
    parts = {name: value for name, _, value in (part.partition("=") for part in rule.split(";"))}
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


def occurring(rule: str, first: date) -> Iterator[date]:
    """The days of a rule that begins on `first`, in their order."""
    return (moment.date() for moment in _parsed(rule, first))


def _every(interval: str) -> bool:
    return interval.isascii() and interval.isdigit() and 1 <= int(interval) <= _MOST_APART


@lru_cache(maxsize=512)
def _parsed(rule: str, first: date) -> rrule:
    found = rrulestr(rule, dtstart=datetime(first.year, first.month, first.day))  # noqa: DTZ001 - a day, not a moment
    assert isinstance(found, rrule)  # noqa: S101 - one rule makes no set
    return found
