"""What a happening changes in the figures of a sprint, and which events it means."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from scrum.ceremonies.terms import Happened
from scrum.ceremonies.triggers.facts import Happening
from scrum.ceremonies.triggers.standing import Standing
from scrum.sprint.model import State

ENTERS: Mapping[str, State] = {
    Happened.SPRINT_STARTED: State.ACTIVE,
    Happened.SPRINT_IN_REVIEW: State.IN_REVIEW,
    Happened.SPRINT_IN_RETROSPECTIVE: State.RETROSPECTIVE,
    Happened.SPRINT_COMPLETED: State.COMPLETED,
    Happened.SPRINT_CANCELLED: State.CANCELLED,
}
EVENT_OF: Mapping[State, str] = {state: name for name, state in ENTERS.items()}
SETTLES: Mapping[str, str] = {Happened.CEREMONY_HELD: "was held", Happened.CEREMONY_SKIPPED: "was skipped"}


def tallied(standing: Standing, happening: Happening, watched: frozenset[str]) -> Standing:
    """`watched` are the items whose keys matter; of all others it keeps how many are done."""
    counts = _COUNTS.get(happening.name)
    if happening.item in watched:
        standing = replace(standing, done_items=_changed(standing.done_items, happening))
    return counts(standing, happening) if counts else standing


def _changed(done: frozenset[str], happening: Happening) -> frozenset[str]:
    match happening.name:
        case Happened.TASK_COMPLETED:
            return done | {happening.item}
        case Happened.TASK_REOPENED:
            return done - {happening.item}
        case _:
            return done


def _planned(standing: Standing, happening: Happening) -> Standing:
    return replace(standing, planned=happening.at)


def _started(standing: Standing, happening: Happening) -> Standing:
    return replace(standing, items=happening.items, started=happening.at)


def _extended(standing: Standing, happening: Happening) -> Standing:
    return replace(standing, extended=standing.extended + happening.days)


def _scoped(standing: Standing, happening: Happening) -> Standing:
    items, done = standing.items + happening.items, standing.done + happening.done
    return replace(standing, items=max(0, items), done=max(0, done))


def _spent(standing: Standing, happening: Happening) -> Standing:
    return replace(standing, spent=happening.spent)


def _completed(standing: Standing, happening: Happening) -> Standing:
    done = standing.done + _counts(standing, happening)
    return replace(standing, done=done, peak=max(standing.peak, done))


def _reopened(standing: Standing, happening: Happening) -> Standing:
    return replace(standing, done=max(0, standing.done - _counts(standing, happening)))


def _counts(standing: Standing, happening: Happening) -> bool:
    """What was done before a sprint started is not done in it."""
    return standing.state is not State.PLANNED and not happening.elsewhere


_COUNTS: Mapping[str, Callable[[Standing, Happening], Standing]] = {
    Happened.SPRINT_PLANNED: _planned,
    Happened.SPRINT_STARTED: _started,
    Happened.SPRINT_EXTENDED: _extended,
    Happened.SCOPE_CHANGED: _scoped,
    Happened.TASK_COMPLETED: _completed,
    Happened.TASK_REOPENED: _reopened,
    Happened.BUDGET_SPENT: _spent,
}


def events_of(happening: Happening, before: Standing, after: Standing) -> tuple[str, ...]:
    """The event itself and those that it implies. Steps of the lifecycle count when the sprint takes them."""
    if happening.name in ENTERS:
        return ()
    if happening.elsewhere:
        return ()
    names = [happening.name]
    if happening.name in (Happened.TASK_COMPLETED, Happened.TASK_REOPENED):
        names.append(Happened.BOARD_STATE_CHANGED)
    if after.is_empty and not before.is_empty:
        names.append(Happened.SPRINT_BACKLOG_EMPTY)
    return tuple(names)
