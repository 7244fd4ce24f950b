"""How one value of a policy is read: checked, and brought to the one form in which it is kept (plain JSON)."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import time
from enum import StrEnum
from math import isfinite
from typing import Any, TypeGuard, cast
from zoneinfo import available_timezones

from scrum.ceremonies.errors import BadName, BadSetting, BadText, GivenTwice, UnknownChoice, UnknownSetting
from scrum.ceremonies.policy.recurrence import recurrence
from scrum.ceremonies.terms import Frequency, Strategy, Trigger
from scrum.text import line, nearest

Reader = Callable[[str, Any], Any]
"""Takes the path and the value. Raises Invalid, which begins with the path."""

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_EVENT = re.compile(r"[a-z][a-z0-9_.:-]{0,59}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST_LISTED = 50
_SPELLED: Mapping[str, str] = {"time_boxed": "calendar", "timeboxed": "calendar", "biweekly": "bi_weekly"}


def snake(text: str) -> str:
    """`Bi-Weekly`, `BI_WEEKLY` and `TaskCompleted` as they are kept: bi_weekly, task_completed."""
    return re.sub(r"[\s-]+", "_", _CAMEL.sub("_", text.strip())).lower()


def whole(low: int, high: int) -> Reader:
    def read(path: str, given: Any) -> int:
        number = _number(path, given, f"a whole number from {low} to {high}")
        if number != int(number) or not low <= number <= high:
            raise BadSetting(path, given, f"a whole number from {low} to {high}")
        return int(number)

    return read


def number(low: float, high: float) -> Reader:
    wanted = f"a number from {low:g} to {high:g}"

    def read(path: str, given: Any) -> float:
        found = _number(path, given, wanted)
        if not low <= found <= high:
            raise BadSetting(path, given, wanted)
        return found

    return read


def _number(path: str, given: Any, wanted: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
        raise BadSetting(path, given, wanted)
    return given


def numbers(low: float, high: float) -> Reader:
    """A list of different ones, kept in their order of size."""
    one = number(low, high)

    def read(path: str, given: Any) -> list[float]:
        entries = listed(path, given, "a list of numbers")
        return sorted({one(f"{path}[{place}]", entry) for place, entry in enumerate(entries)})

    return read


def flag(path: str, given: Any) -> bool:
    if not isinstance(given, bool):
        raise BadSetting(path, given, "true or false")
    return given


def _choice(kind: type[StrEnum]) -> Reader:
    def read(path: str, given: Any) -> str:
        word = snake(text(path, given, f"one of {', '.join(kind)}"))
        word = _SPELLED.get(word, word)
        if word not in set(kind):
            raise UnknownChoice(path, given, kind)
        return word

    return read


strategy = _choice(Strategy)
trigger = _choice(Trigger)


def frequency(path: str, given: Any) -> str:
    """A word, or a rule of recurrence (RFC 5545)."""
    words = text(path, given, "a frequency")
    if "=" in words:
        return recurrence(path, words)
    word = snake(words)
    word = _SPELLED.get(word, word)
    if word not in set(Frequency):
        raise UnknownChoice(path, words, Frequency, "an RRULE like FREQ=WEEKLY;BYDAY=TU")
    return word


def clock_time(path: str, given: Any) -> str:
    wanted = "a time of day like 09:30"
    words = text(path, given, wanted)
    try:
        if not _CLOCK.fullmatch(words):
            raise BadText(path, words, wanted)
        return time.fromisoformat(words.rjust(5, "0")).isoformat("minutes")
    except ValueError:
        raise BadText(path, words, wanted) from None


def zone(path: str, given: Any) -> str:
    """Empty is the zone of the project."""
    wanted = "an IANA time zone like Europe/Berlin or UTC, or '' for the project's"
    words = text(path, given, wanted)
    if words and words not in available_timezones():
        raise BadText(path, words, wanted, nearest(words, available_timezones()))
    return words


def event(path: str, given: Any) -> str:
    """Any name: a team may emit events of its own."""
    wanted = "the name of an event, like task_completed"
    words = text(path, given, wanted)
    word = snake(words)
    if not _EVENT.fullmatch(word):
        raise BadText(path, words, wanted)
    return word


def events(path: str, given: Any) -> list[str]:
    entries = [given] if isinstance(given, str) else listed(path, given, "a list of names")
    return list(dict.fromkeys(event(f"{path}[{place}]", entry) for place, entry in enumerate(entries)))


def names(path: str, given: Any) -> list[str]:
    entries = [given] if isinstance(given, str) else listed(path, given, "a list of names")
    return list(dict.fromkeys(_line(f"{path}[{place}]", entry) for place, entry in enumerate(entries)))


def milestone_name(path: str, given: Any) -> str:
    """Empty for none."""
    return line(path, text(path, given, "the name of a milestone"), limit=80)


def milestones(path: str, given: Any) -> dict[str, dict[str, Any] | None]:
    """Name -> items and ceremony; a list of mappings with `name` is read as well."""
    entries = mapping(path, given) if isinstance(given, Mapping) else _by_name(path, given)
    return {
        milestone_name(path, name): None if entry is None else _milestone(f"{path}.{name}", entry)
        for name, entry in entries.items()
    }


def _by_name(path: str, given: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, entry in enumerate(listed(path, given, "a list of mappings with name, items and ceremony")):
        one = mapping(f"{path}[{place}]", entry)
        name = _line(f"{path}[{place}].name", one.pop("name", None))
        if name in found:
            raise GivenTwice(f"{path}.{name}")
        found[name] = one
    return found


def _milestone(path: str, given: Any) -> dict[str, Any]:
    one = mapping(path, given)
    for key in one:
        if key not in ("items", "ceremony"):
            raise UnknownSetting(f"{path}.{key}", ("items", "ceremony"))
    items = [key.upper() for key in names(f"{path}.items", one.get("items", []))]
    if not items:
        raise BadSetting(f"{path}.items", one.get("items"), "a list with the key of one item or more")
    return {
        "items": items,
        "ceremony": ceremony_name(f"{path}.ceremony", one.get("ceremony", ""), empty=True),
    }


_CALLED: Mapping[str, str] = {
    "planning": "sprint_planning",
    "standup": "daily_scrum",
    "stand_up": "daily_scrum",
    "daily": "daily_scrum",
    "daily_standup": "daily_scrum",
    "refinement": "backlog_refinement",
    "grooming": "backlog_refinement",
    "backlog_grooming": "backlog_refinement",
    "review": "sprint_review",
    "retro": "retrospective",
    "sprint_retrospective": "retrospective",
}


def ceremony_name(path: str, given: Any, *, empty: bool = False) -> str:
    if empty and given == "":
        return ""
    word = called(given) if isinstance(given, str) else ""
    if not NAME.fullmatch(word):
        raise BadName(path, given)
    return word


def called(given: str) -> str:
    """A ceremony as it is called here: retro is retrospective."""
    word = snake(given)
    return _CALLED.get(word, word)


def text(path: str, given: Any, wanted: str) -> str:
    if not isinstance(given, str):
        raise BadSetting(path, given, wanted)
    return given.strip()


def _line(path: str, given: Any) -> str:
    words = line(path, text(path, given, "a name"), limit=80)
    if not words:
        raise BadText(path, words, "a name")
    return words


def listed(path: str, given: Any, wanted: str) -> list[Any]:
    if not isinstance(given, list | tuple):
        raise BadSetting(path, cast("object", given), wanted)
    found = list(cast("Iterable[Any]", given))
    if len(found) > _MOST_LISTED:
        raise BadSetting(path, found, f"{wanted}, of at most {_MOST_LISTED} entries")
    return found


def mapping(path: str, given: Any) -> dict[str, Any]:
    if not is_mapping(given):
        raise BadSetting(path, given, "a mapping")
    return {str(key): value for key, value in given.items()}


def is_mapping(given: Any) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(given, Mapping)
