"""What an event is. Each context names its own, in the past tense, in its `events.py`."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Protocol, Self

LOCAL = "local"
"""Who acts where nobody has to say who they are."""
POLICY = "policy"
"""Who acts where nobody asked."""


@dataclass(frozen=True)
class By:
    """Who acts, when, and why when they said so. `actor` is the token's subject, LOCAL or POLICY."""

    actor: str
    now: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact about one aggregate. Subclasses add their data as fields of plain types."""

    version: ClassVar[int] = 1

    project: str
    aggregate: str
    aggregate_version: int
    occurred_at: datetime
    actor: str
    reason: str = ""

    @classmethod
    def of(cls, by: By, aggregate: "Aggregate", **data: Any) -> Self:
        return cls(
            project=aggregate.project_key,
            aggregate=aggregate.id,
            aggregate_version=aggregate.version,
            occurred_at=by.now,
            actor=by.actor,
            reason=by.reason,
            **data,
        )

    @property
    def type(self) -> str:
        return type(self).__name__

    def data(self) -> dict[str, Any]:
        """The fields that the subclass adds."""
        return {name: value for name, value in vars(self).items() if name not in ENVELOPE}


ENVELOPE = {f.name for f in fields(Event)}


class Aggregate(Protocol):
    """What an event is about: an id that people can say, and a version that grows with each change."""

    @property
    def id(self) -> str: ...

    @property
    def project_key(self) -> str: ...

    @property
    def version(self) -> int: ...
