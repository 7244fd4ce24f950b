"""Add to the backlog and look at it. What changes an item is in the sprint context: it keeps the ledger."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from scrum.backlog.dependencies import check_acyclic
from scrum.backlog.events import ItemAdded
from scrum.backlog.model import Draft, Item, Page, UnknownItem, Where, checked
from scrum.backlog.ports import BacklogWork
from scrum.errors import Invalid, each
from scrum.events import By
from scrum.team.model import Team
from scrum.team.project import Project
from scrum.team.usecases import set_up
from scrum.text import quoted
from scrum.work import Start


class UnknownPosition(Invalid):
    def __init__(self, given: str, count: int) -> None:
        super().__init__(f"depends_on names {quoted(given)}; this call has items #1 to #{count}.")


class AlreadyThere(Invalid):
    def __init__(self, external_key: str, item: str) -> None:
        super().__init__(
            f"external_key {quoted(external_key)} is {item} already. Call update_items to change it."
        )


async def add_items(
    start: Start[BacklogWork], key: str, drafts: Sequence[Draft], *, by: By
) -> tuple[Item, ...]:
    """Append items to the backlog, in the order given, all or nothing.

    Raises:
        UnknownProject, BadEntries (also for an external key that is known), UnknownItem, DependencyCycle.
    """
    async with start() as work:
        project = await work.projects.claim(key)
        added = await _add(work, project, [draft.clean() for draft in drafts], by=by)
        await work.commit()
    return added


@dataclass(frozen=True)
class Known:
    """What a project has of what was asked for: items by external key and by their own, and its team."""

    external: Mapping[str, str]
    keys: frozenset[str]
    team: Team


@dataclass(frozen=True)
class Imported:
    project: str
    created: bool
    new: int


async def import_items(
    start: Start[BacklogWork],
    key: str,
    names: Collection[str],
    choose: Callable[[Known], Sequence[Draft]],
    *,
    by: By,
) -> Imported:
    """Add what `choose` makes of what the project has, all or nothing; a project that does not exist is made.

    `names` are the keys to look for, external ones or of items. What `choose` raises ends the import.

    Raises:
        BadKey, BadEntries, UnknownItem, DependencyCycle.
    """
    async with start() as work:
        made = await set_up(work, key, {}, by)
        drafts = choose(await _known(work, made.project.key, names))
        if drafts:
            await _add(work, made.project, [draft.clean() for draft in drafts], by=by)
        await work.commit()
    return Imported(made.project.key, made.created, len(drafts))


async def _known(work: BacklogWork, project: str, names: Collection[str]) -> Known:
    external = await work.items.by_external_key(project, names)
    items = await work.items.of(project, {name.upper() for name in names if name not in external})
    return Known(external, frozenset(items), await work.teams.get(project))


async def _add(work: BacklogWork, project: Project, drafts: Sequence[Draft], *, by: By) -> tuple[Item, ...]:
    keys = [f"{project.key}-{project.next_item + n}" for n in range(len(drafts))]
    taken = await work.items.by_external_key(project.key, _external_keys(drafts))
    build = _Build(
        keys,
        {f"#{n}": key for n, key in enumerate(keys, start=1)},
        await work.teams.get(project.key),
        taken,
        await work.items.last_rank(project.key),
        by,
    )
    items = each("items", enumerate(drafts), build.item)
    await check_dependencies(work, project.key, items)
    await work.items.add(items, {i.key: d.description for i, d in zip(items, drafts, strict=True)})
    await work.projects.put(project.numbered(items=len(items)))
    work.publish(
        *(ItemAdded.of(by, i, title=i.title, points=i.points, priority=i.priority.value) for i in items)
    )
    return tuple(items)


def _external_keys(drafts: Sequence[Draft]) -> list[str]:
    return [draft.external_key for draft in drafts if draft.external_key]


@dataclass(frozen=True)
class _Build:
    keys: Sequence[str]
    places: Mapping[str, str]
    team: Team
    taken: dict[str, str]
    last_rank: int
    by: By

    def item(self, numbered: tuple[int, Draft]) -> Item:
        index, draft = numbered
        if draft.external_key in self.taken:
            raise AlreadyThere(draft.external_key, self.taken[draft.external_key])
        if draft.external_key:
            self.taken[draft.external_key] = self.keys[index]
        named = replace(
            draft,
            depends_on=tuple(self._key(name) for name in draft.depends_on),
            assignee=self.team.member(draft.assignee).name if draft.assignee else "",
        )
        return drafted(self.keys[index], self.last_rank + 1 + index, named, self.by)

    def _key(self, name: str) -> str:
        if not name.strip().startswith("#"):
            return name
        if name.strip() not in self.places:
            raise UnknownPosition(name, len(self.keys))
        return self.places[name.strip()]


def drafted(key: str, rank: int, draft: Draft, by: By) -> Item:
    """The new item. Raises Invalid: a value breaks a rule."""
    checked({"description": draft.description})
    project, _, number = key.rpartition("-")
    values = {
        "title": draft.title,
        "type": draft.type,
        "points": draft.points,
        "priority": draft.priority,
        "labels": draft.labels,
        "skills": draft.skills,
        "depends_on": frozenset(draft.depends_on),
        "due": draft.due,
        "external_key": draft.external_key,
    }
    return Item(
        key=key,
        project=project,
        number=int(number),
        rank=rank,
        assignee=draft.assignee,
        created_at=by.now,
        **checked({name: value for name, value in values.items() if value is not None}),
    )


async def check_dependencies(work: BacklogWork, project: str, changed: Sequence[Item]) -> None:
    """Raises UnknownItem for a dependency that does not exist, DependencyCycle for a circle."""
    needed = {name for item in changed for name in item.depends_on}
    if not needed:
        return
    own = {item.key for item in changed}
    missing = needed - own - set(await work.items.of(project, needed - own))
    if missing:
        raise UnknownItem(sorted(missing), project)
    check_acyclic(await work.items.dependencies(project) | {item.key: item.depends_on for item in changed})


async def list_items(
    start: Start[BacklogWork], project: str, where: Where, *, after: int | None, limit: int
) -> Page:
    """One page of the backlog in its order; done and cancelled items are shown when asked for.

    Raises:
        UnknownProject.
    """
    async with start() as work:
        page = await work.items.page(project, where, after=after, limit=limit)
        if not page.total:
            await work.projects.get(project)
    return page


async def read_items(start: Start[BacklogWork], project: str, keys: Sequence[str]) -> dict[str, str]:
    """The descriptions of items.

    Raises:
        UnknownProject.
    """
    async with start() as work:
        known = await work.projects.get(project)
        return await work.items.descriptions(known.key, keys)
