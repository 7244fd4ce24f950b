"""Simple forecasts that ours has to be better than."""

from collections.abc import Callable, Sequence
from random import Random
from statistics import fmean, stdev

from scrum.forecasting.model import Conditions
from scrum.forecasting.scores import Interval
from scrum.sprint.velocity import PastSprint

SMOOTHING = 0.3
WINDOW = 10
DRAWS = 500

Baseline = Callable[[Sequence[PastSprint], Conditions], float | None]
"""Points of the next sprint, from at least one past sprint, oldest first; None without the columns that it needs."""


def mean_of_last(window: int) -> Baseline:
    return lambda history, _: fmean(past.completed_points for past in history[-window:])


def smoothed(history: Sequence[PastSprint], _: Conditions) -> float:
    level = history[0].completed_points
    for past in history[1:]:
        level += SMOOTHING * (past.completed_points - level)
    return level


def half_committed(history: Sequence[PastSprint], coming: Conditions) -> float | None:
    if coming.committed is None:
        return None
    return 0.5 * coming.committed + 0.5 * fmean(past.completed_points for past in history[-5:])


def per_member(history: Sequence[PastSprint], coming: Conditions) -> float | None:
    """Points per head over the last ten sprints, times the heads of the next one."""
    counted = [(past.completed_points, past.members) for past in history[-WINDOW:] if past.members]
    if not counted or not coming.members:
        return None
    return sum(points for points, _ in counted) / sum(members for _, members in counted) * coming.members


BASELINES: dict[str, Baseline] = {
    "last": mean_of_last(1),
    "mean of last 3": mean_of_last(3),
    "mean of last 10": mean_of_last(WINDOW),
    "smoothing 0.3": smoothed,
    "half commitment, half mean of 5": half_committed,
    "velocity per member": per_member,
}


def student(history: Sequence[PastSprint]) -> Interval:
    """The 80 % interval of a Student-t fitted to the last ten sprints, of which there are at least two."""
    from scipy.special import stdtrit  # noqa: PLC0415 - it costs a third of a second at start-up

    points = [past.completed_points for past in history[-WINDOW:]]
    n = len(points)
    reach = float(stdtrit(n - 1, 0.9)) * stdev(points) * (1 + 1 / n) ** 0.5
    return max(0.0, fmean(points) - reach), fmean(points) + reach


def resampled(history: Sequence[PastSprint], sprints: int, seed: int) -> Interval:
    """The 80 % interval of the sum of so many past velocities, drawn with replacement."""
    chance = Random(seed)  # noqa: S311 - seeded chance is not a secret
    points = [past.completed_points for past in history]
    sums = sorted(sum(chance.choices(points, k=sprints)) for _ in range(DRAWS))
    return sums[DRAWS // 10], sums[DRAWS - 1 - DRAWS // 10]
