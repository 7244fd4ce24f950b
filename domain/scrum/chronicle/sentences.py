"""What an event says: one clause each, whose subject is its actor. Texts of people are quoted as data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from scrum.backlog.events import (
    ItemAdded,
    ItemBlocked,
    ItemChanged,
    ItemCompleted,
    ItemReopened,
    ItemUnblocked,
)
from scrum.events import Event
from scrum.memory.events import DecisionTaken, EpisodeEnded, EpisodeWritten
from scrum.sprint.events import (
    HistoryImported,
    SprintCancelled,
    SprintClosed,
    SprintExtended,
    SprintGoalChanged,
    SprintInRetrospective,
    SprintPlanned,
    SprintReviewed,
    SprintScopeChanged,
    SprintStarted,
)
from scrum.strategies.events import (
    EvidenceAdded,
    StrategyActivated,
    StrategyProposed,
    StrategyRetired,
    StrategySupported,
)
from scrum.team.events import ProjectSetUp, TeamSet
from scrum.text import choices, counted, sized, told

_PLAIN = frozenset({"type", "points", "priority", "status", "due", "sprint", "rank", "depends_on"})
"""Fields of an item whose values are our words; the others are people's."""


@dataclass(frozen=True, kw_only=True)
class Unfamiliar(Event):
    """An event of a type, or of a version of it, that only a newer code knows."""

    kind: str

    @property
    def type(self) -> str:
        return self.kind


