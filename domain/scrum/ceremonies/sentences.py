"""What the events of ceremonies say, for histories."""

from scrum.ceremonies.events import (
    CeremoniesSet,
    CeremonyDelivered,
    CeremonyDue,
    CeremonyFailed,
    CeremonyHeld,
    CeremonySkipped,
    CeremonyTriggered,
    OutsideEventSeen,
)
from scrum.chronicle.sentences import sentence
from scrum.text import counted, named, told


@sentence.register
def _ceremonies_set(event: CeremoniesSet) -> str:
    return f"set the ceremonies of {event.project} by the template {event.cadence}"


@sentence.register
def _outside_event_seen(event: OutsideEventSeen) -> str:
    spent = "" if event.spent is None else f", {event.spent:.10g} so far"
    return f"told {event.sprint} of {named(event.name)} from {named(event.source)}{spent}"


@sentence.register
def _ceremony_triggered(event: CeremonyTriggered) -> str:
    return f"asked for {event.ceremony} in {event.sprint}"


@sentence.register
def _ceremony_due(event: CeremonyDue) -> str:
    return f"made {event.aggregate}, {event.ceremony}, due: {told(event.because, 200)}"


@sentence.register
def _ceremony_delivered(event: CeremonyDelivered) -> str:
    return f"prepared {event.aggregate}, {event.ceremony}"


@sentence.register
def _ceremony_failed(event: CeremonyFailed) -> str:
    return f"could not prepare {event.aggregate}, {event.ceremony}: {told(event.why, 200)}"


@sentence.register
def _ceremony_held(event: CeremonyHeld) -> str:
    parts = [
        counted(len(listed), noun)
        for listed, noun in ((event.decisions, "decision"), (event.actions, "action"))
        if listed
    ]
    return f"recorded that {event.aggregate}, {event.ceremony}, was held{': ' if parts else ''}{', '.join(parts)}"


@sentence.register
def _ceremony_skipped(event: CeremonySkipped) -> str:
    return f"skipped {event.aggregate}, {event.ceremony}"
