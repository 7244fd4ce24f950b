"""Forecast of the next sprint: how many points it completes, as a distribution.

Past velocities are brought to the coming sprint's availability and length, and smoothed exponentially. The
forecast is a Student-t around that level, cut at zero; its scale is the sample's, shrunk towards the spread
that teams usually have, so that a short history gives wide intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import variance

from scrum.sprint.velocity import PastSprint, Source
from scrum.team.capacity import Capacity

SMOOTHING = 0.3
WINDOW = 10
ENOUGH = 5
MOST_STRETCHED = 2.0
MOST_CERTAIN = 0.95

# From 498 sprints of 20 open-source Scrum teams: the median of points per member and working day, and its
# standard deviation over its mean between teams; within a team, the spread around the level that makes the
# intervals after one or two sprints cover 80 % as well. PRIOR_WEIGHT counts as that many sprints.
PRIOR_POINTS_PER_PERSON_DAY = 0.3
SPREAD_BETWEEN_TEAMS = 1.3
SPREAD_WITHIN_TEAM = 0.6
PRIOR_WEIGHT = 1
PRIOR_FREEDOM = 2
PRIOR_PEOPLE = 5


class Evidence(StrEnum):
    NONE = "none"
    THIN = "thin"
    FAIR = "fair"


@dataclass(frozen=True)
class Forecast:
    """Completed points of one sprint: location, scale and degrees of freedom of a Student-t, cut at zero."""

    centre: float
    scale: float
    freedom: int
    n: int
    evidence: Evidence
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()

    def quantile(self, p: float) -> float:
        """The points that stay below with probability `p`."""
        from scipy.special import stdtrit  # noqa: PLC0415 - it costs a third of a second at start-up

        return max(0.0, self.centre + self.scale * float(stdtrit(self.freedom, p)))

    def at_least(self, points: float) -> float:
        """The probability of completing `points` or more; never over 0.95."""
        from scipy.special import stdtr  # noqa: PLC0415 - as above

        return min(MOST_CERTAIN, float(stdtr(self.freedom, (self.centre - points) / self.scale)))

    def commitment(self, confidence: float) -> int:
        """The most points that are completed with this confidence, to the nearest whole point."""
        return int(self.quantile(1 - confidence) + 0.5)


def forecast(history: Sequence[PastSprint], capacity: Capacity) -> Forecast:
    """For a sprint with this capacity, from past sprints, oldest first."""
    usable = [past for past in history if past.availability is None or past.availability > 0]
    if not usable:
        return _prior(capacity)
    values = [_comparable(past, capacity) for past in usable]
    level = smoothed(values)
    recent = values[-WINDOW:]
    return Forecast(
        centre=level,
        scale=_scale(recent, level) * sqrt(1 + 1 / len(recent)),
        freedom=PRIOR_WEIGHT + len(recent) - 1,
        n=len(usable),
        evidence=Evidence.FAIR if len(usable) >= ENOUGH else Evidence.THIN,
        sources=tuple(sorted({past.source for past in usable})),
        notes=_notes(len(usable)),
    )


def smoothed(values: Sequence[float]) -> float:
    level = values[0]
    for value in values[1:]:
        level += SMOOTHING * (value - level)
    return level


def _comparable(past: PastSprint, capacity: Capacity) -> float:
    """Points as that sprint would have had with this availability and length."""
    return (
        past.completed_points * _length(past, capacity) * capacity.availability / (past.availability or 1.0)
    )


def _length(past: PastSprint, capacity: Capacity) -> float:
    """Working days against working days; calendar days where a source knows no others.

    Velocity grows slower than length: over those 20 teams the square root fits better than the ratio.
    """
    days = (capacity.end - capacity.start).days + 1
    ratio = capacity.working_days / past.working_days if past.working_days else days / (past.days or days)
    return min(max(sqrt(ratio), 1 / MOST_STRETCHED), MOST_STRETCHED)


def _scale(values: Sequence[float], level: float) -> float:
    usual = (SPREAD_WITHIN_TEAM * max(level, 1.0)) ** 2
    own = variance(values) if len(values) > 1 else 0.0
    degrees = len(values) - 1
    return sqrt((PRIOR_WEIGHT * usual + degrees * own) / (PRIOR_WEIGHT + degrees))


def _prior(capacity: Capacity) -> Forecast:
    person_days = capacity.person_days if capacity.people else PRIOR_PEOPLE * capacity.working_days
    centre = PRIOR_POINTS_PER_PERSON_DAY * person_days
    people = "" if capacity.people else f" for {PRIOR_PEOPLE} people, because no team is recorded"
    return Forecast(
        centre=centre,
        scale=SPREAD_BETWEEN_TEAMS * max(centre, 1.0),
        freedom=PRIOR_FREEDOM,
        n=0,
        evidence=Evidence.NONE,
        sources=(),
        notes=(f"No past sprint: this is what teams complete on average{people}, and they differ widely.",),
    )


def _notes(n: int) -> tuple[str, ...]:
    return (f"Only {n} past sprint{'s' if n > 1 else ''}: the interval is wide.",) if n < ENOUGH else ()
