"""Past sprints as they would have been under the conditions of the coming one."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from scrum.forecasting.model import Conditions
from scrum.sprint.velocity import PastSprint

MOST_STRETCHED = 2.0
NOBODY = 1e-6
"""An availability under this one: what the others would have done cannot be told from it."""


@dataclass(frozen=True)
class Known:
    """Square roots of the commitment, as it would be with everybody there, and of the head count."""

    committed: float | None
    members: float | None


@dataclass(frozen=True)
class Comparable:
    """`points` is a square root as well; `weight` is less where much of the sprint had to be made up.

    `at_least`: the team stopped there, because nothing was left to do.
    """

    points: float
    known: Known
    weight: float = 1.0
    at_least: bool = False


def usable(history: Iterable[PastSprint]) -> list[PastSprint]:
    """Without sprints that nobody could work in."""
    return [past for past in history if past.availability is None or past.availability >= NOBODY]


def comparable(past: PastSprint, coming: Conditions) -> Comparable:
    conditions = Conditions.of(past)
    factor = stretch(conditions, coming)
    points = max(0.0, past.completed_points) * factor / conditions.availability
    weight = min(1.0, conditions.availability)
    return Comparable(sqrt(points), known(conditions, factor), weight, stopped(past))


def stopped(past: PastSprint) -> bool:
    """Whether it ended because nothing was left to do; of others' sprints that is not known."""
    return past.all_done and past.completed_points > 0


def known(conditions: Conditions, factor: float = 1.0) -> Known:
    """`factor` brings the commitment to a sprint of another length."""
    committed, share = conditions.committed, conditions.availability
    return Known(
        None if committed is None or share < NOBODY else sqrt(max(0.0, committed) * factor / share),
        sqrt(conditions.members) if conditions.members else None,
    )


def stretch(past: Conditions, coming: Conditions) -> float:
    """How many times the points of one sprint the other one has, for its length alone.

    Working days against working days, and calendar days where those are not known. The square root lies between no
    effect and proportion; lengths that differ by accident hardly tell them apart.
    """
    ratio = _ratio(past.working_days, coming.working_days) or _ratio(past.days, coming.days) or 1.0
    return min(max(sqrt(ratio), 1 / MOST_STRETCHED), MOST_STRETCHED)


def _ratio(past: float | None, coming: float | None) -> float | None:
    return coming / past if past and coming else None
