"""What the team reports at the end of a working day, as tool calls."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, assert_never

from scrum_server.simulate.game.client import Project, batched
from scrum_server.simulate.invented.course import NewItem
from scrum_server.simulate.invented.happenings import (
    Blocked,
    Finished,
    Found,
    Happening,
    Reestimated,
    Started,
    Unblocked,
)
from scrum_server.simulate.invented.team import Task
from scrum_tools.backlog import AddedView, UpdatedView
from scrum_tools.sprints.sprint_view import SprintView

FOUND = "found while working"


async def report(project: Project, sprint: str, happenings: Sequence[Happening], now: datetime) -> list[Task]:
    """Tell the server what happened; returns the found work, which has its keys now.

    What is found comes first: once the last item is done, the sprint may be over.
    """
    found = [one for one in happenings if isinstance(one, Found)]
    added = [task for some in batched(found) for task in await _add(project, sprint, some, now)]
    for changes in batched(merged(happenings)):
        await project.call(UpdatedView, "update_items", now, changes=changes)
    return added


async def _add(project: Project, sprint: str, found: Sequence[Found], now: datetime) -> list[Task]:
    items = [_item(one).entry() for one in found]
    added = await project.call(AddedView, "add_items", now, items=items, reason=FOUND)
    keys = [one.item for one in added.items]
    await project.ask(SprintView, "change_sprint", now, sprint=sprint, action="add", items=keys, reason=FOUND)
    return [Task(key, one.points, one.skills) for key, one in zip(keys, found, strict=True)]


def _item(found: Found) -> NewItem:
    return NewItem(found.title, "bug", found.points, "medium", tuple(sorted(found.skills)))


def merged(happenings: Iterable[Happening]) -> list[dict[str, Any]]:
    """One change per item: what happened later in the day overrides what happened earlier."""
    changes: dict[str, dict[str, Any]] = {}
    for one in happenings:
        if not isinstance(one, Found):
            changes.setdefault(one.item, {"item": one.item}).update(_change(one))
    return list(changes.values())


def _change(one: Started | Finished | Blocked | Unblocked | Reestimated) -> dict[str, Any]:
    match one:
        case Started():
            return {"status": "in_progress", "assignee": one.who}
        case Finished():
            return {"status": "done"}
        case Blocked():
            return {"blocked": True, "reason": one.reason}
        case Unblocked():
            return {"blocked": False}
        case Reestimated():
            return {"points": one.points, "reason": "larger than it looked"}
        case _:
            assert_never(one)


def words(happenings: Sequence[Happening], added: Sequence[Task]) -> str:
    """The day in one line; that somebody started something is no news."""
    keys = iter(added)
    told = [_found(one, next(keys)) if isinstance(one, Found) else _told(one) for one in happenings]
    begun = sum(isinstance(one, Started) for one in happenings)
    return "; ".join(filter(None, told)) or (f"{begun} items begun" if begun else "nothing finished")


def _found(found: Found, task: Task) -> str:
    return f"scope +{found.points}: {task.key} {found.title}"


def _told(one: Started | Finished | Blocked | Unblocked | Reestimated) -> str:
    match one:
        case Started():
            return ""
        case Finished():
            return f"{one.item} done ({one.who})"
        case Blocked():
            return f"{one.item} blocked: {one.reason}"
        case Unblocked():
            return f"{one.item} goes on"
        case Reestimated():
            return f"{one.item} re-estimated {one.before} -> {one.points}"
        case _:
            assert_never(one)