@singledispatch
def sentence(event: Event) -> str:
    """For types without words of their own: the words of the type's name."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", event.type).lower()
    return f"did something to {event.aggregate} that this version has no words for: {told(words)}"


@sentence.register
def _project_set_up(event: ProjectSetUp) -> str:
    verb = "set up" if event.aggregate_version <= 1 else "changed the settings of"
    return f"{verb} project {event.project} {told(event.name)}"


@sentence.register
def _team_set(event: TeamSet) -> str:
    changes = [_people("joined", event.joined), _people("left", event.left)]
    told_changes = "".join(f"; {change}" for change in changes if change)
    return (
        f"set the team: {counted(len(event.members), 'member')}, "
        f"{counted(event.absences, 'absence')}{told_changes}"
    )


@sentence.register
def _item_added(event: ItemAdded) -> str:
    return f"added {event.aggregate} {told(event.title)} ({sized(event.points)}, {event.priority} priority)"


@sentence.register
def _item_changed(event: ItemChanged) -> str:
    changes = ", ".join(_change(name, value) for name, value in event.fields.items())
    return f"changed {event.aggregate}: {changes}" if changes else f"changed {event.aggregate}"


@sentence.register
def _item_completed(event: ItemCompleted) -> str:
    return f"completed {event.aggregate} ({sized(event.points)})"


@sentence.register
def _item_blocked(event: ItemBlocked) -> str:
    why = f": {told(event.why)}" if event.why else ", without saying why"
    return f"reported {event.aggregate} as blocked{why}"


@sentence.register
def _item_reopened(event: ItemReopened) -> str:
    return f"reopened {event.aggregate}, which was done"


@sentence.register
def _item_unblocked(event: ItemUnblocked) -> str:
    return f"said that {event.aggregate} is blocked no more, as it was since {event.since[:10]}"


@sentence.register
def _history_imported(event: HistoryImported) -> str:
    return f"imported {counted(event.sprints, 'past sprint')}, {event.different} of them new or different"


@sentence.register
def _sprint_planned(event: SprintPlanned) -> str:
    plan = f" {event.plan}" if event.plan else " a plan"
    return f"committed{plan} as {event.aggregate}: {_scope(event.items, event.points)}{_goal(event.goal)}"


@sentence.register
def _sprint_started(event: SprintStarted) -> str:
    return f"started {event.aggregate} with {_scope(event.items, event.points)}"


@sentence.register
def _sprint_scope_changed(event: SprintScopeChanged) -> str:
    added = f"added {choices(event.added)} to {event.aggregate}" if event.added else ""
    removed = f"removed {choices(event.removed)} from {event.aggregate}" if event.removed else ""
    return f"{' and '.join(filter(None, [added, removed]))} ({counted(event.points, 'point')})"


@sentence.register
def _sprint_extended(event: SprintExtended) -> str:
    verb = "extended" if event.days > 0 else "shortened"
    return f"{verb} {event.aggregate} by {counted(abs(event.days), 'day')}, to {event.end}"


@sentence.register
def _sprint_goal_changed(event: SprintGoalChanged) -> str:
    goal = event.goal
    return (
        f"set the goal of {event.aggregate} to {told(goal, 200)}"
        if goal
        else f"removed the goal of {event.aggregate}"
    )


@sentence.register
def _sprint_reviewed(event: SprintReviewed) -> str:
    return f"ended the work on {event.aggregate}, which went into its review"


@sentence.register
def _sprint_in_retrospective(event: SprintInRetrospective) -> str:
    return f"moved {event.aggregate} on to its retrospective"


@sentence.register
def _sprint_closed(event: SprintClosed) -> str:
    carried = event.carried_over
    rest = f", carried {counted(len(carried), 'item')} over to {_DESTINATIONS.get(event.destination, event.destination)}"
    return (
        f"closed {event.aggregate}: {counted(event.completed, 'point')} completed of {event.committed} committed "
        f"(added {event.added}, removed {event.removed}, re-estimated {event.reestimated:+d})"
        f"{rest if carried else ''}{f', {event.spent:.10g} spent' if event.spent is not None else ''}"
    )


@sentence.register
def _sprint_cancelled(event: SprintCancelled) -> str:
    back = f", {counted(len(event.returned), 'item')} went back to the backlog" if event.returned else ""
    return f"cancelled {event.aggregate}: {counted(event.completed, 'point')} completed{back}"


@sentence.register
def _decision_taken(event: DecisionTaken) -> str:
    without = "" if event.base == event.commitment else f", {event.base} without strategies"
    return f"decided {event.sprint} by {event.aggregate}: it aims at {counted(event.commitment, 'point')}{without}"


@sentence.register
def _episode_written(event: EpisodeWritten) -> str:
    return f"had {event.aggregate} remembered"


@sentence.register
def _episode_ended(event: EpisodeEnded) -> str:
    lessons = f": {choices(event.lessons, most=6)}" if event.lessons else ""
    return f"had the end of {event.aggregate} remembered ({event.result}){lessons}"


@sentence.register
def _strategy_proposed(event: StrategyProposed) -> str:
    when = "" if event.when == "true" else f" when {event.when}"
    return f"had {_strategy(event)} proposed ({told(event.origin)}): {event.effect}{when}"


@sentence.register
def _strategy_supported(event: StrategySupported) -> str:
    return f"had {_strategy(event)} supported by {event.episode}: {event.why}"


@sentence.register
def _evidence_added(event: EvidenceAdded) -> str:
    speaks = {True: ", which speaks for it", False: ", which speaks against it"}
    words = "a success" if event.success else "a failure"
    better = "" if event.better is None else speaks[event.better]
    return f"had {_strategy(event)} measured by {event.episode} ({event.arm}): {words}{better}"


@sentence.register
def _strategy_activated(event: StrategyActivated) -> str:
    return f"had {_strategy(event)} followed from now on{_chance(event.better_than_none)}"


@sentence.register
def _strategy_retired(event: StrategyRetired) -> str:
    return f"had {_strategy(event)} dropped{_chance(event.better_than_none)}"


def _strategy(event: Event) -> str:
    return f"the strategy {event.aggregate.partition('/')[2]}"


def _chance(better: float | None) -> str:
    return "" if better is None else f" (better than none: {better:.0%})"


_DESTINATIONS = {"backlog": "the backlog", "next": "the next sprint"}


def _change(name: str, value: Any) -> str:
    words = name.replace("_", " ")
    if value is None or value in ("", []):
        return f"no {words}"
    if isinstance(value, list):
        listed = [str(one) for one in value]  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType] # of JSON
        return f"{words} {choices(listed if name in _PLAIN else map(told, listed), most=6)}"
    return f"{words} {value if name in _PLAIN else told(str(value))}"


def _people(verb: str, names: Sequence[str]) -> str:
    return f"{choices(map(told, names), most=6)} {verb}" if names else ""


def _goal(goal: str) -> str:
    return f", with the goal {told(goal, 200)}" if goal else ""


def _scope(items: Sequence[str], points: int) -> str:
    return f"{counted(len(items), 'item')}, {counted(points, 'point')}"
