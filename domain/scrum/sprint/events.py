"""What happens to sprints."""

from dataclasses import dataclass

from scrum.events import Event


@dataclass(frozen=True, kw_only=True)
class HistoryImported(Event):
    """Of `sprints` that were given, `different` were new or had other figures."""

    sprints: int
    different: int


@dataclass(frozen=True, kw_only=True)
class SprintPlanned(Event):
    plan: str
    goal: str
    items: list[str]
    points: int


@dataclass(frozen=True, kw_only=True)
class SprintStarted(Event):
    items: list[str]
    points: int


@dataclass(frozen=True, kw_only=True)
class SprintScopeChanged(Event):
    added: list[str]
    removed: list[str]
    points: int


@dataclass(frozen=True, kw_only=True)
class SprintExtended(Event):
    days: int
    end: str


@dataclass(frozen=True, kw_only=True)
class SprintGoalChanged(Event):
    goal: str


@dataclass(frozen=True, kw_only=True)
class SprintReviewed(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class SprintInRetrospective(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class SprintClosed(Event):
    """The figures are frozen; `carried_over` lists the unfinished items and `destination` where they went."""

    plan: str
    committed: int
    added: int
    removed: int
    reestimated: int
    completed: int
    carried_over: list[str]
    destination: str


@dataclass(frozen=True, kw_only=True)
class SprintCancelled(Event):
    plan: str
    completed: int
    returned: list[str]
