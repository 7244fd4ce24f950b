"""What evaluation is told of one sprint, read from where it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scrum.backlog.model import Status
from scrum.ceremonies.policy.model import Policy, resolve
from scrum.ceremonies.policy.readers import called
from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.schedule import Chosen, Schedule
from scrum.ceremonies.terms import FIVE, GATES, PLANNING, REFINEMENT
from scrum.ceremonies.triggers.facts import Facts
from scrum.ceremonies.triggers.standing import Circumstances
from scrum.errors import Conflict, NotFound
from scrum.sprint.model import Sprint, State
from scrum.team.project import Project
from scrum.text import choices, nearest, quoted


class UnknownCeremony(NotFound):
    def __init__(self, given: str, known: Iterable[str]) -> None:
        names = list(known)
        super().__init__(
            f"There is no ceremony {quoted(given)}.{nearest(given, names)} Ceremonies: {choices(names)}. "
            "Call set_ceremonies to add one of your own."
        )


class NothingToLookAt(NotFound):
    def __init__(self, project: str, ceremony: str) -> None:
        super().__init__(
            f"{project} has no sprint that {ceremony} could be about. Call plan_sprint, commit_plan and start_sprint "
            "first; sprint_planning and backlog_refinement need no sprint."
        )


class NoOpenSprint(NotFound):
    def __init__(self, project: str) -> None:
        super().__init__(
            f"{project} has no open sprint that could hear of it. Call plan_sprint and commit_plan first."
        )


class OverAlready(Conflict):
    def __init__(self, sprint: str) -> None:
        super().__init__(
            f"{sprint} ended at this moment, and holds nothing more. Repeat, for the next sprint."
        )


@dataclass(frozen=True)
class Gathered:
    policy: Policy
    facts: Facts

    @property
    def latest(self) -> datetime | None:
        """When the last of what is new happened; None where nothing is."""
        return max((one.at for one in self.facts.happenings), default=None)


async def gathered(
    work: CeremonyWork, project: Project, schedule: Schedule, *, limit: int | None = None
) -> Gathered:
    """Of what is new, the first `limit`."""
    policy = await policy_of(work, project, schedule)
    seen = schedule.standing.seen
    unseen = await work.schedules.happenings(schedule.sprint, seen, limit)
    facts = Facts(
        schedule.sprint,
        project.calendar,
        schedule.anchor,
        tuple(unseen),
        first_day=schedule.first_day if await _may_start(work, policy, schedule) else None,
        days=schedule.days,
        budget=policy.sprint.settings.budget,
        more=bool(unseen) and unseen[-1].number < schedule.recorded,
    )
    watched = Circumstances(policy, facts).watched
    return Gathered(policy, await _with_items(work, schedule, facts, watched) if watched else facts)


async def _with_items(work: CeremonyWork, schedule: Schedule, facts: Facts, watched: frozenset[str]) -> Facts:
    """Of milestones."""
    known = (await work.items.of(schedule.project, watched)).values()
    cancelled = frozenset(one.key for one in known if one.status is Status.CANCELLED)
    return replace(
        facts,
        done_before=await work.schedules.done(schedule, watched),
        cancelled=cancelled - await _cancelled_later(work, schedule, facts) if cancelled else cancelled,
        elsewhere=frozenset(one.key for one in known if one.is_open and one.sprint != schedule.sprint),
    )


async def _cancelled_later(work: CeremonyWork, schedule: Schedule, facts: Facts) -> frozenset[str]:
    """Than in the last of these happenings: what is known of items is of now."""
    last = facts.happenings[-1].number if facts.happenings else schedule.standing.seen
    return await work.schedules.cancelled_after(schedule.sprint, last)


async def policy_of(work: CeremonyWork, project: Project, schedule: Schedule) -> Policy:
    """What the sprint began with; before that the project's."""
    chosen = schedule.chosen or Chosen(project.cadence, await work.settings.of(project.key))
    return resolve(chosen.cadence, chosen.settings)


async def _may_start(work: CeremonyWork, policy: Policy, schedule: Schedule) -> bool:
    """Without an open item it cannot, and waits for one."""
    if schedule.standing.state is not State.PLANNED or not policy.sprint.settings.auto_start:
        return True
    return any(item.is_open for item in await work.items.in_sprint(schedule.sprint))


async def open_sprint(work: CeremonyWork, project: Project) -> Sprint:
    """Raises NoOpenSprint."""
    if (sprint := await work.sprints.open(project.key)) is None:
        raise NoOpenSprint(project.key)
    return sprint


async def schedule_of(work: CeremonyWork, project: Project, now: datetime) -> Schedule:
    """Of the open sprint, else of the one that is to be planned next; it need not be kept yet."""
    return await schedule_at(work, project, await work.sprints.open(project.key), now)


async def schedule_at(work: CeremonyWork, project: Project, sprint: Sprint | None, now: datetime) -> Schedule:
    """Of the next sprint, where it is None."""
    name = sprint.id if sprint else project.next_sprint_id
    found = await work.schedules.find(name)
    if found or sprint is None:
        return found or Schedule(name, project.key, now)
    new = Schedule(name, project.key, now, sprint.start, sprint.days)
    return new if sprint.state.is_open else new.ended(sprint.state)


async def sprint_for(work: CeremonyWork, project: Project, ceremony: str) -> Sprint | None:
    """At which it is held: the open one; else the last one, where it looks back, or None for the next one.

    What is about a sprint that goes on, or went, is not held at one that is only planned; one of a team's own may be.

    Raises:
        NothingToLookAt: it is about a sprint, and there is none.
    """
    sprint = await work.sprints.open(project.key)
    if ceremony in (PLANNING, REFINEMENT) or (sprint and _may_hold(sprint, ceremony)):
        return sprint
    over = [one for one in await work.sprints.ids(project.key) if sprint is None or one != sprint.id]
    last = next(iter(over), "") if ceremony in GATES else ""
    if not last:
        raise NothingToLookAt(project.key, ceremony)
    return await work.sprints.find(last)


def _may_hold(sprint: Sprint, ceremony: str) -> bool:
    return sprint.state is not State.PLANNED or ceremony not in FIVE


def known_ceremony(policy: Policy, given: str) -> str:
    """Its name, which may be given in every accepted way. Raises UnknownCeremony."""
    known = [rule.name for rule in policy.ceremonies]
    word = called(given)
    if word not in known:
        raise UnknownCeremony(given, known)
    return word
