"""Forecast of several sprints: how many points they complete together.

The sprints share what is not known of the team's level, its slopes and its noise, and the level wanders from one to the
next: independent draws around one level would claim far too narrow intervals. It comes back from where it wandered as
fast as sprints are forgotten. Sums of such sprints have no closed form, so that they are drawn, with a seed.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from math import sqrt
from typing import TYPE_CHECKING

from scrum.forecasting.beyond import within
from scrum.forecasting.history import known, stretch, usable
from scrum.forecasting.model import MOST_CERTAIN, Conditions, Evidence
from scrum.forecasting.next_sprint import believe, notes
from scrum.forecasting.prior import PRIOR, Prior
from scrum.forecasting.regression import Belief
from scrum.sprint.velocity import PastSprint, Source

if TYPE_CHECKING:
    from numpy import float64
    from numpy.random import Generator
    from numpy.typing import NDArray

    Draws = NDArray[float64]

DRAWS = 4_000


@dataclass(frozen=True)
class Outlook:
    """`totals` has the drawn points of the first sprint, of the first two together, and so on, each in rising order."""

    totals: tuple[tuple[float, ...], ...]
    n: int
    evidence: Evidence
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()

    def quantile(self, p: float, *, after: int) -> float:
        """The points that so many sprints together stay below with probability `p`."""
        totals = self.totals[after - 1]
        place = p * (len(totals) - 1)
        low = min(int(place), len(totals) - 2)
        return totals[low] + (place - low) * (totals[low + 1] - totals[low])

    def interval(self, level: float, *, after: int) -> tuple[float, float]:
        return self.quantile((1 - level) / 2, after=after), self.quantile((1 + level) / 2, after=after)

    def at_least(self, points: float, *, after: int) -> float:
        """The probability that so many sprints together complete `points` or more; never over 0.95."""
        totals = self.totals[after - 1]
        return min(MOST_CERTAIN, 1 - bisect_left(totals, points) / len(totals))

    def sprints_until(self, points: float, confidence: float) -> int | None:
        """The fewest sprints that complete `points` with this confidence; None: more than were forecast."""
        counts = range(1, len(self.totals) + 1)
        return next((count for count in counts if self.at_least(points, after=count) >= confidence), None)


def forecast_sum(
    history: Sequence[PastSprint], sprints: Sequence[Conditions], seed: int, prior: Prior = PRIOR
) -> Outlook:
    """For the coming sprints, the next one first, from past sprints, oldest first."""
    past = usable(history)
    inside, beyond = zip(*(within(sprint, past) for sprint in sprints), strict=True)
    belief = believe(past, inside[0], prior)
    return Outlook(
        totals=_totals(belief, inside, prior, seed),
        n=len(past),
        evidence=Evidence.of(len(past)),
        sources=tuple(sorted({one.source for one in past})),
        notes=(*notes(len(past)), *dict.fromkeys(chain.from_iterable(beyond))),
    )


def _totals(
    belief: Belief, sprints: Sequence[Conditions], prior: Prior, seed: int
) -> tuple[tuple[float, ...], ...]:
    import numpy as np  # noqa: PLC0415 - it costs a fifth of a second at start-up

    points = _points(belief, sprints, prior, np.random.default_rng(seed))
    return tuple(tuple(np.sort(total).tolist()) for total in accumulate(points))


def _points(
    belief: Belief, sprints: Sequence[Conditions], prior: Prior, chance: "Generator"
) -> Iterator["Draws"]:
    """The draws of each sprint, whose total is added up over its predecessors."""
    sigma = (belief.noise * belief.freedom / chance.chisquare(belief.freedom, DRAWS)) ** 0.5
    first, second = _slopes(belief, chance)
    level, wandered = chance.standard_normal(DRAWS) / sqrt(belief.usual.weight), 0.0 * sigma
    for sprint in sprints:
        factor = stretch(sprints[0], sprint)
        coming = known(sprint, 1 / factor)
        x = belief.usual.deviation(coming)
        noise = chance.standard_normal(DRAWS) * sqrt(belief.noise_of(coming) / belief.noise)
        root = belief.centre(x) + sigma * (level + wandered + x[0] * first + x[1] * second + noise)
        yield sprint.availability * factor * (belief.usual.level * root.clip(0)) ** 2
        wandered = prior.follow * wandered + prior.drift * chance.standard_normal(DRAWS)


def _slopes(belief: Belief, chance: "Generator") -> tuple["Draws", "Draws"]:
    """What both slopes are off by, in units of the noise."""
    first, both, second = belief.covariance
    one, other = chance.standard_normal((2, DRAWS))
    shared = both / sqrt(first)
    return sqrt(first) * one, shared * one + sqrt(max(0.0, second - shared**2)) * other
