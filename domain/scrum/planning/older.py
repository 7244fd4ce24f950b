"""Decisions that an older version took, and told nobody of."""

from dataclasses import replace

from scrum.events import By
from scrum.memory.decided import taken
from scrum.planning.model import Plan
from scrum.planning.ports import PlanningWork
from scrum.planning.remembering import episode
from scrum.planning.situation import Situation, gather
from scrum.sprint.model import Sprint
from scrum.sprint.usecases import found
from scrum.team.project import Project
from scrum.work import Start


async def tell_decision(start: Start[PlanningWork], project: str, name: str) -> None:
    """Before a sprint ends, so that memory has an episode to end; telling it again changes nothing there.

    Raises:
        UnknownProject or UnknownSprint.
    """
    async with start() as work:
        owner = await work.projects.get(project)
        if await telling(work, owner, await found(work, owner.key, name)):
            await work.commit()


async def telling(work: PlanningWork, owner: Project, sprint: Sprint) -> bool:
    """Whether there was something to tell; inside a work that is open, committing it is left to the caller."""
    plan = await work.plans.get(sprint.plan) if sprint.plan else None
    if plan is None or not plan.untold:
        return False
    by = By(sprint.committed_by, plan.created_at)
    work.publish(taken(episode(plan, sprint, await _then(work, owner, plan)), by))
    return True


async def _then(work: PlanningWork, owner: Project, plan: Plan) -> Situation:
    """What the plan knew, as far as memory keeps it."""
    facts = plan.inputs.facts
    known = dict(facts["history"])
    candidates = sorted(facts["items"].items(), key=lambda item: item[1]["place"])
    items = await work.items.of(owner.key, facts["items"])
    now = await gather(work, owner)
    return replace(
        now,
        items=tuple(
            replace(items[key], sprint="", points=fact["points"], carried=fact.get("carried over", False))
            for key, fact in candidates
        ),
        history=tuple(past for past in now.history if past.name in known),
    )
