"""Change items, and keep the ledger of the sprint that they are in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scrum.backlog.events import ItemBlocked, ItemChanged, ItemCompleted, ItemReopened, ItemUnblocked
from scrum.backlog.model import DESCRIPTION, REASON, Change, Item, Status, UnknownItem
from scrum.backlog.order import moved
from scrum.backlog.usecases import check_dependencies
from scrum.errors import Invalid, each
from scrum.events import By, Event
from scrum.sprint.model import Sprint, entries_for
from scrum.sprint.ports import SprintWork
from scrum.team.model import Team
from scrum.text import body, line, quoted
from scrum.work import Start


class TwiceChanged(Invalid):
    def __init__(self, item: str) -> None:
        super().__init__(f"{quoted(item)} stands in two changes of this call. Put them into one.")


class ClosedHasNoRank(Invalid):
    def __init__(self, item: str, status: Status) -> None:
        super().__init__(f"{item} is {status}; only open items have a rank.")


@dataclass(frozen=True)
class Updated:
    """`before` and `after` are equal where the change changed nothing."""

    before: Item
    after: Item
    change: Change

    def by(self, by: By) -> By:
        """With the reason of this change, where it has one of its own."""
        return replace(by, reason=line("reason", self.change.reason, limit=REASON) or by.reason)


async def update_items(
    start: Start[SprintWork], key: str, changes: Sequence[Change], *, by: By
) -> tuple[Updated, ...]:
    """Change items, all or nothing; what it does to the scope of a running sprint goes to its ledger.

    Raises:
        UnknownProject, UnknownItem, BadEntries, DependencyCycle.
    """
    async with start() as work:
        project = await work.projects.claim(key)
        known = await _known(work, project.key, changes)
        sprint = await work.sprints.open(project.key)
        apply = _Apply(known, await work.teams.get(project.key), sprint, by)
        updated = tuple(each("changes", changes, apply.change))
        new_dependencies = [u.after for u in updated if u.after.depends_on != u.before.depends_on]
        await check_dependencies(work, project.key, new_dependencies)
        await _store(work, project.key, updated)
        if sprint:
            await _record(work, sprint, updated, by)
        work.publish(*(event for u in updated for event in _events(u, by)))
        await work.commit()
    return updated


async def _known(work: SprintWork, project: str, changes: Sequence[Change]) -> Mapping[str, Item]:
    keys = [change.item for change in changes]
    each("changes", enumerate(keys), lambda numbered: _only_once(keys, *numbered))
    known = await work.items.of(project, keys)
    missing = [key for key in keys if key not in known]
    if missing:
        raise UnknownItem(missing, project)
    return known


def _only_once(keys: Sequence[str], position: int, key: str) -> None:
    if key in keys[:position]:
        raise TwiceChanged(key)


@dataclass(frozen=True)
class _Apply:
    known: Mapping[str, Item]
    team: Team
    sprint: Sprint | None
    by: By

    def change(self, change: Change) -> Updated:
        before = self.known[change.item]
        named = replace(change, assignee=self._assignee(change.assignee), description=_description(change))
        line("reason", change.reason, limit=REASON)
        after = before.changed(named, self.by)
        if change.position is not None and not after.is_open:
            raise ClosedHasNoRank(after.key, after.status)
        return Updated(before, _counted(change, before, self._membership(before, after)), named)

    def _assignee(self, name: str | None) -> str | None:
        return self.team.member(name).name if name else name

    def _membership(self, before: Item, after: Item) -> Item:
        """A cancelled item leaves its sprint; one that is reopened leaves a sprint that is over."""
        over = self.sprint is None or after.sprint != self.sprint.id
        reopened = after.is_open and not before.is_open
        if after.sprint and (after.status is Status.CANCELLED or (reopened and over)):
            return replace(after, sprint="")
        return after


def _description(change: Change) -> str | None:
    given = change.description
    return None if given is None else body("description", given, limit=DESCRIPTION)


def _counted(change: Change, before: Item, after: Item) -> Item:
    """Its place and its description are kept beside the item; changing them makes a new version of it too."""
    beside = change.position is not None or change.description is not None
    return replace(after, version=before.version + 1) if beside else after


async def _store(work: SprintWork, project: str, updated: Sequence[Updated]) -> None:
    changes = [u.change for u in updated]
    await work.items.put([u.after for u in updated if u.after != u.before])
    texts = {change.item: change.description for change in changes if change.description is not None}
    if texts:
        await work.items.describe(project, texts)
    moves = {change.item: change.position for change in changes if change.position is not None}
    if moves:
        await work.items.rerank(project, moved(await work.items.order(project), moves))


async def _record(work: SprintWork, sprint: Sprint, updated: Sequence[Updated], by: By) -> None:
    mine = [u for u in updated if u.before.sprint == sprint.id]
    entries = [entry for u in mine for entry in entries_for(u.before, u.after, u.by(by))]
    if entries and sprint.state.is_running:
        await work.sprints.record(sprint.id, entries)
        await work.sprints.put(sprint.touched())


def _events(updated: Updated, by: By) -> list[Event]:
    before, after, by = updated.before, updated.after, updated.by(by)
    if before == after:
        return []
    names = [name for name in _TOLD if _differs(name, before, after)]
    beside = {"rank": updated.change.position, "description": updated.change.description}
    changed = _plain_values(after, names) | {name: to for name, to in beside.items() if to is not None}
    had = _plain_values(before, names)
    return [
        *_reopened(before, after, by),
        ItemChanged.of(by, after, sprint=before.sprint, fields=changed, before=had),
        *_completed(before, after, by),
        *_block(before, after, by),
    ]


def _reopened(before: Item, after: Item, by: By) -> Iterator[Event]:
    """Told first: a done item that is cancelled is done no more, and then leaves the scope."""
    if before.status is Status.DONE and after.status is not Status.DONE:
        yield ItemReopened.of(by, after, sprint=before.sprint)


def _completed(before: Item, after: Item, by: By) -> Iterator[Event]:
    if after.status is Status.DONE and before.status is not Status.DONE:
        yield ItemCompleted.of(by, after, sprint=before.sprint, points=after.points)


def _block(before: Item, after: Item, by: By) -> Iterator[Event]:
    if after.block and not before.block:
        yield ItemBlocked.of(by, after, sprint=before.sprint, why=after.block.reason)
    if before.block and not after.block:
        yield ItemUnblocked.of(by, after, sprint=before.sprint, since=before.block.since.isoformat())


_TOLD = (
    "title", "type", "points", "priority", "status", "labels", "skills", "depends_on", "assignee", "due",
    "sprint",
)  # fmt: skip


def _differs(name: str, before: Item, after: Item) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _plain_values(item: Item, names: Iterable[str]) -> dict[str, object]:
    return {name: _plain(getattr(item, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(str(one) for one in value)  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
    return value if value is None or isinstance(value, int) else str(value)
