"""Time comes in from outside: the domain never asks for it."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    def __call__(self) -> datetime: ...


def system() -> datetime:
    return datetime.now(UTC)


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day of a moment, where the team lives."""
    return moment.astimezone(ZoneInfo(timezone)).date()
