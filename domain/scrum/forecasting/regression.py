"""What a team's history tells of its level: a Bayesian regression that forgets.

Square roots of points are regressed on what the commitment and the head count deviate by from the team's usual ones,
all as shares of the team's level, so that the unit of points does not matter. Older sprints weigh less. The slopes and
the noise have the conjugate prior (normal, inverse gamma) of many teams, so that what comes out is a Student-t. What is
not known of a sprint is taken as usual, and the noise of the coming one grows by what that leaves open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from scrum.forecasting.history import Comparable, Known
from scrum.forecasting.prior import Prior

_LEAST = 1e-9
"""Of weights, so that none divides by zero."""

_STEADIEST = 0.03
"""No noise is less: points spread by 6 %, whatever a team's figures say."""

_ROUNDS = 4
"""The slopes and the noise depend on each other: so often each is told of the other one."""

Pair = tuple[float, float]
"""For the commitment, and for the head count."""


@dataclass(frozen=True)
class Usual:
    """Of this team: roots of points, commitment and head count; `weight` counts the sprints behind the level."""

    level: float
    committed: float
    members: float | None
    weight: float

    def deviation(self, sprint: Known) -> Pair:
        """As shares. A commitment that is not known goes with the heads, and these are as usual when they are not."""
        heads = 0.0 if sprint.members is None or self.members is None else sprint.members / self.members - 1
        return heads if sprint.committed is None else (sprint.committed - self.committed) / self.level, heads


@dataclass(frozen=True)
class Belief:
    """Shares of the usual level.

    `noise` and `unknown` are variances: of a sprint, and what it is more of one whose commitment or head count is not
    known. `covariance` is the slopes' (of the first, of both, of the second), in units of the noise.
    """

    usual: Usual
    slopes: Pair
    covariance: tuple[float, float, float]
    noise: float
    unknown: Pair
    freedom: float

    def told(self, coming: Known) -> Pair:
        """The location and the scale of a Student-t."""
        x, level = self.usual.deviation(coming), self.usual.level
        return level * self.centre(x), level * sqrt(self.noise_of(coming) + self.doubt(x))

    def centre(self, x: Pair) -> float:
        return 1 + self.slopes[0] * x[0] + self.slopes[1] * x[1]

    def doubt(self, x: Pair) -> float:
        """The variance of the centre."""
        first, both, second = self.covariance
        slopes = first * x[0] ** 2 + 2 * both * x[0] * x[1] + second * x[1] ** 2
        return self.noise * (1 / self.usual.weight + slopes)

    def noise_of(self, coming: Known) -> float:
        unknown = (coming.committed is None, None in (coming.members, self.usual.members))
        return self.noise + sum(more for more, missing in zip(self.unknown, unknown, strict=True) if missing)


def learn(history: Sequence[Comparable], prior: Prior, typical: float) -> Belief:
    """From sprints oldest first; `typical` is what a typical team would complete, as a square root."""
    ages = reversed(range(len(history)))
    weights = [prior.follow**age * past.weight for age, past in zip(ages, history, strict=True)]
    usual = _usual(history, weights, prior, typical)
    x = [usual.deviation(past.known) for past in history]
    rest = [past.points / usual.level - _expected(prior, at) for past, at in zip(history, x, strict=True)]
    return _updated(prior, usual, _Sums.of(weights, x, rest), prior.freedom * prior.noise_fading ** len(x))


def _expected(prior: Prior, x: Pair) -> float:
    return 1 + prior.slope * (x[0] + x[1])


def _usual(history: Sequence[Comparable], weights: Sequence[float], prior: Prior, typical: float) -> Usual:
    with_points = sum(weight for past, weight in zip(history, weights, strict=True) if past.points)
    anchor = max(prior.fading**with_points, _LEAST)
    level = _mean([past.points for past in history], weights, typical, anchor)
    heads = [past.known.members for past in history]
    return Usual(
        level=level,
        committed=_mean([past.known.committed for past in history], weights, level, anchor),
        members=_mean(heads, weights, prior.members, anchor) if any(heads) or not heads else None,
        weight=sum(weights) + anchor,
    )


def _mean(values: Sequence[float | None], weights: Sequence[float], start: float, anchor: float) -> float:
    known = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    total = sum(value * weight for value, weight in known) + start * anchor
    return total / (sum(weight for _, weight in known) + anchor)


@dataclass(frozen=True)
class _Sums:
    """Weighted: of all, of the products of both deviations, and of what the prior leaves unexplained with each."""

    weight: float
    products: tuple[float, float, float]
    rests: Pair
    rest: float

    @staticmethod
    def of(weights: Sequence[float], x: Sequence[Pair], rest: Sequence[float]) -> "_Sums":
        every = list(zip(weights, x, rest, strict=True))
        return _Sums(
            weight=sum(weights),
            products=(
                sum(w * at[0] * at[0] for w, at, _ in every),
                sum(w * at[0] * at[1] for w, at, _ in every),
                sum(w * at[1] * at[1] for w, at, _ in every),
            ),
            rests=(sum(w * at[0] * r for w, at, r in every), sum(w * at[1] * r for w, at, r in every)),
            rest=sum(w * r * r for w, _, r in every),
        )


def _updated(prior: Prior, usual: Usual, seen: _Sums, worth: float) -> Belief:
    """`worth` is how many sprints the prior's noise counts as."""
    freedom, noise = worth + seen.weight, prior.noise**2
    covariance, more = _learnt(prior, seen, noise)
    for _ in range(_ROUNDS):
        left = max(0.0, seen.rest - more[0] * seen.rests[0] - more[1] * seen.rests[1])
        noise = max((worth * prior.noise**2 + left) / freedom, _STEADIEST**2)
        covariance, more = _learnt(prior, seen, noise)
    slopes = (prior.slope + more[0], prior.slope + more[1])
    spreads = (
        (worth * prior.commitment_spread + seen.products[0]) / freedom,
        (worth * prior.members_spread + seen.products[2]) / freedom,
    )
    return Belief(
        usual=usual,
        slopes=slopes,
        covariance=covariance,
        noise=noise,
        unknown=(slopes[0] ** 2 * spreads[0], slopes[1] ** 2 * spreads[1]),
        freedom=freedom,
    )


def _learnt(prior: Prior, seen: _Sums, noise: float) -> tuple[tuple[float, float, float], Pair]:
    """The slopes' covariance, in units of the noise, and what they are more than the prior's."""
    covariance = _covariance(noise / prior.slope_variance, seen.products)
    return covariance, _times(covariance, seen.rests)


def _covariance(precision: float, products: tuple[float, float, float]) -> tuple[float, float, float]:
    first, both, second = products
    first, second = first + precision, second + precision
    determinant = first * second - both * both
    return second / determinant, -both / determinant, first / determinant


def _times(matrix: tuple[float, float, float], vector: Pair) -> Pair:
    first, both, second = matrix
    return first * vector[0] + both * vector[1], both * vector[0] + second * vector[1]
