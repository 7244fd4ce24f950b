"""Evaluate sprints, tell them what happened, and look at their ceremonies. One function, one transaction, or as it says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from scrum.ceremonies.answers import CameOf, CeremoniesAnswer, Emitted, Outlook
from scrum.ceremonies.becoming_due import due, look_back, occurrences_of
from scrum.ceremonies.events import CeremoniesSet, CeremonyTriggered, OutsideEventSeen
from scrum.ceremonies.gathering import (
    Gathered,
    OverAlready,
    gathered,
    known_ceremony,
    open_sprint,
    policy_of,
    schedule_at,
    schedule_of,
    sprint_for,
)
from scrum.ceremonies.happened import TIME_PASSED
from scrum.ceremonies.moving import moved
from scrum.ceremonies.occurrence import Occurrence, Status
from scrum.ceremonies.outside import OutsideEvent, check_spent, listeners, outside_event
from scrum.ceremonies.policy.between import check_unlocked
from scrum.ceremonies.policy.changing import changed
from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.schedule import AT_ONCE, Schedule
from scrum.ceremonies.setting import answer_of, check_set, in_sprint, in_team
from scrum.ceremonies.triggers.course import Move
from scrum.ceremonies.triggers.evaluation import evaluate, next_tick, upcoming
from scrum.events import By
from scrum.sprint.model import Sprint, State, project_of
from scrum.team.project import Cadence, Project
from scrum.work import Start

MOST_AT_ONCE = 1_000
"""Happenings that are looked at in one transaction."""


@dataclass(frozen=True)
class Evaluated:
    """`occurrences` became due, and `moves` were made; `waits_for` says what the sprint itself waits for.

    With `more` there is something that happened and was not looked at.
    """

    sprint: str
    occurrences: tuple[Occurrence, ...] = ()
    moves: tuple[Move, ...] = ()
    waits_for: str = ""
    more: bool = False

    def and_then(self, later: Self) -> Self:
        occurrences, moves = self.occurrences + later.occurrences, self.moves + later.moves
        return replace(later, occurrences=occurrences, moves=moves)


async def evaluate_sprint(start: Start[CeremonyWork], sprint: str, *, now: datetime | None) -> Evaluated:
    """Make due what is due, and take the sprint on; the same again, or by two at once, does nothing more.

    Without `now`, it is as late as the last happening. In several transactions where very much happened.

    Raises:
        UnknownProject, Conflict.
    """
    done = await _evaluate_some(start, sprint, now)
    while done.more:
        done = done.and_then(await _evaluate_some(start, sprint, now))
    return done


async def _evaluate_some(start: Start[CeremonyWork], sprint: str, now: datetime | None) -> Evaluated:
    async with start() as work:
        if (done := await _evaluate(work, sprint, now)) is None:
            return Evaluated(sprint)
        await work.commit()
    return done


async def _evaluate(work: CeremonyWork, sprint: str, now: datetime | None) -> Evaluated | None:
    """None where there is nothing to store."""
    project = await work.projects.claim(project_of(sprint))
    schedule = await work.schedules.claim(sprint)
    if schedule is None:
        return None
    found = await work.sprints.find(sprint)
    if found and not (found.state.is_open or schedule.over):
        await work.schedules.put(schedule.ended(found.state))
        return Evaluated(sprint)
    around = await gathered(work, project, schedule, limit=MOST_AT_ONCE)
    moment = now or around.latest or schedule.standing.clock or schedule.anchor
    if not around.facts.happenings and (schedule.wake_at is None or schedule.wake_at > moment):
        return None
    return await _evaluated(_Case(work, project, schedule, found, around), moment)


@dataclass(frozen=True)
class _Case:
    """Claimed; `sprint` is None where it is not planned yet."""

    work: CeremonyWork
    project: Project
    schedule: Schedule
    sprint: Sprint | None
    around: Gathered


async def _evaluated(it: _Case, now: datetime) -> Evaluated:
    work, schedule, around = it.work, it.schedule, it.around
    found = evaluate(around.policy, around.facts, schedule.standing, now)
    numbered = occurrences_of(schedule, around.policy, found.firings)
    occurrences = tuple(await work.occurrences.add(numbered))
    work.publish(*map(due, occurrences))
    spent = found.standing.spent
    moves = await moved(work, it.project, it.sprint, found.moves, spent=spent) if it.sprint else ()
    more = around.facts.more
    wake_at = AT_ONCE if more else next_tick(around.policy, around.facts, found.standing)
    await work.schedules.put(schedule.after(found.standing, fired=len(numbered), wake_at=wake_at))
    return Evaluated(schedule.sprint, occurrences, moves, found.sprint, more)


async def trigger_ceremony(start: Start[CeremonyWork], key: str, ceremony: str, *, by: By) -> Occurrence:
    """The occurrence that it is held as: the last one where that is due still, or failed and is due again.

    Without an open sprint it is the last one's, where it looks back, or the next one's. What time has made due comes
    first, in transactions of its own.

    Raises:
        UnknownProject, UnknownCeremony, NothingToLookAt, BadName, Conflict.
    """
    await _caught_up(start, key, by.now)
    async with start() as work:
        project = await work.projects.claim(key)
        current = await policy_of(work, project, await schedule_of(work, project, by.now))
        name = known_ceremony(current, ceremony)
        sprint = await sprint_for(work, project, name)
        schedule = await _opened(work, project, sprint, by.now)
        last = await work.occurrences.last(schedule.sprint, name)
        if last and last.status is Status.DUE:
            return last
        if last and last.status is Status.FAILED:
            await work.occurrences.put(last := last.retried())
        elif sprint and not sprint.state.is_open:
            last = await look_back(work, schedule, await policy_of(work, project, schedule), name, by=by)
        else:
            last = await _asked(work, schedule, name, by)
        await work.commit()
    return last


async def _asked(work: CeremonyWork, schedule: Schedule, ceremony: str, by: By) -> Occurrence:
    work.publish(CeremonyTriggered.of(by, schedule, sprint=schedule.sprint, ceremony=ceremony))
    await _hear(work, schedule.sprint, by.now)
    last = await work.occurrences.last(schedule.sprint, ceremony)
    if last is None or last.number <= schedule.occurrences:
        raise OverAlready(schedule.sprint)
    return last


async def _hear(work: CeremonyWork, sprint: str, now: datetime) -> None:
    """What was published, evaluated before it is committed."""
    await work.hear()
    while (done := await _evaluate(work, sprint, now)) and done.more:
        continue


async def _caught_up(start: Start[CeremonyWork], key: str, now: datetime) -> None:
    """What time has made due comes before what is asked for."""
    async with start() as work:
        schedule = await schedule_of(work, await work.projects.get(key), now)
    await evaluate_sprint(start, schedule.sprint, now=now)


async def _opened(work: CeremonyWork, project: Project, sprint: Sprint | None, now: datetime) -> Schedule:
    """Claimed; it is kept from now on."""
    schedule = await schedule_at(work, project, sprint, now)
    await work.schedules.open(schedule)
    return await work.schedules.claim(schedule.sprint) or schedule


async def emit_event(  # noqa: PLR0913, PLR0917 - an event's parts
    start: Start[CeremonyWork],
    key: str,
    name: str,
    source: str = "",
    payload: Mapping[str, Any] | None = None,
    signal: str = "",
    *,
    by: By,
) -> Emitted:
    """Tell the open sprint, and evaluate it; once what counts for somebody and has the same id from its source.

    Raises:
        UnknownProject, NoOpenSprint, Invalid.
    """
    told = outside_event(name, source, payload, signal)
    async with start() as work:
        project = await work.projects.claim(key)
        sprint = await open_sprint(work, project)
        schedule = await _opened(work, project, sprint, by.now)
        policy = await policy_of(work, project, schedule)
        counts_for = listeners(policy, told, sprint.state)
        if again := await _is_heard(work, sprint.id, told):
            came = CameOf(project, policy, schedule, (), sprint.state, sprint.state)
        else:
            await _check_spent(work, project, schedule, told)
            kept = told if counts_for else replace(told, signal="")
            work.publish(OutsideEventSeen.of(by, schedule, sprint=sprint.id, **vars(kept)))
            came = await came_of(work, schedule, sprint.state, by)
            await work.commit()
    return Emitted(**vars(came), event=told.name, listeners=counts_for, again=again)


async def _is_heard(work: CeremonyWork, sprint: str, told: OutsideEvent) -> bool:
    source = "" if told.name == TIME_PASSED else told.source  # as a sprint hears of it
    return bool(told.signal) and await work.schedules.heard(sprint, source, told.signal)


async def _check_spent(work: CeremonyWork, project: Project, schedule: Schedule, told: OutsideEvent) -> None:
    if told.spent is not None:
        around = await gathered(work, project, schedule)
        check_spent(told.spent, schedule.standing.spent, around.facts)


async def came_of(work: CeremonyWork, schedule: Schedule, before: State, by: By) -> CameOf:
    """Of what was published, before it is committed. `schedule` and `before` are as they were then."""
    await _hear(work, schedule.sprint, by.now)
    found = await work.occurrences.of(schedule.sprint)
    sprint = await work.sprints.find(schedule.sprint)
    new = tuple(one for one in reversed(found) if one.number > schedule.occurrences)
    project = await work.projects.get(schedule.project)
    now = await work.schedules.find(schedule.sprint) or schedule
    policy = await policy_of(work, project, now)
    return CameOf(project, policy, now, new, before, sprint.state if sprint else before)


async def set_ceremonies(
    start: Start[CeremonyWork],
    key: str,
    policy: Any = None,
    template: Cadence | None = None,
    *,
    by: By,
    dry_run: bool = False,
) -> CeremoniesAnswer:
    """Change the template or single values; what is not given stays. Nothing is stored by a dry run.

    Raises:
        UnknownProject, PolicyLocked, Invalid: its message begins with the path.
    """
    async with start() as work:
        project = await work.projects.claim(key)
        before = await work.settings.of(project.key)
        cadence = template or project.cadence
        after = before if policy is None else changed(cadence, before, policy)
        sprint = await work.sprints.open(project.key)
        schedule = await work.schedules.find(sprint.id) if sprint else None
        result = answer_of(project, before, after, cadence=cadence)
        result = in_sprint(result, sprint, schedule.chosen if schedule else None)
        result = await in_team(work, result)
        if result.changed:
            await check_set(work, result)
        if result.changed and not dry_run:
            if sprint:
                check_unlocked(sprint.id, sprint.state)
            await work.settings.put(project.key, after)
            await work.projects.put(result.project)
            work.publish(CeremoniesSet.of(by, result.project, cadence=cadence.value, settings=after.kept()))
            await work.commit()
    return result


async def list_ceremonies(start: Start[CeremonyWork], key: str, *, now: datetime) -> Outlook:
    """What comes next, and what became due, as if everything was evaluated now.

    Raises:
        UnknownProject.
    """
    async with start() as work:
        project = await work.projects.get(key)
        schedule = await schedule_of(work, project, now)
        around = await gathered(work, project, schedule)
        found = evaluate(around.policy, around.facts, schedule.standing, now)
        known = await work.occurrences.of(schedule.sprint)  # read later: what it has since is in `upcoming`
        return Outlook(
            project,
            around.policy,
            schedule,
            found.standing,
            found.sprint,
            upcoming(around.policy, around.facts, schedule.standing, now),
            [one for one in known if one.number <= schedule.occurrences],
        )
