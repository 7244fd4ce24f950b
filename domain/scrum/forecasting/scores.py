"""Scores of forecasts against what came."""

from collections.abc import Iterable, Sequence
from statistics import fmean

_MISSED = 10.0
"""What a point outside of an 80 % interval costs: 2 / (1 - 0.8)."""

Interval = tuple[float, float]


def macro_error(teams: Iterable[Sequence[tuple[float, float]]]) -> float | None:
    """The mean over teams of mean absolute error over mean completed, from (point, completed) of each sprint.

    A team that completed nothing has no such ratio, and is left out; None when no team has one.
    """
    ratios = [_relative_error(pairs) for pairs in teams if sum(completed for _, completed in pairs)]
    return fmean(ratios) if ratios else None


def _relative_error(pairs: Sequence[tuple[float, float]]) -> float:
    errors = sum(abs(point - completed) for point, completed in pairs)
    return errors / sum(completed for _, completed in pairs)


def coverage(intervals: Iterable[tuple[Interval, float]]) -> float:
    """The share of intervals that hold what came."""
    return fmean(low <= came <= high for (low, high), came in intervals)


def interval_score(intervals: Iterable[tuple[Interval, float]]) -> float:
    """Of 80 % intervals: the mean width, and ten times what came outside of them (Gneiting and Raftery 2007)."""
    return fmean(high - low + _MISSED * max(0.0, low - came, came - high) for (low, high), came in intervals)


def brier(told: Iterable[tuple[float, bool]]) -> float:
    """The mean square of probability less outcome."""
    return fmean((probability - came) ** 2 for probability, came in told)
