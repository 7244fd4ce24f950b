"""The plan that a sprint planning is held on: the one of its sprint, or a new one for the next.

An attempt that comes later takes what one before it took. Of one occurrence at most one sprint is committed.
"""

from dataclasses import dataclass
from functools import partial

from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.ports import CeremonyWork
from scrum.errors import Conflict, Invalid, Refused
from scrum.events import By
from scrum.planning.consent import approval_needed
from scrum.planning.model import Consent, Plan, UnknownPlan
from scrum.planning.ports import Aids
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_plan, keep, planned
from scrum.sprint.model import Sprint, State
from scrum.team.project import Autonomy, Project
from scrum.work import Start, insisting

_AT_AN_END = ("end", "events:", "signals:")
"""How keys begin of what may be due because its sprint ended; all else is about that sprint itself."""


class Overtaken(Conflict):
    def __init__(self, occurrence: str, plan: str) -> None:
        super().__init__(f"Another attempt at {occurrence} made a plan instead of {plan}. Look again.")


@dataclass(frozen=True)
class NextPlan:
    """`plan` is None where none can be made; `told` says why, or why it is not committed, or whose it is.

    `sprint` is the one that it is of, or would be.
    """

    plan: Plan | None
    sprint: str
    told: str


@dataclass(frozen=True)
class _Case:
    """`own` is the sprint of the occurrence, None where it is not planned yet; `current` is the open one."""

    occurrence: Occurrence
    project: Project
    own: Sprint | None
    current: Sprint | None


async def next_plan(start: Start[CeremonyWork], occurrence: Occurrence, *, by: By, aids: Aids) -> NextPlan:
    """As an attempt before took it, where that is a sprint, whatever became of it since.

    Else of the sprint that is planned or in progress; else a new one, committed where nobody has to agree, and in place
    of one that waits.

    Raises:
        UnknownProject, Unavailable; Conflict: others changed what it rests on, again and again.
    """
    return await insisting(partial(_once, start, occurrence, by, aids))


async def _once(start: Start[CeremonyWork], occurrence: Occurrence, by: By, aids: Aids) -> NextPlan:
    async with start() as work:
        it = await _case(work, occurrence)
        before = await work.plannings.plan(occurrence.id)
        taken = await work.sprints.find(before.sprint) if before and before.sprint else None
        if taken:
            return NextPlan(before, taken.id, _whose(taken, it.current))
        if it.current and it.current.state in (State.PLANNED, State.ACTIVE):
            return await _its_own(work, it, it.current)
    return await _new(start, it, by=by, aids=aids)


async def _case(work: CeremonyWork, occurrence: Occurrence) -> _Case:
    project = await work.projects.get(occurrence.project_key)
    own = await work.sprints.find(occurrence.sprint)
    return _Case(occurrence, project, own, await work.sprints.open(project.key))


async def _its_own(work: CeremonyWork, it: _Case, sprint: Sprint) -> NextPlan:
    try:
        plan = await work.plans.get(sprint.plan)
    except UnknownPlan:
        return NextPlan(None, sprint.id, f"{sprint.id} is {sprint.state.words}, and its plan is not known.")
    await work.plannings.hold(it.occurrence.id, plan.id)
    await work.commit()
    return NextPlan(plan, sprint.id, _whose(sprint, it.current))


def _whose(sprint: Sprint, current: Sprint | None) -> str:
    then = "" if current else " Call plan_sprint for the next one."
    return f"It is the plan of {sprint.id}, which is {sprint.state.words}.{then}"


async def _new(start: Start[CeremonyWork], it: _Case, *, by: By, aids: Aids) -> NextPlan:
    """Raises Conflict: somebody was faster."""
    coming = it.project.next_sprint_id
    try:
        plan = await planned(start, it.project.key, PlanRequest(), by=by, aids=aids)
    except Invalid as error:
        return NextPlan(None, coming, str(error))
    await _held(start, it, plan, by)
    if why := _why_not(it, plan):
        return NextPlan(plan, coming, f"{plan.id} is not committed: {why}.")
    try:
        done = await commit_plan(start, plan.id, Consent.NONE, by=by, memory=aids.memory)
    except Refused as error:
        return NextPlan(plan, coming, str(error))
    except UnknownPlan as error:
        raise Overtaken(it.occurrence.id, plan.id) from error
    own, key = done.sprint.id, it.project.key
    return NextPlan(plan.committed(own), own, f"{plan.id} is committed as {own}: {key} is autonomous.")


async def _held(start: Start[CeremonyWork], it: _Case, plan: Plan, by: By) -> None:
    """Before it is committed: whichever attempt commits it, all know it. Raises Conflict."""
    async with start() as work:
        await work.projects.claim(it.project.key)
        await keep(work, plan, by.now)
        await work.plannings.hold(it.occurrence.id, plan.id)
        await work.commit()


def _why_not(it: _Case, plan: Plan) -> str:
    """Why it is not committed at once; empty where it is."""
    if not plan.selected:
        return "no item can be in it"
    if it.current:
        return f"{it.current.id} is not closed yet"
    if it.project.autonomy is Autonomy.SUGGEST:
        return "autonomy is suggest, so a person commits it"
    return approval_needed(it.project, plan) or _not_meant(it)


def _not_meant(it: _Case) -> str:
    """It was due for a sprint that was there; empty where it is for the one that is planned."""
    own = it.own
    if own is None:
        return ""
    if own.state is State.CANCELLED:
        return f"{own.id} was cancelled. Where the next sprint is wanted, commit_plan commits it"
    if not it.occurrence.key.startswith(_AT_AN_END):
        return f"it was due for {own.id}, which is over. commit_plan commits it"
    if it.project.next_sprint != own.number + 1:
        return f"it was due for the sprint after {own.id}, which is there. commit_plan commits it"
    return ""
