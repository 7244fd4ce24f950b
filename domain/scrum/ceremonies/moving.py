"""A sprint goes on because its policy says so: each step as a person would take it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.triggers.course import Move
from scrum.events import POLICY, By
from scrum.planning.older import telling
from scrum.sprint.change import in_retrospective, reviewing
from scrum.sprint.model import LEAST_SPENT, MOST_SPENT, CarryOver, Sprint, State
from scrum.sprint.usecases import closing, starting
from scrum.team.project import Project

_FROM = {
    State.ACTIVE: State.PLANNED,
    State.IN_REVIEW: State.ACTIVE,
    State.RETROSPECTIVE: State.IN_REVIEW,
    State.COMPLETED: State.RETROSPECTIVE,
}


@dataclass(frozen=True)
class _Step:
    work: CeremonyWork
    project: Project
    sprint: Sprint
    by: By
    spent: float | None


async def moved(
    work: CeremonyWork, project: Project, sprint: Sprint, moves: Sequence[Move], *, spent: float
) -> tuple[Move, ...]:
    """Those that were made; where somebody took the sprint elsewhere, that leads. What it cost is told at the close."""
    made: list[Move] = []
    cost = spent if LEAST_SPENT <= spent <= MOST_SPENT else None
    for move in moves:
        if sprint.state is _FROM.get(move.state):
            by = By(POLICY, move.at, move.reason)
            sprint = await _STEPS[move.state](_Step(work, project, sprint, by, cost))
            made.append(move)
    return tuple(made)


async def _start(it: _Step) -> Sprint:
    return (await starting(it.work, it.project, it.sprint, it.by)).sprint


async def _review(it: _Step) -> Sprint:
    return await reviewing(it.work, it.sprint, it.by)


async def _retrospective(it: _Step) -> Sprint:
    return await in_retrospective(it.work, it.sprint, it.by)


async def _close(it: _Step) -> Sprint:
    await telling(it.work, it.project, it.sprint)
    done = await closing(it.work, it.project, it.sprint, CarryOver.BACKLOG, it.by, spent=it.spent)
    return done.sprint


_STEPS: Mapping[State, Callable[[_Step], Awaitable[Sprint]]] = {
    State.ACTIVE: _start,
    State.IN_REVIEW: _review,
    State.RETROSPECTIVE: _retrospective,
    State.COMPLETED: _close,
}
