"""Start and close sprints, and look at them. One function, one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scrum.backlog.model import Item
from scrum.errors import Invalid
from scrum.events import By
from scrum.sprint.events import HistoryImported, SprintClosed, SprintStarted
from scrum.sprint.ledger import Entry, Figures, Kind, Ledger
from scrum.sprint.model import CarryOver, Sprint, State, UnknownSprint
from scrum.sprint.ports import SprintWork
from scrum.sprint.velocity import PastSprint, Unit, Velocity, past_sprint, velocity
from scrum.team.project import Project
from scrum.team.usecases import set_up
from scrum.work import Start

MOST_HISTORY = 500


@dataclass(frozen=True)
class SprintAnswer:
    """A sprint, its ledger and the items in it now. `dropped` were closed before it started."""

    project: Project
    sprint: Sprint
    ledger: Ledger
    items: tuple[Item, ...]
    dropped: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()


async def start_sprint(start: Start[SprintWork], project: str, name: str, *, by: By) -> SprintAnswer:
    """Freeze the commitment, items and points as they are now, and start.

    Raises:
        UnknownSprint, SprintInWrongState, EmptySprint.
    """
    async with start() as work:
        owner, sprint = await claimed(work, project, name)
        result = await starting(work, owner, sprint, by)
        await work.commit()
    return result


async def starting(work: SprintWork, owner: Project, sprint: Sprint, by: By) -> SprintAnswer:
    """As `start_sprint`, inside a work that is open; committing it is left to the caller."""
    started = sprint.started(by.now, sprint.days_of(owner.calendar).day_of(by.now))
    members = await work.items.in_sprint(sprint.id)
    closed = [item for item in members if not item.is_open]
    items = tuple(item for item in members if item.is_open)
    if not items:
        raise EmptySprint(sprint.id)
    entries = [Entry.of(by, Kind.COMMITTED, item.key, item.points) for item in items]
    await work.items.put([item.out_of_sprint() for item in closed])
    await recorded(work, started, entries)
    points = sum(item.points or 0 for item in items)
    work.publish(SprintStarted.of(by, started, items=[item.key for item in items], points=points))
    dropped = tuple(item.key for item in closed)
    return SprintAnswer(owner, started, Ledger(tuple(entries)), items, dropped=dropped)


class EmptySprint(Invalid):
    def __init__(self, sprint: str) -> None:
        super().__init__(f"{sprint} has no open item. Call change_sprint to add some, or to cancel it.")


async def close_sprint(
    start: Start[SprintWork],
    project: str,
    name: str,
    destination: CarryOver,
    *,
    by: By,
    spent: float | None = None,
) -> SprintAnswer:
    """Freeze the result and carry unfinished items over, in one transaction.

    Raises:
        UnknownSprint, SprintInWrongState, OutOfRange.
    """
    async with start() as work:
        owner, sprint = await claimed(work, project, name)
        result = await closing(work, owner, sprint, destination, by, spent=spent)
        await work.commit()
    return result


async def closing(  # noqa: PLR0917 - as close_sprint, without its store
    work: SprintWork,
    owner: Project,
    sprint: Sprint,
    destination: CarryOver,
    by: By,
    *,
    spent: float | None = None,
) -> SprintAnswer:
    """As `close_sprint`, inside a work that is open; committing it is left to the caller."""
    sprint.needs(State.ACTIVE, State.IN_REVIEW, State.RETROSPECTIVE)
    unfinished = [item for item in await work.items.in_sprint(sprint.id) if item.is_open]
    pinned = destination is CarryOver.NEXT
    await work.items.put([item.out_of_sprint(carried=True, pinned=pinned) for item in unfinished])
    entries = [Entry.of(by, Kind.CARRIED_OVER, item.key, item.points) for item in unfinished]
    ledger = (await work.sprints.ledger(sprint.id)).plus(entries)
    closed = sprint.completed(by.now, ledger.figures(), spent)
    await recorded(work, closed, entries)
    carried = tuple(item.key for item in unfinished)
    work.publish(_closed(by, closed, [*carried], destination))
    return SprintAnswer(owner, closed, ledger, await work.items.in_sprint(sprint.id), carried=carried)


def _closed(by: By, sprint: Sprint, carried: list[str], destination: CarryOver) -> SprintClosed:
    result = sprint.result or Figures()
    return SprintClosed.of(
        by,
        sprint,
        plan=sprint.plan,
        committed=result.committed.points,
        added=result.added.points,
        removed=result.removed.points,
        reestimated=result.reestimated,
        completed=result.completed.points,
        carried_over=carried,
        destination=destination.value,
        spent=sprint.spent,
    )


async def get_sprint(start: Start[SprintWork], project: str, name: str) -> SprintAnswer:
    """Raises UnknownProject or UnknownSprint."""
    wanted = name.strip()
    async with start() as work:
        board = await work.sprints.board(project, "" if wanted.lower() in _NAMED else wanted.upper())
        if board.sprint is None or not _fits(board.sprint, wanted):
            raise UnknownSprint(wanted, board.project.key, await work.sprints.ids(board.project.key))
    return SprintAnswer(board.project, board.sprint, board.ledger, board.items)


async def get_open_sprint(start: Start[SprintWork], project: str) -> SprintAnswer:
    """The sprint that is planned or running.

    Raises:
        UnknownProject, UnknownSprint.
    """
    async with start() as work:
        board = await work.sprints.board(project, "")
        if board.sprint is None:
            raise UnknownSprint("current", board.project.key, await work.sprints.ids(board.project.key))
    return SprintAnswer(board.project, board.sprint, board.ledger, board.items)


async def get_velocity(start: Start[SprintWork], project: str, unit: Unit, *, window: int) -> Velocity:
    """Raises UnknownProject."""
    async with start() as work:
        owner = await work.projects.get(project)
        return velocity(await past_sprints(work, owner), unit, window=window)


@dataclass(frozen=True)
class ImportedHistory:
    """`different` counts what is new or has changed."""

    project: str
    created: bool
    new: int
    different: int


async def import_history(
    start: Start[SprintWork], key: str, sprints: Mapping[float, PastSprint], *, by: By
) -> ImportedHistory:
    """Sprints from before this server, by their place; a project that does not exist is made.

    Raises:
        BadKey.
    """
    async with start() as work:
        made = await set_up(work, key, {}, by)
        known = {past.name for past in await work.history.of(made.project.key)}
        different = await work.history.put(made.project.key, sprints)
        if different:
            changed = made.project.numbered()
            await work.projects.put(changed)
            work.publish(HistoryImported.of(by, changed, sprints=len(sprints), different=different))
        await work.commit()
    new = len({past.name for past in sprints.values()} - known)
    return ImportedHistory(made.project.key, made.created, new, different)


async def past_sprints(work: SprintWork, project: Project) -> list[PastSprint]:
    """Imported sprints and then our own, oldest first."""
    own = [
        past_sprint(sprint, sprint.result or Figures(), _worked(project, sprint), _planned(project, sprint))
        for sprint in await work.sprints.completed(project.key, MOST_HISTORY)
    ]
    return [*await work.history.of(project.key), *own]


def _worked(project: Project, sprint: Sprint) -> int:
    last = sprint.days_of(project.calendar).day_of(sprint.ended_at) if sprint.ended_at else sprint.end
    return len(project.calendar.working_days(sprint.start, last))


def _planned(project: Project, sprint: Sprint) -> int:
    return len(project.calendar.working_days(sprint.start, sprint.planned_end or sprint.end))


async def found(work: SprintWork, project: str, name: str) -> Sprint:
    """A sprint by its id, `current` (running) or `next` (planned).

    Raises:
        UnknownSprint.
    """
    wanted = name.strip()
    named = wanted.lower() in _NAMED
    sprint = await work.sprints.open(project) if named else await work.sprints.find(wanted.upper())
    if sprint is None or sprint.project != project or not _fits(sprint, wanted):
        raise UnknownSprint(wanted, project, await work.sprints.ids(project))
    return sprint


def _fits(sprint: Sprint, name: str) -> bool:
    running = sprint.state.is_running
    return _NAMED.get(name.lower(), running) is running


_NAMED = {"current": True, "next": False}
"""Names of the open sprint, and whether it is running."""


async def found_id(start: Start[SprintWork], project: str, name: str) -> str:
    """The id of a sprint that may be named `current` or `next`.

    Raises:
        UnknownProject or UnknownSprint.
    """
    async with start() as work:
        return (await found(work, (await work.projects.get(project)).key, name)).id


async def claimed(work: SprintWork, project: str, name: str) -> tuple[Project, Sprint]:
    owner = await work.projects.claim(project)
    return owner, await found(work, owner.key, name)


async def recorded(work: SprintWork, sprint: Sprint, entries: Sequence[Entry]) -> None:
    await work.sprints.put(sprint)
    await work.sprints.record(sprint.id, entries)


async def answer(work: SprintWork, project: Project, sprint: Sprint) -> SprintAnswer:
    ledger = await work.sprints.ledger(sprint.id)
    return SprintAnswer(project, sprint, ledger, await work.items.in_sprint(sprint.id))
