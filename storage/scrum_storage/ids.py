"""UUIDv7 (RFC 9562): ids that sort by the time when they were made."""

import secrets
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

_RANDOM = 74  # bits below the millisecond: 12 in rand_a, 62 in rand_b
_LOW = 62
_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Uuid7:
    """Each id is greater than the one before, also within a millisecond and when the clock steps back."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> UUID:
        fresh = time.time_ns() // 1_000_000 << _RANDOM | secrets.randbits(_RANDOM)
        with self._lock:
            self._last = max(fresh, self._last + 1)
            return _laid_out(self._last)


def before(moment: datetime) -> UUID:
    """Not greater than any id of that millisecond or later."""
    return _laid_out((moment - _EPOCH) // _MILLISECOND << _RANDOM)


def moment(made: UUID) -> datetime:
    """When the id was made, to the millisecond."""
    return _EPOCH + (made.int >> 80) * _MILLISECOND


def _laid_out(value: int) -> UUID:
    """The version and the variant between the value's bits."""
    low = value & (1 << _LOW) - 1
    middle = value >> _LOW & 0xFFF
    return UUID(int=value >> _RANDOM << 80 | 7 << 76 | middle << 64 | 2 << _LOW | low)


uuid7 = Uuid7()
