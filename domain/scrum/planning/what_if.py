"""What if the team or the scope were different: the same decision, under facts that are supposed only.

They go through the same use cases as real ones, in work that is never committed: the same rules hold, and nothing is
written.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from scrum.backlog.model import Change, Draft
from scrum.backlog.usecases import adding
from scrum.errors import ScrumError
from scrum.events import By
from scrum.planning.model import Plan
from scrum.planning.ports import PlanningWork
from scrum.planning.request import PlanRequest
from scrum.planning.situation import Situation, gather
from scrum.planning.usecases import decided
from scrum.sprint.progress import updating
from scrum.team.usecases import TeamChange, changing_team
from scrum.work import Start


@dataclass(frozen=True)
class Supposed:
    """New items come at the end of the backlog."""

    team: TeamChange
    added: Sequence[Draft] = ()
    changed: Sequence[Change] = ()


@dataclass(frozen=True)
class Compared:
    """The plan under what is supposed, beside the one as things are; or why there is none as things are."""

    supposed: Plan
    actual: Plan | None
    why_not: str = ""


async def what_if(
    start: Start[PlanningWork], project: str, request: PlanRequest, supposed: Supposed, *, by: By
) -> Compared:
    """Plan as if. Nothing is written, so there is nothing to commit.

    Raises:
        What `plan_sprint`, `set_team`, `add_items` and `update_items` raise.
    """
    async with start() as work:
        owner = await work.projects.claim(project)
        actual = await gather(work, owner)
        await changing_team(work, owner, supposed.team, by)
        if supposed.added:
            await adding(work, owner, supposed.added, by)
        if supposed.changed:
            await updating(work, owner.key, supposed.changed, by)
        situation = await gather(work, await work.projects.get(owner.key))
    plan = await asyncio.to_thread(decided, situation, request, by)
    return await asyncio.to_thread(_compared, plan, actual, request, by)


def _compared(plan: Plan, actual: Situation, request: PlanRequest, by: By) -> Compared:
    """The request may name an item that is only supposed."""
    try:
        return Compared(plan, decided(actual, request, by))
    except ScrumError as error:
        return Compared(plan, None, str(error))
