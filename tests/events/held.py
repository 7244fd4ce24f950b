"""Sprints whose ceremonies are due, and a scheduler on a clock of its own."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from scrum.backlog.model import Change, Draft, Status
from scrum.backlog.usecases import add_items
from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.usecases import set_ceremonies
from scrum.events import By
from scrum.planning.model import Consent
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_and_start, plan_sprint
from scrum.sprint.progress import update_items
from scrum.team.model import MemberChange
from scrum.team.usecases import TeamChange, set_team, setup_project
from scrum_storage.store import Store
from tests.builders import SHOP

LEASE = timedelta(seconds=30)


def now() -> datetime:
    return datetime.now(UTC)


async def a_project(
    core: Store, at: datetime, items: int, policy: Mapping[str, Any], **settings: Any
) -> list[str]:
    """With a team of one, and items of one point each, whose keys come back."""
    by = By("ana", at)
    await setup_project(core.start, SHOP, settings, by=by)
    await set_team(core.start, SHOP, TeamChange(members=(MemberChange("Ana"),)), by=by)
    await set_ceremonies(core.start, SHOP, policy, by=by)
    drafts = [Draft(f"Item {n}", points=1) for n in range(1, items + 1)]
    return [item.key for item in await add_items(core.start, SHOP, drafts, by=by)]


async def a_running_sprint(
    core: Store, at: datetime, items: int, policy: Mapping[str, Any], **settings: Any
) -> list[str]:
    """With all items in it."""
    keys = await a_project(core, at, items, policy, **settings)
    request = PlanRequest(must_include=frozenset(keys), start=at.date())
    plan = await plan_sprint(core.start, SHOP, request, by=By("ana", at))
    await commit_and_start(core.start, plan.id, Consent.PERSON, by=By("ana", at))
    return keys


async def complete(core: Store, keys: Sequence[str], at: datetime) -> None:
    changes = [Change(key, status=Status.DONE) for key in keys]
    await update_items(core.start, SHOP, changes, by=By("ana", at))


async def occurrences(core: Store, sprint: str = f"{SHOP}-S1") -> list[Occurrence]:
    """The oldest first."""
    async with core.look() as work:
        return list(reversed(await work.occurrences.of(sprint)))


async def the_state(core: Store, sprint: str = f"{SHOP}-S1") -> str:
    async with core.look() as work:
        found = await work.sprints.find(sprint)
    return found.state.value if found else ""
