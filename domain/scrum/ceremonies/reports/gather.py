"""Gather what a report is built from: once from the store of the sprint, once from the chronicle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scrum.backlog.model import Item
from scrum.ceremonies.reports.needs import Fact, needs
from scrum.ceremonies.reports.paper.material import Asked, Kept, Material
from scrum.chronicle.model import Happening, Span
from scrum.chronicle.ports import ChronicleWork, SourceWork
from scrum.chronicle.reports import Report
from scrum.planning.model import Plan, UnknownPlan
from scrum.planning.ports import PlanningWork
from scrum.sprint.ledger import Ledger
from scrum.sprint.model import Sprint
from scrum.sprint.ports import Board
from scrum.sprint.usecases import MOST_HISTORY, past_sprints
from scrum.sprint.velocity import PastSprint, Source
from scrum.team.model import Team

_EARLIER = 5
_PAGE = 1_000
_MOST_PAGES = 20


async def gather(work: SourceWork, asked: Asked, plan: Plan | None = None) -> Material:
    """All but what the chronicle keeps. `plan` is another one than the sprint's own.

    Raises:
        UnknownProject.
    """
    needed = needs(asked.ceremony)
    board = await work.sprints.board(asked.project, asked.sprint)
    owner = board.project
    backlog = await work.items.open(owner.key) if Fact.BACKLOG in needed else ()
    past = await _past(work, board) if Fact.PAST in needed else _NO_PAST
    return Material(
        project=owner,
        team=await work.teams.get(owner.key) if Fact.TEAM in needed else Team(owner.key),
        ceremony=asked.ceremony,
        sprint_id=board.sprint.id if board.sprint else asked.sprint or owner.next_sprint_id,
        now=asked.at,
        sprint=board.sprint,
        ledger=board.ledger,
        items=board.items,
        known=await _known(work, board, backlog),
        backlog=backlog,
        history=past.history,
        earlier=past.earlier,
        ledgers=await _ledgers(work, past.earlier) if Fact.LEDGERS in needed else {},
        open_sprint=await _open(work, board),
        published=frozenset(await work.unsettled.of(owner.key)) if Fact.PENDING in needed else frozenset(),
        because=asked.because,
        plan=plan or (await _plan(work, board.sprint) if Fact.PLAN in needed else None),
        named_plan=board.sprint.plan if board.sprint and Fact.PLAN not in needed else "",
    )


async def remembered(work: ChronicleWork, material: Material, *, besides: str = "") -> Material:
    """With what the chronicle keeps; a report whose id is `besides` is not an earlier one."""
    project, sprint, needed = material.project.key, material.sprint_id, needs(material.ceremony)
    # Counted before they are read: what arrives in between is told and still counted, never left out
    pending = await work.happenings.pending(project, material.published) if Fact.PENDING in needed else 0
    changes = await _changes(work, Span(project, sprint, limit=_PAGE)) if Fact.CHANGES in needed else ()
    found = Kept(
        last=await _last(work, material, besides) if Fact.LAST in needed else None,
        actions=tuple(await work.minutes.actions(project)) if Fact.AGREED in needed else (),
        minutes=tuple(await work.minutes.of(project, sprint=sprint)) if Fact.MINUTES in needed else (),
        changes=changes,
        missing=_TOO_MANY if len(changes) >= _PAGE * _MOST_PAGES else "",
        pending=pending,
    )
    return replace(material, kept=found)


def forgotten(material: Material) -> Material:
    """Without the chronicle: the report says so."""
    return replace(material, kept=Kept(missing=_AWAY))


_AWAY = "The chronicle cannot be read now: earlier reports, blocks that are over, notes and actions are not in this."
_TOO_MANY = f"Only the first {_PAGE * _MOST_PAGES} changes of the sprint are looked at."


def _number(board: Board) -> int:
    return board.sprint.number if board.sprint else board.project.next_sprint


@dataclass(frozen=True)
class _Past:
    history: tuple[PastSprint, ...] = ()
    earlier: tuple[Sprint, ...] = ()


_NO_PAST = _Past()


async def _past(work: PlanningWork, board: Board) -> _Past:
    """Sprints of other sources too, which lie before all that are our own."""
    own = await work.sprints.completed(board.project.key, MOST_HISTORY)
    earlier = tuple(one for one in own if one.number < _number(board))
    before = {sprint.id for sprint in earlier}
    every = await past_sprints(work, board.project)
    history = tuple(one for one in every if one.source is not Source.LEDGER or one.name in before)
    return _Past(history, earlier[-_EARLIER:])


async def _open(work: PlanningWork, board: Board) -> str:
    """A project has one at most."""
    if board.sprint and board.sprint.state.is_open:
        return board.sprint.id
    running = await work.sprints.open(board.project.key)
    return running.id if running else ""


async def _last(work: ChronicleWork, material: Material, besides: str) -> Report | None:
    project, sprint, ceremony = material.project.key, material.sprint_id, material.ceremony
    reports = await work.reports.latest(project, sprint=sprint, ceremony=ceremony, limit=2)
    return next((report for report in reports if report.id != besides), None)


async def _known(work: PlanningWork, board: Board, backlog: Iterable[Item]) -> Mapping[str, Item]:
    found = {item.key: item for item in (*backlog, *board.items)}
    needed = {key for item in found.values() for key in item.depends_on}
    named = {entry.item for entry in board.ledger.entries}
    missing = (needed | named) - found.keys()
    return {**found, **(await work.items.of(board.project.key, missing) if missing else {})}


async def _ledgers(work: PlanningWork, sprints: Sequence[Sprint]) -> Mapping[str, Ledger]:
    return {sprint.id: await work.sprints.ledger(sprint.id) for sprint in sprints}


async def _plan(work: PlanningWork, sprint: Sprint | None) -> Plan | None:
    if sprint is None or not sprint.plan:
        return None
    try:
        return await work.plans.get(sprint.plan)
    except UnknownPlan:
        return None


async def _changes(work: ChronicleWork, span: Span) -> tuple[Happening, ...]:
    """Oldest first."""
    found: list[Happening] = []
    for _ in range(_MOST_PAGES):
        after = found[-1].moment if found else None
        page = await work.happenings.of(Span(span.project, span.sprint, after=after, limit=span.limit))
        found.extend(page[: span.limit])
        if len(page) <= span.limit:
            break
    return tuple(found)
