"""Whether what a strategy made of a commitment was closer to what the sprint completed."""

from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

from scrum.memory.model import Episode, Outcome, Tried
from scrum.sprint.model import Prediction

_NORMAL = NormalDist()
_REACH = _NORMAL.inv_cdf(0.9)
"""From the middle to an end of an 80 % interval, in standard deviations."""
_LEAST = 1e-9


@dataclass(frozen=True)
class Closeness:
    """`better` is None where nobody can know; `likely` is then the probability of it, where the forecast has one."""

    better: bool | None = None
    likely: float | None = None


def closeness(episode: Episode, tried: Tried) -> Closeness:
    """Where all its work was finished it could have completed more, and only a larger commitment would have shown it."""
    room, outcome = _Room.of(episode), episode.outcome
    without, with_it = room.taken(tried.before), room.taken(tried.after)
    middle = (without + with_it) / 2
    if outcome is None or without == with_it or outcome.completed == middle:
        return Closeness()
    smaller = with_it < without
    if outcome.completed > middle or not _finished(outcome):
        return Closeness(better=smaller is (outcome.completed < middle))
    more = _more(episode.prediction, middle, outcome.completed)
    return Closeness(likely=1 - more if more is not None and smaller else more)


@dataclass(frozen=True)
class _Room:
    """What its plan would have taken at another commitment: `least` had to be in, and `most` was there to be taken."""

    least: int
    most: float

    @staticmethod
    def of(episode: Episode) -> "_Room":
        made = episode.decision
        return _Room(made.points if made.points > made.commitment else 0, max(made.points, _supply(episode)))

    def taken(self, commitment: int) -> float:
        return max(self.least, min(self.most, commitment))


def _supply(episode: Episode) -> float:
    """Points that could be chosen. Where the largest item would have had room too, all that could be chosen was."""
    known, made = figures_of(episode), episode.decision
    if known.get("unestimated_planned"):
        return inf
    full = made.commitment - made.points < known.get("largest_item", inf)
    return known.get("scope", inf) if full else made.points


def _finished(outcome: Outcome) -> bool:
    """Whether nothing was carried over."""
    return outcome.completed >= outcome.committed + outcome.added - outcome.removed + outcome.reestimated


def _more(expected: Prediction | None, points: float, completed: int) -> float | None:
    """The probability that who completed so many could have completed these points."""
    reached = _at_least(completed, expected) if expected else 0.0
    return _at_least(points, expected) / reached if expected and reached else None


def _at_least(points: float, expected: Prediction) -> float:
    """As the forecast, whose root is about normal; on each side of its middle as wide as the interval is there.

    Of a whole sprint, where the two tails differ. `chance_to_finish` brings one width, in points, to the days that are
    left, and is told while the sprint runs; nothing compares the two.
    """
    middle = sqrt(max(0.0, expected.points))
    end = expected.low if points < expected.points else expected.high
    spread = max(_LEAST, abs(sqrt(max(0.0, end)) - middle) / _REACH)
    return _NORMAL.cdf((middle - sqrt(points)) / spread)


def figures_of(episode: Episode) -> dict[str, float]:
    return {**episode.context.features.known(), **episode.figures}
