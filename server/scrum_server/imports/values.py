"""What the texts in a file mean. What has no clear meaning is refused, with what would have one."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from scrum.backlog.model import BadPoints, ItemType, Priority, points
from scrum.errors import Invalid
from scrum.text import cleaned, quoted

E = TypeVar("E", bound=StrEnum)

_WHOLE = re.compile(r"([0-9]{1,9})(?:\.0*)?")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,9})?")
_SEPARATORS = re.compile(r"[,;|\n]")
_DAYS = ("%Y/%m/%d", "%d.%m.%Y", "%d/%b/%y", "%d/%b/%Y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y")
_TIME = re.compile(r"[ T]\d{1,2}:\d\d.*$")  # trackers add a time to a day

PRIORITIES = {
    Priority.HIGHEST: ("blocker", "urgent", "p0", "p1"),
    Priority.HIGH: ("critical", "p2"),
    Priority.MEDIUM: ("major", "normal", "p3"),
    Priority.LOW: ("minor", "p4"),
    Priority.LOWEST: ("trivial", "p5"),
}
TYPES = {
    ItemType.STORY: ("user story", "feature", "new feature", "improvement", "enhancement"),
    ItemType.BUG: ("defect", "fault"),
    ItemType.TASK: ("sub-task", "subtask", "technical task", "chore"),
    ItemType.SPIKE: ("research", "investigation"),
}


class NotOneOf(Invalid):
    def __init__(self, names: str) -> None:
        super().__init__(f"it must be one of {names}. Change it, or leave it empty")


class NotADay(Invalid):
    def __init__(self) -> None:
        super().__init__("it must be a day like 2026-03-31")


class NotANumber(Invalid):
    def __init__(self, what: str) -> None:
        super().__init__(f"it must be {what}")


def whole_points(text: str) -> int:
    """Raises BadPoints."""
    if not (found := _WHOLE.fullmatch(cleaned(text))):
        raise BadPoints(quoted(text, 20))
    return points(int(found[1]))


def number(low: float, high: float) -> Callable[[str], float]:
    """Reads a decimal number in the range, or raises NotANumber."""

    def read(text: str) -> float:
        known = _DECIMAL.fullmatch(cleaned(text))
        if not known or not low <= float(known[0]) <= high:
            raise NotANumber(f"a number from {low:g} to {high:g}, like 12.5")
        return float(known[0])

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number in the range, or raises NotANumber."""

    def read(text: str) -> int:
        known = _WHOLE.fullmatch(cleaned(text))
        if not known or not low <= int(known[1]) <= high:
            raise NotANumber(f"a whole number from {low} to {high}")
        return int(known[1])

    return read


def day(text: str) -> date:
    """ISO dates, and forms in which day and month cannot be mixed up; a time after it is left out.

    Raises:
        NotADay.
    """
    given = _TIME.sub("", cleaned(text)).strip()
    for read in (date.fromisoformat, *(_reader(form) for form in _DAYS)):
        try:
            return read(given)
        except ValueError:
            continue
    raise NotADay


def names(text: str) -> tuple[str, ...]:
    """Separated by commas, semicolons, bars or line breaks; each once."""
    listed = (" ".join(cleaned(name).split()) for name in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(filter(None, listed)))


def one_of(words: Mapping[E, tuple[str, ...]]) -> Callable[[str], E]:
    """Reads a choice by its own name or another usual one, or raises NotOneOf."""
    known = {_word(name): choice for choice, others in words.items() for name in (choice.value, *others)}

    def read(text: str) -> E:
        choice = known.get(_word(text))
        if choice is None:
            raise NotOneOf(", ".join(choice.value for choice in words))
        return choice

    return read


def _word(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", cleaned(text)).casefold()


def _reader(form: str) -> Callable[[str], date]:
    return lambda text: datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
