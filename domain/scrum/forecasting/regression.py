"""What a team's history tells of its level: a regression on many levels that may move.

Square roots of points are regressed on what the commitment and the head count deviate by from the team's usual ones,
all as shares of the team's level, so that the unit of points does not matter. How large the noise is, and how far the
level wanders beside it, is tried on a grid: each way foretells every past sprint from those before it, and counts as
much as what it foretold was likely. What comes out is a mixture of Student-t, one of each way.

Where the coming sprint's commitment or head count is not known, the past ones are left out as well: the noise is then
what such a forecast is off by.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import exp, log, sqrt

from scrum.forecasting.history import Comparable, Known
from scrum.forecasting.levels import Level, Pair, Seen, filtered
from scrum.forecasting.mixture import Mixture
from scrum.forecasting.prior import GRID, Prior

_LEAST = 1e-9
"""Of weights, so that none divides by zero."""

_MOST_ZEROS = 10
"""More sprints without any point say no more: the team may not have begun to count."""


@dataclass(frozen=True)
class Usual:
    """Of this team: roots of points, commitment and head count; `weight` is that of many teams' beside one sprint's."""

    level: float
    committed: float
    members: float | None
    weight: float

    def deviation(self, sprint: Known) -> Pair:
        """As shares. A commitment that is not known goes with the heads, and these are as usual when they are not."""
        heads = 0.0 if sprint.members is None or self.members is None else sprint.members / self.members - 1
        return heads if sprint.committed is None else (sprint.committed - self.committed) / self.level, heads


@dataclass(frozen=True)
class Way:
    """Shares of the usual level; `wander` is the level's from a sprint to the next, in units of the noise."""

    level: Level
    wander: float


@dataclass(frozen=True)
class Belief:
    usual: Usual
    ways: tuple[Way, ...]

    @property
    def freedom(self) -> float:
        """Every way has seen the same sprints."""
        return 2 * self.ways[0].level.shape

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """How likely each way is."""
        return tuple(exp(way.level.evidence - self.evidence) for way in self.ways)

    @cached_property
    def evidence(self) -> float:
        """The logarithm of how likely the past was, over all ways."""
        most = max(way.level.evidence for way in self.ways)
        return most + log(sum(exp(way.level.evidence - most) for way in self.ways))

    def told(self, coming: Known) -> Mixture:
        """Of the root of the points."""
        x, level = self.usual.deviation(coming), self.usual.level
        return Mixture(
            weights=self.weights,
            centres=tuple(level * way.level.centre(x) for way in self.ways),
            scales=tuple(level * sqrt(way.level.noise * (1 + way.level.doubt(x))) for way in self.ways),
            freedom=self.freedom,
        )


def learn(history: Sequence[Comparable], prior: Prior, typical: float) -> Belief:
    """From sprints oldest first; `typical` is what a typical team would complete, as a square root."""
    told = history if any(past.points for past in history) else history[-_MOST_ZEROS:]
    usual = _usual(told, prior, typical)
    seen = [
        Seen(past.points / usual.level, usual.deviation(past.known), past.weight, past.at_least)
        for past in told
    ]
    return Belief(usual, tuple(_ways(usual, seen, prior, typical)))


def without(history: Sequence[Comparable], coming: Known) -> list[Comparable]:
    """What is not known of the coming sprint."""
    return [replace(past, known=_only(past.known, coming)) for past in history]


def _only(past: Known, coming: Known) -> Known:
    return Known(
        None if coming.committed is None else past.committed,
        None if coming.members is None else past.members,
    )


def _ways(usual: Usual, seen: Sequence[Seen], prior: Prior, typical: float) -> Iterator[Way]:
    every = len(GRID) * sum(noise**prior.doubt for noise in GRID)
    shape = prior.memory / (1 - prior.memory) / 2
    for noise, wander in product(GRID, GRID):
        slope = prior.slope_variance / noise**2
        start = Level(
            mean=(typical / usual.level, prior.slope, prior.slope),
            covariance=(1 / usual.weight, 0.0, 0.0, slope, 0.0, slope),
            shape=shape,
            rate=shape * noise**2,
            evidence=log(noise**prior.doubt / every),
        )
        yield Way(filtered(start, seen, wander=wander, memory=prior.memory), wander)


def _usual(history: Sequence[Comparable], prior: Prior, typical: float) -> Usual:
    with_points = sum(past.weight for past in history if past.points)
    anchor = max(prior.fading**with_points, _LEAST)
    weights = [past.weight for past in history]
    level = _mean([past.points for past in history], weights, typical, anchor)
    heads = [past.known.members for past in history]
    return Usual(
        level=level,
        committed=_mean([past.known.committed for past in history], weights, level, anchor),
        members=_mean(heads, weights, prior.members, anchor) if any(heads) or not heads else None,
        weight=anchor,
    )


def _mean(values: Sequence[float | None], weights: Sequence[float], start: float, anchor: float) -> float:
    known = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    total = sum(value * weight for value, weight in known) + start * anchor
    return total / (sum(weight for _, weight in known) + anchor)
