"""Time comes in from outside: the domain never asks for it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_LATEST = datetime(9_000, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    def __call__(self) -> datetime: ...


def system() -> datetime:
    return datetime.now(UTC)


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day of a moment, where the team lives."""
    return moment.astimezone(ZoneInfo(timezone)).date()


@dataclass(frozen=True)
class ProjectClock:
    """Up to `anchor` it shows the real time; from there on it runs `scale` times faster.

    After `until` it runs on from what it shows then, no faster than the real one.
    """

    anchor: datetime
    scale: float = 1
    until: datetime | None = None

    def shows(self, real: datetime) -> datetime:
        """What the project's clock shows at a real moment."""
        if self.scale == 1 or real <= self.anchor:
            return real
        fast = min(real, self.until or real) - self.anchor
        try:
            return min(_LATEST, real - fast + fast * self.scale)
        except OverflowError:
            return _LATEST

    def real(self, shown: datetime) -> datetime:
        """The real moment at which the project's clock shows this, rounded up: never before it does."""
        if self.scale == 1 or shown <= self.anchor:
            return shown
        if self.until and shown > self.shows(self.until):
            return self.until + (shown - self.shows(self.until))
        moment = self.anchor + (shown - self.anchor) / self.scale
        return moment if self.shows(moment) >= shown else moment + timedelta.resolution


REAL_TIME = ProjectClock(datetime.fromtimestamp(0, UTC))
