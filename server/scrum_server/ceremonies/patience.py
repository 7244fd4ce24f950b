"""What failed, and is tried again later each time, so that it holds up nothing else."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scrum_server.events.loops import backoff

_FIRST, _LONGEST = 1.0, 300.0


@dataclass(frozen=True)
class Patience:
    """By name: how often it failed in a row, and when it is tried again, at first after `first` seconds at most."""

    first: float = _FIRST
    longest: float = _LONGEST
    _failed: dict[str, tuple[int, datetime]] = field(default_factory=dict[str, tuple[int, datetime]])

    def __len__(self) -> int:
        return len(self._failed)

    @property
    def names(self) -> list[str]:
        return sorted(self._failed)

    def failed(self, name: str, now: datetime) -> int:
        """How often by now."""
        failures = self._failed.get(name, (0, now))[0] + 1
        self._failed[name] = failures, now + later(failures, self.first, self.longest)
        return failures

    def worked(self, name: str) -> None:
        self._failed.pop(name, None)

    def waits(self, name: str, now: datetime) -> bool:
        return now < self.until(name, now)

    def until(self, name: str, now: datetime) -> datetime:
        """`now`, where it did not fail, or the clock was set back since."""
        again_at = self._failed.get(name, (0, now))[1]
        return again_at if again_at - now <= timedelta(seconds=self.longest) else now


def later(failures: int, first: float = _FIRST, longest: float = _LONGEST) -> timedelta:
    """How long to wait after so many failures."""
    seconds = backoff(failures, first=first, longest=longest, chance=random.Random())  # noqa: S311 - jitter
    return timedelta(seconds=seconds)
