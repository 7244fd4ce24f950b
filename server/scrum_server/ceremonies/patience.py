"""What failed, and is tried again later each time, so that it holds up nothing else."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scrum_server.events.loops import backoff

_FIRST, _LONGEST = 1.0, 300.0


@dataclass(frozen=True)
class Patience:
    """By name: how often it failed in a row, and when it is tried again."""

    _failed: dict[str, tuple[int, datetime]] = field(default_factory=dict[str, tuple[int, datetime]])

    def __len__(self) -> int:
        return len(self._failed)

    @property
    def names(self) -> list[str]:
        return sorted(self._failed)

    def failed(self, name: str, now: datetime) -> None:
        failures = self._failed.get(name, (0, now))[0] + 1
        self._failed[name] = failures, now + later(failures)

    def worked(self, name: str) -> None:
        self._failed.pop(name, None)

    def waits(self, name: str, now: datetime) -> bool:
        return name in self._failed and now < self._failed[name][1]


def later(failures: int) -> timedelta:
    """How long to wait after so many failures."""
    seconds = backoff(failures, first=_FIRST, longest=_LONGEST, chance=random.Random())  # noqa: S311 - jitter
    return timedelta(seconds=seconds)
