"""The plan that a sprint planning is held on: the one of its sprint, or a new one for the next."""

from dataclasses import dataclass
from functools import partial

from scrum.ceremonies.ports import CeremonyWork
from scrum.errors import Invalid, Refused
from scrum.events import By
from scrum.planning.consent import approval_needed
from scrum.planning.model import Consent, Plan, UnknownPlan
from scrum.planning.ports import Aids
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_plan, plan_sprint
from scrum.sprint.model import Sprint, State
from scrum.team.project import Autonomy, Project
from scrum.work import Start, insisting


@dataclass(frozen=True)
class NextPlan:
    """`plan` is None where none can be made; `told` says why, or why it is not committed, or whose it is.

    `sprint` is the one that it is of, or would be.
    """

    plan: Plan | None
    sprint: str
    told: str


async def next_plan(start: Start[CeremonyWork], project: str, *, by: By, aids: Aids) -> NextPlan:
    """Of the sprint that is planned or in progress; else a new one, committed where nobody has to agree.

    Raises:
        UnknownProject, Unavailable; Conflict: others changed what it rests on, again and again.
    """
    return await insisting(partial(_once, start, project, by, aids))


async def _once(start: Start[CeremonyWork], project: str, by: By, aids: Aids) -> NextPlan:
    async with start() as work:
        owner = await work.projects.get(project)
        sprint = await work.sprints.open(owner.key)
        if sprint and sprint.state in (State.PLANNED, State.ACTIVE):
            return await _its_own(work, sprint)
    return await _new(start, owner, sprint, by=by, aids=aids)


async def _its_own(work: CeremonyWork, sprint: Sprint) -> NextPlan:
    told = f"It is the plan of {sprint.id}, which is {sprint.state}."
    try:
        return NextPlan(await work.plans.get(sprint.plan), sprint.id, told)
    except UnknownPlan:
        return NextPlan(None, sprint.id, f"{sprint.id} is {sprint.state}, and its plan is not known.")


async def _new(
    start: Start[CeremonyWork], project: Project, ending: Sprint | None, *, by: By, aids: Aids
) -> NextPlan:
    """Raises Conflict: somebody was faster."""
    coming = project.next_sprint_id
    try:
        plan = await plan_sprint(start, project.key, PlanRequest(), by=by, aids=aids)
    except Invalid as error:
        return NextPlan(None, coming, str(error))
    if why := _why_not(project, plan, ending):
        return NextPlan(plan, coming, f"{plan.id} is not committed: {why}.")
    try:
        done = await commit_plan(start, plan.id, Consent.NONE, by=by, memory=aids.memory)
    except Refused as error:
        return NextPlan(plan, coming, str(error))
    own = done.sprint.id
    return NextPlan(
        plan.committed(own), own, f"{plan.id} is committed as {own}: {project.key} is autonomous."
    )


def _why_not(project: Project, plan: Plan, ending: Sprint | None) -> str:
    """Why it is not committed at once; empty where it is."""
    if not plan.selected:
        return "no item can be in it"
    if ending:
        return f"{ending.id} is not closed yet"
    if project.autonomy is Autonomy.SUGGEST:
        return "autonomy is suggest, so a person commits it"
    return approval_needed(project, plan)
