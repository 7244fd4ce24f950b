"""One way in which a team's level may move: a Kalman filter over its past sprints.

The state is the level and both slopes, of which the level alone wanders. The noise is not known either: with its
conjugate prior (inverse gamma) what is told of a sprint is a Student-t. What was learned of the noise is forgotten by
and by (West and Harrison, Bayesian Forecasting and Dynamic Models, 1997, section 10.8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, lgamma, log, pi, sqrt
from typing import NamedTuple

_STEADIEST = 0.03
"""No noise is less: points spread by 6 %, whatever a team's figures say."""

_FAR = 8.0
"""Standard deviations, behind which a normal tail is told by its asymptotic series."""

Pair = tuple[float, float]
"""For the commitment, and for the head count."""
Triple = tuple[float, float, float]
"""For the level, and for both slopes."""
Covariance = tuple[float, float, float, float, float, float]
"""The same, row by row from the diagonal on, in units of the noise."""


class Seen(NamedTuple):
    """A past sprint, in shares of the usual level; `x` is what the slopes are about."""

    root: float
    x: Pair
    weight: float
    at_least: bool


@dataclass(frozen=True)
class Level:
    """The variance of the noise has the scale `rate` over `shape`; `evidence` is the log of how likely it and the past are."""

    mean: Triple
    covariance: Covariance
    shape: float
    rate: float
    evidence: float = 0.0

    @property
    def noise(self) -> float:
        """The variance of a sprint around the level."""
        return self.rate / self.shape

    def centre(self, x: Pair) -> float:
        level, first, second = self.mean
        return level + first * x[0] + second * x[1]

    def doubt(self, x: Pair) -> float:
        """The variance of the centre, in units of the noise."""
        c00, c01, c02, c11, c12, c22 = self.covariance
        slopes = c11 * x[0] ** 2 + 2 * c12 * x[0] * x[1] + c22 * x[1] ** 2
        return c00 + 2 * (c01 * x[0] + c02 * x[1]) + slopes


def filtered(start: Level, past: Sequence[Seen], *, wander: float, memory: float) -> Level:
    """From sprints oldest first to what the coming one starts with.

    `wander` is a standard deviation in units of the noise's; `memory` the share of what is known of the noise that is
    still known a sprint later. One loop over plain floats: it runs for every way, every sprint and every forecast.
    """
    (level, first, second), covariance = start.mean, start.covariance
    c00, c01, c02, c11, c12, c22 = covariance
    shape, rate, evidence = start.shape, start.rate, start.evidence
    for root, (x, z), weight, at_least in past:
        r0, r1, r2 = c00 + c01 * x + c02 * z, c01 + c11 * x + c12 * z, c02 + c12 * x + c22 * z
        spread = r0 + r1 * x + r2 * z + 1 / weight
        off, known = root - level - first * x - second * z, (spread, weight, (shape, rate))
        off, told, surprise, likely = _at_least(off, *known) if at_least else _exactly(off, *known)
        gain, told = off / spread, told / spread
        level, first, second = level + gain * r0, first + gain * r1, second + gain * r2
        c00, c01, c02 = c00 - told * r0 * r0 + wander * wander, c01 - told * r0 * r1, c02 - told * r0 * r2
        c11, c12, c22 = c11 - told * r1 * r1, c12 - told * r1 * r2, c22 - told * r2 * r2
        shape, rate = memory * (shape + weight / 2), memory * (rate + surprise)
        rate, evidence = max(rate, shape * _STEADIEST**2), evidence + likely
    return Level((level, first, second), (c00, c01, c02, c11, c12, c22), shape, rate, evidence)


_News = tuple[float, float, float, float]
"""How far a sprint was off, the share of its variance that it told, what it adds to the rate and to the evidence."""


def _exactly(off: float, spread: float, weight: float, noise: Pair) -> _News:
    (shape, rate), surprise = noise, off * off / spread / 2
    more = shape + weight / 2
    chance = lgamma(more) - lgamma(shape) + shape * log(rate) - more * log(rate + surprise)
    return off, 1.0, surprise, chance - log(spread) / 2


def _at_least(off: float, spread: float, weight: float, noise: Pair) -> _News:
    """The team stopped `off` its centre, and would have gone on: mean and variance of a normal that is cut there."""
    variance = noise[1] / noise[0]
    scale = sqrt(variance * spread)
    chance, hazard = _tail(off / scale)
    surprise = variance * weight * (1 + off / scale * hazard) / 2
    return scale * hazard, hazard * (hazard - off / scale), surprise, chance


def _tail(z: float) -> Pair:
    """The log of the normal probability above, and the density over that probability."""
    if z < _FAR:
        above = erfc(z / sqrt(2)) / 2
        return log(above), exp(-z * z / 2) / sqrt(2 * pi) / above
    hazard = z + 1 / z - 2 / z**3
    return -z * z / 2 - log(sqrt(2 * pi) * hazard), hazard
