"""Gather what a report is built from: once from the store of the sprint, once from the chronicle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from scrum.backlog.model import Item
from scrum.ceremonies.reports.material import Asked, Kept, Material
from scrum.ceremonies.terms import REFINEMENT
from scrum.chronicle.model import Happening, Span
from scrum.chronicle.ports import ChronicleWork, SourceWork
from scrum.planning.model import Plan, UnknownPlan
from scrum.planning.ports import PlanningWork
from scrum.sprint.ledger import Ledger
from scrum.sprint.model import Sprint
from scrum.sprint.ports import Board
from scrum.sprint.usecases import MOST_HISTORY, past_sprints
from scrum.sprint.velocity import PastSprint, Source
from scrum.team.project import Project

_EARLIER = 5
_PAGE = 1_000
_MOST_PAGES = 20


async def gather(work: SourceWork, asked: Asked, plan: Plan | None = None) -> Material:
    """All but what the chronicle keeps. `plan` is another one than the sprint's own.

    Raises:
        UnknownProject.
    """
    board = await work.sprints.board(asked.project, asked.sprint)
    owner = board.project
    running = await work.sprints.open(owner.key)
    backlog = await work.items.open(owner.key)
    own = await work.sprints.completed(owner.key, MOST_HISTORY)
    earlier = tuple(one for one in own if one.number < _number(board))
    recent = earlier[-_EARLIER:]
    return Material(
        project=owner,
        team=await work.teams.get(owner.key),
        ceremony=asked.ceremony,
        sprint_id=board.sprint.id if board.sprint else asked.sprint or f"{owner.key}-S{owner.next_sprint}",
        now=asked.at,
        sprint=board.sprint,
        ledger=board.ledger,
        items=board.items,
        known=await _known(work, board, backlog),
        backlog=backlog,
        history=await _history(work, owner, earlier),
        earlier=recent,
        ledgers=await _ledgers(work, recent) if asked.ceremony == REFINEMENT else {},
        open_sprint=running.id if running else "",
        published=frozenset(await work.unsettled.of(owner.key)),
        plan=plan or await _plan(work, board.sprint),
    )


async def remembered(work: ChronicleWork, material: Material, *, besides: str = "") -> Material:
    """With what the chronicle keeps; a report whose id is `besides` is not an earlier one."""
    project, sprint = material.project.key, material.sprint_id
    # Counted before they are read: what arrives in between is told and still counted, never left out
    pending = await work.happenings.pending(project, material.published)
    reports = await work.reports.latest(project, sprint=sprint, ceremony=material.ceremony, limit=2)
    changes = await _changes(work, Span(project, sprint, limit=_PAGE))
    found = Kept(
        last=next((report for report in reports if report.id != besides), None),
        actions=tuple(await work.minutes.actions(project)),
        minutes=tuple(await work.minutes.of(project, sprint=sprint)),
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


async def _history(work: PlanningWork, owner: Project, earlier: Sequence[Sprint]) -> tuple[PastSprint, ...]:
    """Of other sources too, which lie before all that are our own."""
    before = {sprint.id for sprint in earlier}
    past = await past_sprints(work, owner)
    return tuple(one for one in past if one.source is not Source.LEDGER or one.name in before)


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
