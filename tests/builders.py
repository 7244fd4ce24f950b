"""What tests begin with, made by the real use cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrum.backlog.model import Change, Draft, Item, Status
from scrum.backlog.usecases import add_items
from scrum.events import By
from scrum.sprint.model import Sprint
from scrum.sprint.progress import update_items
from scrum.sprint.usecases import SprintAnswer, get_sprint, start_sprint
from scrum.team.model import Absence, AbsenceDraft, MemberChange
from scrum.team.project import Project
from scrum.team.usecases import TeamAnswer, TeamChange, set_team, setup_project
from scrum_storage.store import Store

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOP = "SHOP"


def by(actor: str = "ana", *, days: float = 0, reason: str = "") -> By:
    """Who acts, some days after MONDAY."""
    return By(actor, MONDAY + timedelta(days=days), reason)


async def a_project(core: Store, key: str = SHOP, **settings: Any) -> Project:
    return (await setup_project(core.start, key, {"name": "The shop", **settings}, by=by())).project


async def a_team(core: Store, *names: str, absences: Sequence[Absence] = ()) -> TeamAnswer:
    members = tuple(MemberChange(name) for name in names)
    drafts = tuple(AbsenceDraft(a.member, a.start, a.end, a.half_day, a.reason) for a in absences)
    return await set_team(core.start, SHOP, TeamChange(members=members, absences=drafts), by=by())


async def some_items(core: Store, points: Sequence[int | None], key: str = SHOP, **fields: Any) -> list[Item]:
    drafts = [Draft(f"Item {n}", points=p, **fields) for n, p in enumerate(points, start=1)]
    return list(await add_items(core.start, key, drafts, by=by()))


async def a_planned_sprint(core: Store, points: Sequence[int | None] = (5, 3), **fields: Any) -> SprintAnswer:
    """A project whose first items are in a planned sprint of two weeks, without the planner's choice."""
    project = await a_project(core)
    added = await some_items(core, points, **fields)
    async with core.start() as work:
        owner = await work.projects.claim(project.key)
        sprint = a_sprint(owner.next_sprint_id, owner.next_sprint)
        await work.sprints.put(sprint)
        await work.items.put([replace(item, sprint=sprint.id, version=item.version + 1) for item in added])
        await work.projects.put(owner.numbered(sprints=1))
        await work.commit()
    return await get_sprint(core.start, SHOP, "next")


async def a_running_sprint(core: Store, points: Sequence[int | None] = (5, 3)) -> SprintAnswer:
    await a_planned_sprint(core, points)
    return await start_sprint(core.start, SHOP, "next", by=by())


def a_sprint(key: str = f"{SHOP}-S1", number: int = 1) -> Sprint:
    start = date(2026, 3, 2)
    return Sprint(key, SHOP, number, "Sell things", start, start + timedelta(13), committed_by="ana")


async def finish(core: Store, *keys: str, days: float = 1) -> None:
    await change(core, *(Change(key, status=Status.DONE) for key in keys), days=days)


async def change(core: Store, *changes: Change, days: float = 1) -> None:
    await update_items(core.start, SHOP, changes, by=by(days=days))


async def the_sprint(core: Store, name: str = f"{SHOP}-S1") -> SprintAnswer:
    return await get_sprint(core.start, SHOP, name)


async def the_item(core: Store, key: str) -> Item:
    async with core.start() as work:
        return (await work.items.of(key.partition("-")[0], [key]))[key]
