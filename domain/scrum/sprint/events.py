"""What happens to sprints."""

from dataclasses import dataclass, field
from typing import ClassVar

from scrum.events import Event


@dataclass(frozen=True, kw_only=True)
class HistoryImported(Event):
    sprints: int
    """How many were given."""
    different: int
    """How many of them were new, or had other figures than before."""


@dataclass(frozen=True, kw_only=True)
class SprintPlanned(Event):
    plan: str
    """The plan that was committed."""
    goal: str
    """Empty for none."""
    items: list[str]
    """Their keys, in the order of the plan."""
    points: int
    """Their estimates together."""


@dataclass(frozen=True, kw_only=True)
class SprintStarted(Event):
    items: list[str]
    """The keys of the commitment."""
    points: int
    """Their estimates together; what is not estimated counts as none."""


@dataclass(frozen=True, kw_only=True)
class SprintScopeChanged(Event):
    """Version 2 added `done`."""

    version: ClassVar[int] = 2

    added: list[str]
    """Keys of items that came in."""
    removed: list[str]
    """Keys of items that went out."""
    points: int
    """The estimates of what came in or went out, together."""
    done: list[str] = field(default_factory=list[str])
    """Keys of those that went out although they were done."""


@dataclass(frozen=True, kw_only=True)
class SprintExtended(Event):
    days: int
    """How many days later it ends; negative when it ends earlier."""
    end: str
    """Its new last day, as an ISO date."""


@dataclass(frozen=True, kw_only=True)
class SprintGoalChanged(Event):
    goal: str
    """Empty when it was removed."""


@dataclass(frozen=True, kw_only=True)
class SprintReviewed(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class SprintInRetrospective(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class SprintClosed(Event):
    """The figures are frozen: they never change again. Version 2 added `spent`."""

    version: ClassVar[int] = 2

    plan: str
    """The plan that it was committed from."""
    committed: int
    """Points at the start."""
    added: int
    """Points that came in while it ran."""
    removed: int
    """Points that went out while it ran."""
    reestimated: int
    """What new estimates changed, in points; negative when they got smaller."""
    completed: int
    """Points of what was done at the end."""
    carried_over: list[str]
    """Keys of the items that were not."""
    destination: str
    """Where those went: backlog or next."""
    spent: float | None = None
    """What the sprint cost, in the unit that the team keeps; null when that was not said."""


@dataclass(frozen=True, kw_only=True)
class SprintCancelled(Event):
    plan: str
    """The plan that it was committed from."""
    completed: int
    """Points that were completed before."""
    returned: list[str]
    """Keys of the open items, which went back to the backlog."""
