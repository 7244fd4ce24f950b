"""The forecast of completed points, as a distribution, and what it is asked for."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, sqrt

from scrum.forecasting.mixture import Mixture
from scrum.sprint.velocity import PastSprint, Source

ENOUGH = 5
MOST_CERTAIN = 0.95
_SAME = 0.02
"""Of points: who has 33.6 in mind says 34."""


class Evidence(StrEnum):
    NONE = "none"
    THIN = "thin"
    FAIR = "fair"

    @staticmethod
    def of(n: int) -> "Evidence":
        if n >= ENOUGH:
            return Evidence.FAIR
        return Evidence.THIN if n else Evidence.NONE


@dataclass(frozen=True)
class Conditions:
    """What is known when a sprint starts; what is not known is None.

    `members` is the head count, without regard to absences: these are in `availability`. Leave `committed` out to
    choose a commitment; give it to ask whether it is met.
    """

    days: float | None = None
    working_days: float | None = None
    members: float | None = None
    availability: float = 1.0
    committed: float | None = None

    @staticmethod
    def of(sprint: PastSprint) -> "Conditions":
        """What was known of this sprint at its start."""
        availability = 1.0 if sprint.availability is None else sprint.availability
        return Conditions(
            sprint.days, sprint.working_days, sprint.members, availability, sprint.committed_points
        )


@dataclass(frozen=True)
class Forecast:
    """Completed points of one sprint: `availability` times the square of `root`, which is cut at zero."""

    root: Mixture
    availability: float
    n: int
    evidence: Evidence
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()

    @property
    def median(self) -> float:
        return self.quantile(0.5)

    def quantile(self, p: float) -> float:
        """The points that stay below with probability `p`."""
        return self.availability * max(0.0, self.root.quantile(p)) ** 2

    def interval(self, level: float) -> tuple[float, float]:
        """The middle part of the distribution that has this probability."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    def at_least(self, points: float) -> float:
        """The probability of completing `points` or more; never over 0.95."""
        if points <= 0:
            return MOST_CERTAIN
        if not self.availability:
            return 0.0
        return min(MOST_CERTAIN, 1 - self.root.below(sqrt(points / self.availability)))

    def commitment(self, confidence: float) -> int:
        """The most points that are completed with this confidence; rounded up by _SAME at the most: 33.6 are 34."""
        most = self.quantile(1 - confidence)
        return ceil(most) if ceil(most) <= most * (1 + _SAME) else floor(most)
