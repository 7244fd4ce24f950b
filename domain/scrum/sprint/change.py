"""Change an open sprint: its scope, length, goal and stage, or cancel it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scrum.backlog.model import Item, Status, UnknownItem
from scrum.errors import Invalid, each
from scrum.events import By
from scrum.sprint.events import (
    SprintCancelled,
    SprintExtended,
    SprintGoalChanged,
    SprintInRetrospective,
    SprintReviewed,
    SprintScopeChanged,
)
from scrum.sprint.ledger import Entry, Kind
from scrum.sprint.model import NotInSprint, Sprint, State
from scrum.sprint.ports import SprintWork
from scrum.sprint.usecases import SprintAnswer, answer, claimed, recorded
from scrum.team.project import Project
from scrum.work import Start


class Action(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    EXTEND = "extend"
    GOAL = "goal"
    REVIEW = "review"
    RETROSPECTIVE = "retrospective"
    CANCEL = "cancel"


class MissingArgument(Invalid):
    def __init__(self, action: Action, needed: str) -> None:
        super().__init__(f"action {action} needs {needed}. Give it, or choose another action.")


@dataclass(frozen=True)
class SprintChange:
    """`items` for add and remove, `days` for extend (negative shortens), `goal` for goal."""

    action: Action
    items: tuple[str, ...] = ()
    days: int = 0
    goal: str = ""

    def check(self) -> None:
        """Raises MissingArgument."""
        needed = _NEEDED.get(self.action)
        if needed and not getattr(self, needed):
            raise MissingArgument(self.action, needed)


_NEEDED = {Action.ADD: "items", Action.REMOVE: "items", Action.EXTEND: "days", Action.GOAL: "goal"}


async def change_sprint(
    start: Start[SprintWork], project: str, name: str, change: SprintChange, *, by: By
) -> SprintAnswer:
    """Change an open sprint; while it runs, its ledger records what that does to the scope.

    Raises:
        UnknownSprint, SprintInWrongState, UnknownItem, BadEntries, Invalid.
    """
    change.check()
    async with start() as work:
        owner, sprint = await claimed(work, project, name)
        changed = await _ACTIONS[change.action](_Open(work, owner, sprint, by), change)
        result = await answer(work, owner, changed)
        await work.commit()
    return result


@dataclass(frozen=True)
class _Open:
    work: SprintWork
    owner: Project
    sprint: Sprint
    by: By


async def _add(it: _Open, change: SprintChange) -> Sprint:
    it.sprint.needs(State.PLANNED, State.ACTIVE)
    items = await _named(it, change.items)
    each("items", items, it.sprint.accepts)
    joined = [replace(item, sprint=it.sprint.id, pinned=False, version=item.version + 1) for item in items]
    return await _scope(it, joined, Kind.ADDED)


async def _remove(it: _Open, change: SprintChange) -> Sprint:
    it.sprint.needs(State.PLANNED, State.ACTIVE)
    items = await _named(it, change.items)
    strangers = [item.key for item in items if item.sprint != it.sprint.id]
    if strangers:
        raise NotInSprint(it.sprint.id, strangers)
    return await _scope(it, [item.out_of_sprint() for item in items], Kind.REMOVED)


async def _scope(it: _Open, items: Sequence[Item], kind: Kind) -> Sprint:
    await it.work.items.put(items)
    running = it.sprint.state.is_running
    entries = [Entry.of(it.by, kind, item.key, item.points) for item in items] if running else []
    sprint = it.sprint.touched()
    await recorded(it.work, sprint, entries)
    keys = [item.key for item in items]
    it.work.publish(
        SprintScopeChanged.of(
            it.by,
            sprint,
            added=keys if kind is Kind.ADDED else [],
            removed=keys if kind is Kind.REMOVED else [],
            done=[item.key for item in items if item.status is Status.DONE],
            points=sum(item.points or 0 for item in items),
        )
    )
    return sprint


async def _extend(it: _Open, change: SprintChange) -> Sprint:
    sprint = it.sprint.extended(change.days, it.sprint.days_of(it.owner.calendar).day_of(it.by.now))
    await it.work.sprints.put(sprint)
    it.work.publish(SprintExtended.of(it.by, sprint, days=change.days, end=str(sprint.end)))
    return sprint


async def _set_goal(it: _Open, change: SprintChange) -> Sprint:
    sprint = it.sprint.with_goal(change.goal)
    await it.work.sprints.put(sprint)
    it.work.publish(SprintGoalChanged.of(it.by, sprint, goal=sprint.goal))
    return sprint


async def _review(it: _Open, _: SprintChange) -> Sprint:
    return await reviewing(it.work, it.sprint, it.by)


async def reviewing(work: SprintWork, sprint: Sprint, by: By) -> Sprint:
    """Into its review, inside a work that is open; committing it is left to the caller."""
    reviewed = sprint.in_review(by.now)
    await work.sprints.put(reviewed)
    work.publish(SprintReviewed.of(by, reviewed))
    return reviewed


async def _retrospective(it: _Open, _: SprintChange) -> Sprint:
    return await in_retrospective(it.work, it.sprint, it.by)


async def in_retrospective(work: SprintWork, sprint: Sprint, by: By) -> Sprint:
    """Into its retrospective, inside a work that is open; committing it is left to the caller."""
    moved = sprint.in_retrospective()
    await work.sprints.put(moved)
    work.publish(SprintInRetrospective.of(by, moved))
    return moved


async def _cancel(it: _Open, _: SprintChange) -> Sprint:
    open_items = [item for item in await it.work.items.in_sprint(it.sprint.id) if item.is_open]
    running = it.sprint.state.is_running
    await it.work.items.put([item.out_of_sprint(carried=running) for item in open_items])
    entries = [Entry.of(it.by, Kind.CARRIED_OVER, item.key, item.points) for item in open_items]
    await it.work.sprints.record(it.sprint.id, entries if running else [])
    ledger = await it.work.sprints.ledger(it.sprint.id)
    sprint = it.sprint.cancelled(it.by.now, ledger.figures())
    await it.work.sprints.put(sprint)
    it.work.publish(
        SprintCancelled.of(
            it.by,
            sprint,
            plan=sprint.plan,
            completed=ledger.figures().completed.points,
            returned=[item.key for item in open_items],
        )
    )
    return sprint


_ACTIONS: dict[Action, Callable[[_Open, SprintChange], Awaitable[Sprint]]] = {
    Action.ADD: _add,
    Action.REMOVE: _remove,
    Action.EXTEND: _extend,
    Action.GOAL: _set_goal,
    Action.REVIEW: _review,
    Action.RETROSPECTIVE: _retrospective,
    Action.CANCEL: _cancel,
}


async def _named(it: _Open, keys: Sequence[str]) -> list[Item]:
    """Raises UnknownItem."""
    wanted = list(dict.fromkeys(key.strip().upper() for key in keys))
    known = await it.work.items.of(it.owner.key, wanted)
    missing = [key for key in wanted if key not in known]
    if missing:
        raise UnknownItem(missing, it.owner.key)
    return [known[key] for key in wanted]
