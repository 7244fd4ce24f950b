"""The plan that a sprint planning is held on: the one of its sprint, or a new one for the next."""

from dataclasses import dataclass

from scrum.ceremonies.ports import CeremonyWork
from scrum.errors import Conflict, Invalid, Refused
from scrum.events import By
from scrum.planning.consent import approval_needed
from scrum.planning.model import Consent, Plan
from scrum.planning.ports import Aids
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_plan, plan_sprint
from scrum.sprint.model import Sprint, State
from scrum.team.project import Autonomy, Project
from scrum.work import Start

_TIMES = 3


@dataclass(frozen=True)
class NextPlan:
    """`plan` is empty where none can be made; `told` says why, or why it is not committed, or whose it is."""

    plan: str
    sprint: str
    told: str


async def next_plan(start: Start[CeremonyWork], project: str, *, by: By, aids: Aids) -> NextPlan:
    """Of the sprint that is planned or in progress; else a new one, committed where nobody has to agree.

    Raises:
        UnknownProject, Unavailable; Conflict: others changed what it rests on, again and again.
    """
    for _ in range(_TIMES - 1):
        try:
            return await _once(start, project, by, aids)
        except Conflict:
            continue
    return await _once(start, project, by, aids)


async def _once(start: Start[CeremonyWork], project: str, by: By, aids: Aids) -> NextPlan:
    owner, sprint = await _stand(start, project)
    if sprint and sprint.state in (State.PLANNED, State.ACTIVE):
        return NextPlan(sprint.plan, sprint.id, f"It is the plan of {sprint.id}, which is {sprint.state}.")
    return await _new(start, owner, sprint, by=by, aids=aids)


async def _stand(start: Start[CeremonyWork], project: str) -> tuple[Project, Sprint | None]:
    async with start() as work:
        owner = await work.projects.get(project)
        return owner, await work.sprints.open(owner.key)


async def _new(
    start: Start[CeremonyWork], project: Project, ending: Sprint | None, *, by: By, aids: Aids
) -> NextPlan:
    """Raises Conflict: somebody was faster."""
    try:
        plan = await plan_sprint(start, project.key, PlanRequest(), by=by, aids=aids)
    except Invalid as error:
        return NextPlan("", "", str(error))
    if why := _why_not(project, plan, ending):
        return NextPlan(plan.id, "", f"It is not committed: {why}.")
    try:
        done = await commit_plan(start, plan.id, Consent.NONE, by=by, memory=aids.memory)
    except Refused as error:
        return NextPlan(plan.id, "", str(error))
    return NextPlan(
        plan.id, done.sprint.id, f"It is committed as {done.sprint.id}: {project.key} is autonomous."
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
