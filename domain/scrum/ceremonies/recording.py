"""Record what came of a ceremony. What the sprint waited for with it follows at once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from scrum.ceremonies.answers import Recorded
from scrum.ceremonies.events import CeremonyHeld, CeremonySkipped
from scrum.ceremonies.occurrence import Occurrence, UnknownOccurrence
from scrum.ceremonies.outcome import Action, NoAction, Outcome, outcome_of, plain
from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.schedule import Schedule
from scrum.ceremonies.strangers import unknown_people
from scrum.ceremonies.usecases import came_of
from scrum.events import By, Event
from scrum.sprint.model import State
from scrum.work import Start


async def hold_ceremony(start: Start[CeremonyWork], occurrence: str, outcome: Outcome, *, by: By) -> Recorded:
    """Record what came of it, and evaluate its sprint.

    Raises:
        UnknownOccurrence, OccurrenceInWrongState, Invalid.
    """

    async def hold(work: CeremonyWork, before: Occurrence) -> _Settled:
        held = before.held(by.now, actions=sum(not one.key for one in outcome.actions))
        told = outcome_of(before, outcome)
        await _check_known(work, before, outcome)
        event = CeremonyHeld.of(
            by,
            held,
            sprint=held.sprint,
            ceremony=held.ceremony,
            occurrence=held.key,
            notes=told.notes,
            decisions=list(told.decisions),
            attendees=list(told.attendees),
            actions=plain(told.actions),
        )
        team = await work.teams.get(held.project_key)
        return _Settled(held, event, tuple(told.actions), unknown_people(team, told))

    return await _record(start, occurrence, by, hold)


async def _check_known(work: CeremonyWork, occurrence: Occurrence, given: Outcome) -> None:
    """Raises NoAction: nobody agreed to do that."""
    for key in dict.fromkeys(one.key for one in given.actions if one.key):
        agreed_in = key.rpartition("-")[0]
        try:
            known = (await work.occurrences.get(agreed_in)).action_ids
        except UnknownOccurrence:
            known = ()
        if key not in known:
            near = await work.occurrences.of(agreed_in.rpartition("-")[0])
            raise NoAction(key, occurrence.project_key, [one_id for one in near for one_id in one.action_ids])


async def skip_ceremony(start: Start[CeremonyWork], occurrence: str, why: str, *, by: By) -> Recorded:
    """Record that it is not held, and why, and evaluate its sprint.

    Raises:
        UnknownOccurrence, OccurrenceInWrongState, Missing, TooLong.
    """

    async def skip(_: CeremonyWork, before: Occurrence) -> _Settled:
        skipped = before.skipped(by.now, why)
        because = replace(by, reason=skipped.told)
        event = CeremonySkipped.of(
            because, skipped, sprint=skipped.sprint, ceremony=skipped.ceremony, occurrence=skipped.key
        )
        return _Settled(skipped, event)

    return await _record(start, occurrence, by, skip)


@dataclass(frozen=True)
class _Settled:
    occurrence: Occurrence
    event: Event
    actions: tuple[Action, ...] = ()
    remarks: tuple[str, ...] = ()


async def _record(
    start: Start[CeremonyWork],
    occurrence: str,
    by: By,
    settle: Callable[[CeremonyWork, Occurrence], Awaitable[_Settled]],
) -> Recorded:
    async with start() as work:
        before = await work.occurrences.get(occurrence)
        schedule = await _claimed(work, before)
        settled = await settle(work, before)
        await work.occurrences.put(settled.occurrence)
        work.publish(settled.event)
        came = await came_of(work, schedule, await _state(work, schedule), by)
        await work.commit()
    return Recorded(settled.occurrence, settled.actions, came, settled.remarks)


async def _claimed(work: CeremonyWork, occurrence: Occurrence) -> Schedule:
    project = await work.projects.claim(occurrence.project_key)
    return await work.schedules.claim(occurrence.sprint) or Schedule(
        occurrence.sprint, project.key, occurrence.due_at
    )


async def _state(work: CeremonyWork, schedule: Schedule) -> State:
    sprint = await work.sprints.find(schedule.sprint)
    return sprint.state if sprint else State.PLANNED
