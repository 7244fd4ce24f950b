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

_MORE = 0.05
"""Of a root: who stopped when nothing was left to do would have completed a tenth more at the most."""

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

    Who stopped is compared with a level that is known; before, the first sprint counts as it is, and a little more.
    `wander` is a standard deviation in units of the noise's; `memory` the share of what is known of the noise that is
    still known a sprint later. One loop over plain floats: it runs for every way, every sprint and every forecast.
    """
    (level, first, second), covariance = start.mean, start.covariance
    c00, c01, c02, c11, c12, c22 = covariance
    shape, rate, evidence = start.shape, start.rate, start.evidence
    known = c00 <= 1  # as well as from one sprint, at the least
    for root, (x, z), weight, at_least in past:
        r0, r1, r2 = c00 + c01 * x + c02 * z, c01 + c11 * x + c12 * z, c02 + c12 * x + c22 * z
        spread = r0 + r1 * x + r2 * z + 1 / weight
        off, told = root - level - first * x - second * z, 1.0
        if at_least:
            more = _MORE * root
            off, told = _further(off, more, sqrt(spread * rate / shape)) if known else (off + more, 1.0)
        known = True
        level, first, second = (
            level + off * r0 / spread,
            first + off * r1 / spread,
            second + off * r2 / spread,
        )
        less = told / spread
        c00, c01, c02 = c00 - less * r0 * r0 + wander * wander, c01 - less * r0 * r1, c02 - less * r0 * r2
        c11, c12, c22 = c11 - less * r1 * r1, c12 - less * r1 * r2, c22 - less * r2 * r2
        more, surprise = shape + weight / 2, off * off / spread / 2
        likely = (
            lgamma(more) - lgamma(shape) + shape * log(rate) - more * log(rate + surprise) - log(spread) / 2
        )
        evidence += told * likely
        rate += told * surprise + (1 - told) * rate / shape * weight / 2
        shape, rate = memory * more, max(memory * rate, memory * more * _STEADIEST**2)
    return Level((level, first, second), (c00, c01, c02, c11, c12, c22), shape, rate, evidence)


def _further(off: float, more: float, scale: float) -> Pair:
    """How far off a team would have been that stopped there, and how much of an observation that is.

    Mean, and the share of the variance that is told, of a normal that is cut there; but it is taken for no faster than
    `more` beyond where it stopped, which is observed then. Who stopped far below the level tells nothing of it.
    """
    z, most = off / scale, off + more
    hazard = _hazard(z)
    if 0 < most < scale * hazard:
        return most, 1.0
    return min(scale * hazard, max(most, 0.0)), hazard * (hazard - z)


def _hazard(z: float) -> float:
    """The density of a normal over its probability above; by its asymptotic series far out."""
    if z < _FAR:
        return exp(-z * z / 2) / sqrt(2 * pi) / (erfc(z / sqrt(2)) / 2)
    return z + 1 / z - 2 / z**3
