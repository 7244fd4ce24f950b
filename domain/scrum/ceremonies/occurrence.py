"""One occurrence of a ceremony: due, delivered or failed after several attempts, and then held or skipped.

People may meet without its report: what is due or failed is held and skipped too, and no report of it is made then.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from scrum.ceremonies.triggers.course import Firing
from scrum.errors import NotFound, WrongState
from scrum.sprint.model import project_of
from scrum.text import line, quoted, required

MOST_ATTEMPTS = 5
WHY = 300


class UnknownOccurrence(NotFound):
    def __init__(self, given: str) -> None:
        super().__init__(
            f"There is no occurrence {quoted(given)}. Call list_ceremonies to see them; their ids are like SHOP-S3-C2."
        )


class Status(StrEnum):
    DUE = "due"
    DELIVERED = "delivered"
    HELD = "held"
    SKIPPED = "skipped"
    FAILED = "failed"


_SO_FAR = {
    Status.DUE: "is due. Call trigger_ceremony to have its report now, or record_ceremony to say what came of it.",
    Status.DELIVERED: "is delivered. Call record_ceremony to say that it was held or skipped.",
    Status.HELD: "was held already. Call trigger_ceremony to hold another.",
    Status.SKIPPED: "was skipped already. Call trigger_ceremony to hold another.",
    Status.FAILED: "could not be delivered. Call trigger_ceremony to try it again, or record_ceremony to say what came of it.",
}


class OccurrenceInWrongState(WrongState):
    def __init__(self, occurrence: "Occurrence") -> None:
        super().__init__(f"{occurrence.id} {occurrence.ceremony} {_SO_FAR[occurrence.status]}")


@dataclass(frozen=True)
class Undelivered:
    """Of all projects how many are due and how many failed; `oldest` is when the longest due one was due first."""

    due: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True)
class Occurrence:
    """`key` with `sprint` and `ceremony` is there once; `number` counts those of a sprint, from 1, as they became due.

    `covers` are the last of those that it is held for. `because` is why it was due and tells their number, `told` why it
    was skipped or failed, `actions` how many new ones were agreed. Delivered means that its report was made and kept
    under its id, and posted where a channel is set. No attempt at that begins before `again_at`.
    """

    sprint: str
    ceremony: str
    key: str
    due_at: datetime
    because: str
    covers: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    number: int = 0
    status: Status = Status.DUE
    attempts: int = 0
    again_at: datetime | None = None
    delivered_at: datetime | None = None
    settled_at: datetime | None = None
    told: str = ""
    actions: int = 0
    version: int = 1

    @classmethod
    def of(cls, sprint: str, firing: Firing, *, number: int = 0, participants: tuple[str, ...] = ()) -> Self:
        return cls(
            sprint,
            firing.ceremony,
            firing.occurrence,
            firing.at,
            firing.reason,
            firing.covers,
            participants,
            number,
        )

    @property
    def id(self) -> str:
        """As people say it: SHOP-S3-C2."""
        return f"{self.sprint}-C{self.number}"

    @property
    def project_key(self) -> str:
        return project_of(self.sprint)

    @property
    def action_ids(self) -> tuple[str, ...]:
        return tuple(f"{self.id}-A{number}" for number in range(1, self.actions + 1))

    @property
    def is_settled(self) -> bool:
        """The sprint need not wait for it."""
        return self.status in (Status.HELD, Status.SKIPPED)

    def begun(self, until: datetime) -> Self:
        """An attempt to deliver it, which is counted at once: it may end its worker. It has time `until` then."""
        self._needs(Status.DUE)
        return self._next(Status.DUE, attempts=self.attempts + 1, again_at=until)

    def delivered(self, now: datetime) -> Self:
        """The same again where it was delivered already: deliveries may come twice."""
        if self.status in (Status.DELIVERED, Status.HELD, Status.SKIPPED):
            return self
        self._needs(Status.DUE, Status.FAILED)
        return self._next(Status.DELIVERED, again_at=None, delivered_at=now, told="")

    def attempt_failed(self, why: str, again_at: datetime) -> Self:
        """Due still, until the last attempt."""
        self._needs(Status.DUE)
        status = Status.FAILED if self.attempts >= MOST_ATTEMPTS else Status.DUE
        return self._next(status, again_at=again_at, told=line("why", why[:WHY], limit=WHY))

    def put_off(self, again_at: datetime) -> Self:
        """The attempt did not count: a store was away."""
        self._needs(Status.DUE)
        return self._next(Status.DUE, attempts=max(0, self.attempts - 1), again_at=again_at)

    def retried(self) -> Self:
        """Due once more."""
        self._needs(Status.FAILED)
        return self._next(Status.DUE, attempts=0, again_at=None, told="")

    def held(self, now: datetime, *, actions: int = 0) -> Self:
        self._needs(Status.DUE, Status.DELIVERED, Status.FAILED)
        return self._next(Status.HELD, settled_at=now, told="", actions=actions)

    def skipped(self, now: datetime, why: str) -> Self:
        """Raises OccurrenceInWrongState, Missing or TooLong."""
        self._needs(Status.DUE, Status.DELIVERED, Status.FAILED)
        return self._next(Status.SKIPPED, settled_at=now, told=required("why", why, limit=WHY))

    def _needs(self, *statuses: Status) -> None:
        if self.status not in statuses:
            raise OccurrenceInWrongState(self)

    def _next(self, status: Status, **changes: object) -> Self:
        return replace(self, status=status, version=self.version + 1, **changes)  # type: ignore[arg-type] # own fields
