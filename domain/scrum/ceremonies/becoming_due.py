"""Ceremonies become due: occurrences with their numbers, and the event that says so."""

from collections.abc import Sequence
from dataclasses import replace

from scrum.ceremonies.events import CeremonyDue
from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.policy.model import Policy
from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.schedule import Schedule
from scrum.ceremonies.triggers.course import Firing
from scrum.events import LOCAL, POLICY, By
from scrum.text import named

AFTERWARDS = "afterwards:"
"""Begins the keys of what is asked for when the sprint is over."""


def occurrences_of(schedule: Schedule, policy: Policy, firings: Sequence[Firing]) -> tuple[Occurrence, ...]:
    invited = {rule.name: rule.settings.participants for rule in policy.ceremonies}
    return tuple(
        Occurrence.of(schedule.sprint, firing, number=number, participants=invited[firing.ceremony])
        for number, firing in enumerate(firings, start=schedule.occurrences + 1)
    )


def due(occurrence: Occurrence) -> CeremonyDue:
    return CeremonyDue.of(
        By(POLICY, occurrence.due_at),
        occurrence,
        sprint=occurrence.sprint,
        ceremony=occurrence.ceremony,
        occurrence=occurrence.key,
        covers=list(occurrence.covers),
        because=occurrence.because,
    )


async def look_back(
    work: CeremonyWork, schedule: Schedule, policy: Policy, ceremony: str, *, by: By
) -> Occurrence:
    """At a sprint that is over, and hears of nothing: it is due at once, and the sprint stays as it is."""
    key = f"{AFTERWARDS}{schedule.occurrences + 1}"
    who = "Somebody" if by.actor == LOCAL else named(by.actor)
    firing = Firing(ceremony, key, by.now, f"{who} asked for it when the sprint was over.", (key,))
    (occurrence,) = occurrences_of(schedule, policy, [firing])
    await work.occurrences.add([occurrence])
    await work.schedules.put(replace(schedule, occurrences=occurrence.number))
    work.publish(due(occurrence))
    return occurrence
