"""What evaluation remembers of a sprint: how far it has come, and where each trigger stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Self

from scrum.ceremonies.policy.model import Policy, Rule
from scrum.ceremonies.triggers.facts import Facts
from scrum.clock import ProjectClock
from scrum.sprint.model import State

MOST_COVERED = 50
"""Occurrences of which one that is held for them keeps the names."""


@dataclass(frozen=True)
class Crossing:
    """A reason to hold a ceremony. `occurrence` names it once and for all within its sprint and ceremony.

    `alone` is one that a sprint has once, or that a clock made: it never waits for others.
    """

    occurrence: str
    at: datetime
    reason: str
    alone: bool = False


@dataclass(frozen=True)
class Rates:
    """`times` are the last completions, and `baseline` the hours that the first window took (0: not there yet).

    `since` is when the wait for the next completion began; both are of the project's clock.
    """

    times: tuple[datetime, ...] = ()
    since: datetime | None = None
    completions: int = 0
    baseline: float = 0
    outside: str = ""
    changes: int = 0
    stalled: bool = False


@dataclass(frozen=True)
class Turn:
    """Where the trigger of one ceremony stands.

    `last` is the real moment of its last firing and `latest` its occurrence; `at_gate` are those since the sprint waits
    for one, at most the last MOST_COVERED. `slot` is the last one that is over (on the project's clock), `slot_day` that
    of the team then, `taken` the occurrence that took the coming slot. `mark` is the number of done items up to which it
    has counted, `events` those since the last crossing out of `total`, `passed` what never comes again, `waiting` the
    last of those that wait for the gap to be over, after `uncovered` others.
    """

    fired: int = 0
    last: datetime | None = None
    latest: str = ""
    at_gate: tuple[str, ...] = ()
    slot: datetime | None = None
    slot_day: date | None = None
    taken: str = ""
    mark: int = 0
    events: int = 0
    total: int = 0
    passed: frozenset[str] = frozenset()
    waiting: tuple[Crossing, ...] = ()
    uncovered: int = 0
    rates: Rates = Rates()

    @property
    def waits(self) -> int:
        """How many wait for the gap to be over."""
        return self.uncovered + len(self.waiting)

    def joined_by(self, crossings: Sequence[Crossing]) -> Self:
        every = (*self.waiting, *crossings)
        kept = every[-MOST_COVERED:]
        return replace(self, waiting=kept, uncovered=self.uncovered + len(every) - len(kept))

    def past(self, *occurrences: str) -> Self:
        return replace(self, passed=self.passed | frozenset(occurrences))


@dataclass(frozen=True)
class Standing:
    """`clock` is up to when everything was evaluated, `seen` the number of the last happening, `first` its first day.

    `items` are in the scope and `done` of them are done; `peak` is the most that ever were. `done_items` are those of
    milestones. `settled` are ceremonies whose latest occurrence was held or skipped, or another one at the gate. `ending` says why an active sprint
    goes to review as soon as all is seen.
    """

    state: State = State.PLANNED
    seen: int = 0
    clock: datetime | None = None
    planned: datetime | None = None
    started: datetime | None = None
    first: date | None = None
    entered: datetime | None = None
    extended: int = 0
    items: int = 0
    done: int = 0
    peak: int = 0
    spent: float = 0
    done_items: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    ending: str = ""
    turns: Mapping[str, Turn] = field(default_factory=dict[str, Turn])

    @property
    def share(self) -> float:
        """Of the items that are done; 0 where there are none."""
        return self.done / self.items if self.items else 0

    @property
    def is_empty(self) -> bool:
        """All its items are done."""
        return 0 < self.items <= self.done

    def turn(self, rule: Rule) -> Turn:
        return self.turns.get(rule.name) or Turn()

    def with_turn(self, rule: Rule, turn: Turn) -> Self:
        return replace(self, turns={**self.turns, rule.name: turn})


@dataclass(frozen=True)
class Circumstances:
    """What stays the same during an evaluation."""

    policy: Policy
    facts: Facts

    @cached_property
    def clock(self) -> ProjectClock:
        return ProjectClock(self.facts.anchor, self.policy.sprint.settings.time_scale)

    @cached_property
    def watched(self) -> frozenset[str]:
        """Items of milestones."""
        rules = (self.policy.sprint, *self.policy.ceremonies)
        return frozenset[str]().union(*(one.items for rule in rules for one in rule.settings.milestones))

    def is_planned(self, standing: Standing) -> bool:
        return standing.planned is not None or self.facts.first_day is not None

    def spent_share(self, standing: Standing) -> float:
        return standing.spent / self.facts.budget if self.facts.budget else 0

    def done_items(self, standing: Standing) -> frozenset[str]:
        return self.facts.done_before | standing.done_items
