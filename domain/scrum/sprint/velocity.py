"""Velocity: what past sprints completed, in the unit that is asked for."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import mean, median, stdev

from scrum.sprint.ledger import Figures
from scrum.sprint.model import Sprint

WORKING_HOURS = 8
"""Of a working day, by the clock of the sprint: one that lasted less counts as a share of one."""


_LATEST = 3


class Source(StrEnum):
    """Whose figures they are: our own ledger's, a file's, or rebuilt from a tracker's changelog."""

    LEDGER = "ledger"
    IMPORTED = "imported"
    RECONSTRUCTED = "reconstructed"


class Unit(StrEnum):
    POINTS_PER_SPRINT = "points_per_sprint"
    ITEMS_PER_SPRINT = "items_per_sprint"
    POINTS_PER_WORKING_DAY = "points_per_working_day"
    POINTS_PER_PERSON_DAY = "points_per_person_day"
    POINTS_PER_HOUR = "points_per_hour"
    POINTS_PER_ITEM = "points_per_item"
    POINTS_PER_BUDGET = "points_per_budget"


@dataclass(frozen=True)
class PastSprint:
    """One completed sprint. What a source does not know is None.

    `days` are days of its clock as they really were, a part of one where it lasted minutes; that clock ran `time_scale`
    times faster than the one on the wall. `working_days` are those of the calendar that it touched, at least one; `person_days` the same of all members, less absences; `spent` what
    it cost, in the unit that the team keeps. `planned_days` and `planned_working_days` are what `days` and
    `working_days` were to be when it started. `all_done`: nothing of it was left to do.
    """

    name: str
    source: Source
    completed_points: float
    completed_items: int | None = None
    committed_points: float | None = None
    days: float | None = None
    working_days: float | None = None
    person_days: float | None = None
    members: int | None = None
    availability: float | None = None
    spent: float | None = None
    planned_days: float | None = None
    planned_working_days: float | None = None
    all_done: bool = False
    time_scale: float = 1

    @property
    def hours(self) -> float | None:
        """By the wall clock."""
        return None if self.days is None else self.days * 24 / self.time_scale

    @property
    def worked(self) -> float:
        """Which share of its working days it lasted: under one for a sprint of minutes."""
        if self.days is None or not self.working_days:
            return 1.0
        return min(1.0, self.days * 24 / (WORKING_HOURS * self.working_days))


@dataclass(frozen=True)
class Velocity:
    """`spread` is the sample standard deviation; None under two values. `values` are oldest first."""

    unit: Unit
    n: int
    mean: float | None
    median: float | None
    spread: float | None
    values: tuple[tuple[str, float, Source], ...]
    left_out: int

    @property
    def n_by_source(self) -> dict[Source, int]:
        return dict(sorted(Counter(source for _, _, source in self.values).items()))


def velocity(history: Sequence[PastSprint], unit: Unit, *, window: int) -> Velocity:
    """Over the last `window` sprints that have what the unit needs; `left_out` counts those that do not."""
    measured = [(past.name, _PER[unit](past), past.source) for past in history]
    values = [(name, value, source) for name, value, source in measured if value is not None]
    latest = tuple(values[-window:])
    figures = [value for _, value, _ in latest]
    return Velocity(
        unit=unit,
        n=len(figures),
        mean=mean(figures) if figures else None,
        median=median(figures) if figures else None,
        spread=stdev(figures) if len(figures) > 1 else None,
        values=latest,
        left_out=len(measured) - len(values),
    )


def completion(history: Sequence[PastSprint]) -> float | None:
    """The mean share of their commitments that the last three sprints completed; None without any commitment."""
    latest = history[-_LATEST:]
    shares = [past.completed_points / past.committed_points for past in latest if past.committed_points]
    return mean(shares) if shares else None


def past_sprint(sprint: Sprint, result: Figures, working_days: int, planned: int) -> PastSprint:
    """A completed sprint of our own, with its real length in working days, and the planned one."""
    return PastSprint(
        name=sprint.id,
        source=Source.LEDGER,
        completed_points=result.completed.points,
        completed_items=result.completed.items,
        committed_points=result.committed.points,
        days=sprint.days if sprint.lasted is None else sprint.lasted / timedelta(days=1),
        working_days=max(1, working_days),
        person_days=sprint.members * sprint.availability * max(1, working_days) or None,
        members=sprint.members or None,
        availability=sprint.availability,
        spent=sprint.spent,
        planned_days=sprint.planned_days,
        planned_working_days=max(1, planned),
        all_done=not result.remaining.items,
        time_scale=sprint.clock.scale,
    )


def _per(past: PastSprint, of: float | None, share: float = 1.0) -> float | None:
    return past.completed_points / (of * share) if of and share else None


_PER: dict[Unit, Callable[[PastSprint], float | None]] = {
    Unit.POINTS_PER_SPRINT: lambda past: past.completed_points,
    Unit.ITEMS_PER_SPRINT: lambda past: past.completed_items,
    Unit.POINTS_PER_WORKING_DAY: lambda past: _per(past, past.working_days, past.worked),
    Unit.POINTS_PER_PERSON_DAY: lambda past: _per(past, past.person_days, past.worked),
    Unit.POINTS_PER_HOUR: lambda past: _per(past, past.hours),
    Unit.POINTS_PER_ITEM: lambda past: _per(past, past.completed_items),
    Unit.POINTS_PER_BUDGET: lambda past: _per(past, past.spent),
}
