"""Sprints as they may come, drawn with a seed: of each way in which the level may move as many as it is likely."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from scrum.forecasting.history import known, stretch
from scrum.forecasting.levels import Covariance
from scrum.forecasting.model import Conditions
from scrum.forecasting.regression import Belief, Way

if TYPE_CHECKING:
    from numpy import float64
    from numpy.random import Generator
    from numpy.typing import NDArray

    Draws = NDArray[float64]

DRAWS = 4_000


@dataclass(frozen=True)
class Drawn:
    """The points of one sprint, and those that it would have without its noise."""

    points: "Draws"
    expected: "Draws"

    def part(self, share: float) -> "Draws":
        """What is expected in proportion, and the noise with the root: half a sprint has half of its variance."""
        if share == 1:
            return self.points
        noise = self.points - self.expected
        return (share * self.expected + sqrt(share) * noise).clip(0)


@dataclass(frozen=True)
class _Teams:
    """What a team may be, in shares of its usual level; level and slopes with what is not known of them."""

    level: "Draws"
    slopes: tuple["Draws", "Draws"]
    noise: "Draws"
    wander: "Draws"


def path(belief: Belief, sprints: Sequence[Conditions], chance: "Generator") -> Iterator[Drawn]:
    """Of each sprint, the next one first."""
    team = _teams(belief, chance)
    level = team.level
    for sprint in sprints:
        factor = stretch(sprints[0], sprint)
        first, second = belief.usual.deviation(known(sprint, 1 / factor))
        expected = level + first * team.slopes[0] + second * team.slopes[1]
        came = expected + team.noise * chance.standard_normal(DRAWS)
        points = sprint.availability * factor * belief.usual.level**2
        yield Drawn(points * came.clip(0) ** 2, points * expected.clip(0) ** 2)
        level = level + team.wander * chance.standard_normal(DRAWS)


def _teams(belief: Belief, chance: "Generator") -> _Teams:
    import numpy as np  # noqa: PLC0415 - it costs a fifth of a second at start-up

    ends = np.rint(np.cumsum([0.0, *belief.weights]) * DRAWS).astype(int)
    rows = np.repeat([_row(way) for way in belief.ways], np.diff(ends), axis=0).T
    level, first, second, noise, wander, *factors = rows
    sigma = noise * (belief.freedom / chance.chisquare(belief.freedom, DRAWS)) ** 0.5
    one, two, three = sigma * chance.standard_normal((3, DRAWS))
    return _Teams(
        level=level + factors[0] * one,
        slopes=(
            first + factors[1] * one + factors[2] * two,
            second + factors[3] * one + factors[4] * two + factors[5] * three,
        ),
        noise=sigma,
        wander=wander * sigma,
    )


def _row(way: Way) -> tuple[float, ...]:
    return (*way.level.mean, sqrt(way.level.noise), way.wander, *_factors(way.level.covariance))


def _factors(covariance: Covariance) -> tuple[float, ...]:
    """By Cholesky, row by row; what should be a variance and is a rounding error counts as none."""
    c00, c01, c02, c11, c12, c22 = covariance
    f00 = sqrt(c00)
    f10, f20 = c01 / f00, c02 / f00
    f11 = sqrt(max(0.0, c11 - f10**2))
    f21 = (c12 - f10 * f20) / f11 if f11 else 0.0
    return f00, f10, f11, f20, f21, sqrt(max(0.0, c22 - f20**2 - f21**2))
