"""Plan the next sprint, commit the plan, explain a decision. One function, one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scrum.backlog.model import Item
from scrum.events import By
from scrum.memory.decided import taken
from scrum.planning.consent import approval_needed, check_consent
from scrum.planning.followed import turned
from scrum.planning.model import Consent, Plan
from scrum.planning.ports import NO_AIDS, Aids, PlanningWork
from scrum.planning.recalling import recalled
from scrum.planning.remembering import episode, prediction
from scrum.planning.request import PlanRequest
from scrum.planning.situation import Situation, differences, gather, inputs, learned
from scrum.planning.wording import worded
from scrum.sprint.events import SprintPlanned
from scrum.sprint.model import AlreadyOpen, Sprint
from scrum.sprint.usecases import SprintAnswer, answer, found, starting
from scrum.strategies.ports import StrategyWork
from scrum.team.project import Autonomy, Project
from scrum.work import Start


async def plan_sprint(
    start: Start[PlanningWork], project: str, request: PlanRequest, *, by: By, aids: Aids = NO_AIDS
) -> Plan:
    """Decide the next sprint. Changes nothing but the list of plans, where this one waits for a day.

    Raises:
        UnknownProject, UnknownItem, DependencyCycle, Invalid; Conflict: it was committed in this moment.
    """
    plan = await planned(start, project, request, by=by, aids=aids)
    async with start() as work:
        await keep(work, plan, by.now)
        await work.commit()
    return plan


async def planned(
    start: Start[PlanningWork], project: str, request: PlanRequest, *, by: By, aids: Aids = NO_AIDS
) -> Plan:
    """As `plan_sprint`, and nothing is kept yet.

    Raises:
        UnknownProject, UnknownItem, DependencyCycle, Invalid.
    """
    async with start() as work:
        situation = await gather(work, await work.projects.get(project))
    situation = await learned(situation, aids.memory) if aids.memory else situation
    plan = await asyncio.to_thread(decided, situation, request, by)
    plan = await recalled(plan, situation, aids)
    return await worded(plan, aids.words) if aids.words else plan


async def keep(work: PlanningWork, plan: Plan, now: datetime) -> None:
    """For a day, inside a work that is open; committing that is left to the caller.

    Raises:
        Conflict: it was committed in this moment.
    """
    await work.plans.forget_expired(plan.project, now)
    await work.plans.put(plan)


def decided(situation: Situation, request: PlanRequest, by: By) -> Plan:
    """See decide. It takes a while: call it in a thread of its own."""
    from scrum.planning.decide import decide  # noqa: PLC0415 - brings numpy, which only planning needs

    return decide(situation, request, by)


async def commit_plan(
    start: Start[PlanningWork],
    plan_id: str,
    consent: Consent,
    *,
    by: By,
    memory: Start[StrategyWork] | None = None,
) -> SprintAnswer:
    """Make the plan the next sprint, exactly as planned; with a memory only while its strategies are those of the plan.

    Raises:
        UnknownPlan, AlreadyCommitted, PlanExpired, AlreadyOpen, PlanOutdated, OnlySuggested, NeedsApproval.
    """
    told = await _turned(start, plan_id, memory)
    async with start() as work:
        project, sprint = await _committed(work, plan_id, consent, by, told=told)
        made = await answer(work, project, sprint)
        await work.commit()
    return made


async def commit_and_start(
    start: Start[PlanningWork],
    plan_id: str,
    consent: Consent,
    *,
    by: By,
    memory: Start[StrategyWork] | None = None,
) -> SprintAnswer:
    """As `commit_plan`, and the sprint starts in the same transaction.

    Raises:
        What `commit_plan` raises.
    """
    told = await _turned(start, plan_id, memory)
    async with start() as work:
        project, sprint = await _committed(work, plan_id, consent, by, told=told)
        made = await starting(work, project, sprint, by)
        await work.commit()
    return made


async def _turned(
    start: Start[PlanningWork], plan_id: str, memory: Start[StrategyWork] | None
) -> Sequence[str]:
    """What changed about the strategies; asked before anything is locked. Raises UnknownPlan."""
    if memory is None:
        return []
    async with start() as work:
        plan = await work.plans.get(plan_id)
        project = await work.projects.get(plan.project)
    return await turned(plan, project, memory)


async def _committed(
    work: PlanningWork, plan_id: str, consent: Consent, by: By, *, told: Sequence[str]
) -> tuple[Project, Sprint]:
    project = await work.projects.claim((await work.plans.get(plan_id)).project)
    plan = await work.plans.claim(plan_id)
    situation = await _still_true(work, project, plan, by, told=told)
    items = {item.key: item for item in situation.candidates}
    check_consent(project, plan, consent)
    clock = await work.sprints.coming_clock(project.key, by.now)
    sprint = replace(_sprint(project, plan, by), clock=clock)
    await work.sprints.put(sprint)
    await work.items.put([_taken(items[chosen.key], sprint, chosen.assignee) for chosen in plan.selected])
    await work.projects.put(project.numbered(sprints=1))
    await work.plans.put(plan.committed(sprint.id))
    keys = [chosen.key for chosen in plan.selected]
    work.publish(
        SprintPlanned.of(by, sprint, plan=plan.id, goal=sprint.goal, items=keys, points=plan.points),
        taken(episode(plan, sprint, situation), by),
    )
    return project, sprint


async def _still_true(
    work: PlanningWork, project: Project, plan: Plan, by: By, *, told: Sequence[str]
) -> Situation:
    """As it is now, when nothing changed since the plan was made; `told` is what changed elsewhere."""
    plan.check_fresh(by.now)
    now = await gather(work, project)
    if now.running:
        raise AlreadyOpen(now.running.id, now.running.state, now.running.committed_by)
    plan.check_unchanged([*differences(plan.inputs, inputs(now)), *told])
    return now


def _sprint(project: Project, plan: Plan, by: By) -> Sprint:
    return Sprint(
        id=project.next_sprint_id,
        project=project.key,
        number=project.next_sprint,
        goal=plan.goal,
        start=plan.start,
        end=plan.end,
        plan=plan.id,
        committed_by=by.actor,
        availability=plan.capacity.availability,
        person_days=plan.capacity.person_days,
        members=len(plan.capacity.people),
        prediction=prediction(plan),
    )


def _taken(item: Item, sprint: Sprint, assignee: str) -> Item:
    return replace(
        item,
        sprint=sprint.id,
        assignee=assignee or item.assignee,
        pinned=False,
        version=item.version + 1,
    )


async def question(start: Start[PlanningWork], plan_id: str) -> tuple[Plan, str]:
    """A plan, and why a person has to agree to it; empty when nobody has to, or nobody may be asked.

    Raises:
        UnknownPlan.
    """
    async with start() as work:
        plan = await work.plans.get(plan_id)
        project = await work.projects.get(plan.project)
    asked = not plan.sprint and project.autonomy is not Autonomy.SUGGEST
    return plan, approval_needed(project, plan) if asked else ""


@dataclass(frozen=True)
class Explanation:
    """A decision and what came of it; `outcome` is None while there is no sprint."""

    plan: Plan
    outcome: SprintAnswer | None


async def explain_plan(start: Start[PlanningWork], plan_id: str) -> Explanation:
    """Raises UnknownPlan."""
    async with start() as work:
        plan = await work.plans.get(plan_id)
        sprint = await work.sprints.find(plan.sprint) if plan.sprint else None
        if sprint is None:
            return Explanation(plan, None)
        return Explanation(plan, await answer(work, await work.projects.get(plan.project), sprint))


async def explain_sprint(start: Start[PlanningWork], project: str, name: str) -> Explanation:
    """Raises UnknownProject or UnknownSprint."""
    async with start() as work:
        owner = await work.projects.get(project)
        sprint = await found(work, owner.key, name)
        return Explanation(await work.plans.get(sprint.plan), await answer(work, owner, sprint))
