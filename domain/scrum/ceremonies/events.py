"""What happens to ceremonies."""

from dataclasses import dataclass
from typing import ClassVar

from scrum.events import Event


@dataclass(frozen=True, kw_only=True)
class CeremoniesSet(Event):
    cadence: str
    """The template."""
    settings: dict[str, object]
    """What the project sets beside its template, all of it."""


@dataclass(frozen=True, kw_only=True)
class OutsideEventSeen(Event):
    """Something happened that scrum-mcp does not do itself. Version 2 added `signal`."""

    version: ClassVar[int] = 2

    sprint: str
    """The sprint whose ceremonies hear of it."""
    name: str
    """As it was given: deployed, budget_spent."""
    source: str
    """Where it came from: emit_event, webhook, git."""
    spent: float | None
    """The total that was spent so far, of budget_spent; null for others."""
    payload: dict[str, object]
    """What came with it, as it was given."""
    signal: str = ""
    """The id that its sender has for it, by which a sprint counts it once; empty where it has none or counts for nothing."""


@dataclass(frozen=True, kw_only=True)
class CeremonyTriggered(Event):
    """Somebody asked for a ceremony now."""

    sprint: str
    """The sprint that it is of."""
    ceremony: str
    """Its name: daily_scrum."""


@dataclass(frozen=True, kw_only=True)
class CeremonyDue(Event):
    """Stored together with where its trigger stands now: it is there once."""

    sprint: str
    """The sprint that it is of."""
    ceremony: str
    """Its name: daily_scrum."""
    occurrence: str
    """What made it due, named once and for all within its sprint and ceremony: slot:2026-03-03T09:00+01:00."""
    covers: list[str]
    """Occurrences that it is held for, at most the last 50; its own last."""
    because: str
    """Why it is due, in a sentence."""


@dataclass(frozen=True, kw_only=True)
class CeremonyDelivered(Event):
    """Its report was made and kept."""

    sprint: str
    """The sprint that it is of."""
    ceremony: str
    """Its name: daily_scrum."""


@dataclass(frozen=True, kw_only=True)
class CeremonyFailed(Event):
    """It could not be delivered, and is not tried again until somebody asks for it."""

    sprint: str
    """The sprint that it is of."""
    ceremony: str
    """Its name: daily_scrum."""
    why: str
    """What went wrong in the last attempt."""


@dataclass(frozen=True, kw_only=True)
class CeremonyHeld(Event):
    """What came of a ceremony, as people told it. Version 2 added `occurrence`."""

    version: ClassVar[int] = 2

    sprint: str
    """The sprint that it is of."""
    ceremony: str
    """Its name: daily_scrum."""
    occurrence: str = ""
    """As its CeremonyDue has it."""
    notes: str
    """As people wrote them; empty for none."""
    decisions: list[str]
    """As people wrote them."""
    attendees: list[str]
    """Who was there."""
    actions: list[dict[str, object]]
    """New action items, and changes to earlier ones: id, text, owner, due, status. Empty takes an owner or a due away."""


@dataclass(frozen=True, kw_only=True)
class CeremonySkipped(Event):
    """It was not held, and will not be. Version 2 added `occurrence`."""

    version: ClassVar[int] = 2

    sprint: str
    """The sprint that it is of."""
    ceremony: str
    """Its name: daily_scrum."""
    occurrence: str = ""
    """As its CeremonyDue has it."""
