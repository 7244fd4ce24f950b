"""Which ceremonies wait: for an answer of people, or for somebody to try them again."""

from collections.abc import Collection, Mapping, Sequence

from scrum.ceremonies.occurrence import Occurrence, Status
from scrum.ceremonies.ports import CeremonyWork
from scrum.work import Start

_SPRINTS = 2
"""The last ones: what an older one did not answer, nobody will."""
_NAMED = 3


async def recent(start: Start[CeremonyWork], project: str) -> list[Occurrence]:
    """Of the last sprints, and of the one that is not planned yet; each with the latest first."""
    async with start() as work:
        owner = await work.projects.get(project)
        planned = (await work.sprints.ids(owner.key))[:_SPRINTS]
        names = [f"{owner.key}-S{owner.next_sprint}", *planned]
        return [one for name in names for one in await work.occurrences.of(name)]


async def waiting(start: Start[CeremonyWork], projects: Collection[str]) -> Mapping[str, list[Occurrence]]:
    """Of those that `recent` has, what waits for an answer and what failed, by project, in one query."""
    async with start() as work:
        every = await work.occurrences.waiting(projects)
    return {key: [one for one in every if one.project_key == key] for key in projects}


def having(occurrences: Sequence[Occurrence], status: Status) -> list[Occurrence]:
    return [one for one in occurrences if one.status is status]


def sentences(occurrences: Sequence[Occurrence]) -> str:
    """What waits and what failed, with what to call; '' where nothing does."""
    unanswered, failed = having(occurrences, Status.DELIVERED), having(occurrences, Status.FAILED)
    waiting = f"Waiting for an answer: {_named(unanswered)}: get_report, then record_ceremony."
    given_up = f"FAILED: {_named(failed)}: trigger_ceremony tries again."
    return " ".join([*([waiting] if unanswered else []), *([given_up] if failed else [])])


def _named(occurrences: Sequence[Occurrence]) -> str:
    named = [f"{one.id} {one.ceremony}" for one in occurrences[:_NAMED]]
    rest = len(occurrences) - _NAMED
    return ", ".join([*named, *([f"{rest} more"] if rest > 0 else [])])
