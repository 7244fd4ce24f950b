"""What the sprint, or one ceremony, goes by; and for each key who takes it and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time
from enum import Enum
from typing import Any, Self

from scrum.ceremonies.policy import readers
from scrum.ceremonies.policy.readers import Reader, flag, number, numbers, whole
from scrum.ceremonies.terms import ONCE_A_SPRINT, Frequency, Happened, Strategy, Trigger
from scrum.sprint.model import LEAST_SPENT, MOST_SPENT

MOST_DAYS = 90
EVERYBODY = "team"
EXTERNAL = ("emit_event", "webhook", "git")


@dataclass(frozen=True)
class Milestone:
    """`ceremony` is empty when it belongs to every ceremony that is driven by milestones."""

    name: str
    items: frozenset[str]
    ceremony: str = ""


@dataclass(frozen=True)
class Settings:
    """Percentages are of 100, `transition_threshold` is a share of 1.

    `stall_after` and `timeout_hours` are hours of working days on the project's clock, `gap_seconds` are real ones.
    `also_trigger_every_n` is 0 where it is not wanted, `timezone` is empty for the project's. `budget` is in the unit in
    which spending is told; None where there is none.
    """

    strategy: Strategy = Strategy.HYBRID
    time_scale: float = 1
    auto_start: bool = False
    auto_transition: bool = True
    transition_threshold: float = 1.0
    duration_days: int = 14
    auto_complete_on_tasks_done: bool = True
    transition_event: str = Happened.SPRINT_BACKLOG_EMPTY.value
    transition_milestone: str = ""
    budget: float | None = None
    trigger: Trigger = Trigger.EVERY_N_COMPLETIONS
    every_n_completions: int = 5
    sprint_percentage: float = 50
    frequency: str = Frequency.DAILY.value
    time_of_day: time = time(9, 0)
    timezone: str = ""
    also_trigger_every_n: int = 0
    on: tuple[str, ...] = (Happened.TASK_COMPLETED.value,)
    debounce: int = 5
    budget_thresholds: tuple[float, ...] = (25, 50, 75)
    drop: float = 30
    spike: float = 50
    window: int = 10
    stall_after: float = 24
    sources: tuple[str, ...] = EXTERNAL
    milestones: tuple[Milestone, ...] = ()
    enabled: bool = True
    participants: tuple[str, ...] = (EVERYBODY,)
    gate: bool = False
    timeout_hours: float = 48
    gap_seconds: float = 10

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """From values in the form in which they are kept."""
        return cls(**{name: _TYPED.get(name, _same)(value) for name, value in values.items()})


class Scope(Enum):
    SPRINT = "sprint"
    CEREMONY = "ceremony"
    BOTH = "both"


@dataclass(frozen=True)
class Key:
    """`takers` is empty for a key that goes with every strategy."""

    read: Reader
    takers: frozenset[Strategy] = frozenset()
    scope: Scope = Scope.BOTH

    def taken_by(self, strategy: Strategy) -> bool:
        return not self.takers or strategy in self.takers


_TASKS = frozenset({Strategy.TASK_DRIVEN, Strategy.HYBRID})
_DAYS = frozenset({Strategy.CALENDAR, Strategy.HYBRID})
_BOTH_LEGS = frozenset({Strategy.HYBRID})
_SHARE = _TASKS | {Strategy.THROUGHPUT_ADAPTIVE, Strategy.BUDGET_DRIVEN}
_EVENTS = frozenset({Strategy.EVENT_DRIVEN})
_SIGNALS = _EVENTS | {Strategy.EXTERNAL_TRIGGER}
_BUDGET = frozenset({Strategy.BUDGET_DRIVEN})
_RATE = frozenset({Strategy.THROUGHPUT_ADAPTIVE})
_OUTSIDE = frozenset({Strategy.EXTERNAL_TRIGGER})
_GOALS = frozenset({Strategy.MILESTONE_DRIVEN})

KEYS: Mapping[str, Key] = {
    "strategy": Key(readers.strategy),
    "time_scale": Key(number(1, 100_000), scope=Scope.SPRINT),
    "auto_start": Key(flag, scope=Scope.SPRINT),
    "auto_transition": Key(flag, scope=Scope.SPRINT),
    "transition_threshold": Key(number(0.01, 1), _SHARE, Scope.SPRINT),
    "duration_days": Key(whole(1, MOST_DAYS), _DAYS, Scope.SPRINT),
    "auto_complete_on_tasks_done": Key(flag, _BOTH_LEGS, Scope.SPRINT),
    "transition_event": Key(readers.event, _SIGNALS, Scope.SPRINT),
    "transition_milestone": Key(readers.milestone_name, _GOALS, Scope.SPRINT),
    "budget": Key(number(LEAST_SPENT, MOST_SPENT), _BUDGET, Scope.SPRINT),
    "trigger": Key(readers.trigger, _TASKS),
    "every_n_completions": Key(whole(1, 1_000), _TASKS),
    "sprint_percentage": Key(number(1, 100), _TASKS),
    "frequency": Key(readers.frequency, _DAYS),
    "time_of_day": Key(readers.clock_time, _DAYS),
    "timezone": Key(readers.zone, _DAYS),
    "also_trigger_every_n": Key(whole(0, 1_000), _BOTH_LEGS),
    "on": Key(readers.events, _EVENTS),
    "debounce": Key(whole(1, 10_000), _EVENTS),
    "budget_thresholds": Key(numbers(1, 1_000), _BUDGET),
    "drop": Key(number(1, 99), _RATE),
    "spike": Key(number(1, 1_000), _RATE),
    "window": Key(whole(2, 200), _RATE),
    "stall_after": Key(number(0.01, 24 * MOST_DAYS), _RATE),
    "sources": Key(readers.events, _OUTSIDE),
    "milestones": Key(readers.milestones, _GOALS),
    "enabled": Key(flag, scope=Scope.CEREMONY),
    "participants": Key(readers.names, scope=Scope.CEREMONY),
    "gate": Key(flag, scope=Scope.CEREMONY),
    "timeout_hours": Key(number(0.01, 24 * MOST_DAYS), scope=Scope.CEREMONY),
    "gap_seconds": Key(number(0, 86_400)),
}


OF_GATES = ("gate", "timeout_hours")
OF_ALL = ("budget",)
"""Keys of the sprint that its ceremonies use, whatever the sprint itself goes by."""


def keys_of(scope: Scope) -> list[str]:
    return [name for name, key in KEYS.items() if key.scope in (scope, Scope.BOTH)]


def usual(name: str, on: tuple[str, ...]) -> object:
    """The default of a key, for a ceremony that waits for these events."""
    if name == "debounce" and on and set(on) <= set(ONCE_A_SPRINT):
        return 1
    return _DEFAULTS[name]


def kept(value: object) -> object:
    """A value of Settings in the form in which it is kept and shown (plain JSON)."""
    match value:
        case time():
            return value.isoformat("minutes")
        case Enum():
            return value.value
        case tuple() | frozenset():
            return _entries([*value])  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return value


def _entries(values: list[Any]) -> object:
    if values and all(isinstance(one, Milestone) for one in values):
        return {one.name: {"items": sorted(one.items), "ceremony": one.ceremony} for one in values}
    return values


_DEFAULTS: Mapping[str, object] = {field.name: field.default for field in fields(Settings)}


def _same(value: Any) -> Any:
    return value


def _milestones(kept: Mapping[str, Mapping[str, Any]]) -> tuple[Milestone, ...]:
    return tuple(
        Milestone(name, frozenset(one["items"]), one.get("ceremony", "")) for name, one in kept.items()
    )


_TYPED: Mapping[str, Any] = {
    "strategy": Strategy,
    "trigger": Trigger,
    "time_of_day": time.fromisoformat,
    "on": tuple,
    "budget_thresholds": tuple,
    "sources": tuple,
    "participants": tuple,
    "milestones": _milestones,
}
