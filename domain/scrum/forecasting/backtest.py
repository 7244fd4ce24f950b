"""How good forecasts are: every sprint of a history is forecast from those before it, and compared with what came."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from scrum.forecasting.baselines import BASELINES, resampled, student
from scrum.forecasting.model import ENOUGH, Conditions
from scrum.forecasting.next_sprint import forecast
from scrum.forecasting.prior import PRIOR, Prior
from scrum.forecasting.scores import Interval, brier, coverage, interval_score, macro_error
from scrum.forecasting.several import forecast_sum
from scrum.sprint.velocity import PastSprint

LEVEL = 0.8
HORIZONS = (2, 3, 5, 8)
SEED = 1


@dataclass(frozen=True)
class Predicted:
    """One sprint. `p_commitment` is None without committed points; `baselines` have the points of each.

    `open_point` and `open80` are our forecast without the commitment, as for a plan that has yet to choose one.
    """

    team: str
    place: int
    outcome: PastSprint
    point: float
    low80: float
    high80: float
    p_commitment: float | None
    open_point: float
    open80: Interval
    baselines: dict[str, float | None]
    student: Interval

    @property
    def met(self) -> bool:
        return self.outcome.completed_points >= (self.outcome.committed_points or 0.0)


@dataclass(frozen=True)
class PredictedSum:
    """Several sprints in a row, with an 80 % interval."""

    team: str
    place: int
    sprints: int
    completed: float
    interval: Interval


@dataclass(frozen=True)
class Covered:
    n: int
    coverage: float


Summing = Callable[[Sequence[PastSprint], Sequence[Conditions], Sequence[int]], Sequence[Interval]]
"""80 % intervals of so many sprints together, from past sprints and the conditions of each next one."""


@dataclass(frozen=True)
class Scores:
    """Of `n` sprints of `teams` teams; None where no sprint has what a score needs.

    The `open_` ones are of our forecast without the commitment. `commitments` counts those that have points: one without
    is always met. `base_rate` is the Brier score of always telling the share of these that were met.
    """

    n: int
    teams: int
    error: float | None
    errors: dict[str, float | None]
    coverage: float
    interval_score: float
    open_error: float | None
    open_coverage: float
    open_score: float
    student_coverage: float
    student_score: float
    commitments: int
    brier: float | None
    base_rate: float | None


def walk(
    team: str, sprints: Sequence[PastSprint], *, prior: Prior = PRIOR, after: int = ENOUGH
) -> Iterator[Predicted]:
    """Of each sprint, oldest first, that has so many before it (at least two); `place` counts from zero."""
    return (_predicted(team, sprints, place, prior) for place in range(max(after, 2), len(sprints)))


def _predicted(team: str, sprints: Sequence[PastSprint], place: int, prior: Prior) -> Predicted:
    history, outcome = sprints[:place], sprints[place]
    coming = _known(outcome)
    told, planning = (forecast(history, one, prior) for one in (coming, replace(coming, committed=None)))
    low, high = told.interval(LEVEL)
    return Predicted(
        team=team,
        place=place,
        outcome=outcome,
        point=told.median,
        low80=low,
        high80=high,
        p_commitment=told.at_least(coming.committed) if coming.committed else None,
        open_point=planning.median,
        open80=planning.interval(LEVEL),
        baselines={name: baseline(history, coming) for name, baseline in BASELINES.items()},
        student=student(history),
    )


def walk_sums(
    team: str, sprints: Sequence[PastSprint], summing: Summing, *, after: int = ENOUGH
) -> Iterator[PredictedSum]:
    """Of each sprint that has so many before it, together with the next ones.

    Of these are known what a plan has ahead of them: length, heads and availability, and no commitment.
    """
    for place in range(after, len(sprints)):
        counts = [count for count in HORIZONS if place + count <= len(sprints)]
        if counts:
            intervals = summing(sprints[:place], _ahead(sprints[place : place + counts[-1]]), counts)
            for count, interval in zip(counts, intervals, strict=True):
                completed = sum(past.completed_points for past in sprints[place : place + count])
                yield PredictedSum(team, place, count, completed, interval)


def _ahead(sprints: Sequence[PastSprint]) -> list[Conditions]:
    first, *later = map(_known, sprints)
    return [first, *(replace(one, committed=None) for one in later)]


def _known(sprint: PastSprint) -> Conditions:
    """At its start: that it was extended or closed early came later."""
    told = Conditions.of(sprint)
    return replace(
        told,
        days=sprint.planned_days or told.days,
        working_days=sprint.planned_working_days or told.working_days,
    )


def ours(prior: Prior = PRIOR) -> Summing:
    def summing(
        history: Sequence[PastSprint], coming: Sequence[Conditions], counts: Sequence[int]
    ) -> list[Interval]:
        told = forecast_sum(history, coming, SEED, prior)
        return [told.interval(LEVEL, after=count) for count in counts]

    return summing


def resampling(
    history: Sequence[PastSprint], _: Sequence[Conditions], counts: Sequence[int]
) -> list[Interval]:
    return [resampled(history, count, SEED) for count in counts]


def scored(predicted: Sequence[Predicted]) -> Scores | None:
    """None when nothing was predicted."""
    if not predicted:
        return None
    ours = [((one.low80, one.high80), one.outcome.completed_points) for one in predicted]
    planning = [(one.open80, one.outcome.completed_points) for one in predicted]
    theirs = [(one.student, one.outcome.completed_points) for one in predicted]
    told = [(one.p_commitment, one.met) for one in predicted if one.p_commitment is not None]
    met = fmean(came for _, came in told) if told else None
    return Scores(
        n=len(predicted),
        teams=len({one.team for one in predicted}),
        error=_error(predicted, [one.point for one in predicted]),
        errors={name: _error(predicted, [one.baselines[name] for one in predicted]) for name in BASELINES},
        coverage=coverage(ours),
        interval_score=interval_score(ours),
        open_error=_error(predicted, [one.open_point for one in predicted]),
        open_coverage=coverage(planning),
        open_score=interval_score(planning),
        student_coverage=coverage(theirs),
        student_score=interval_score(theirs),
        commitments=len(told),
        brier=brier(told) if told else None,
        base_rate=None if met is None else met * (1 - met),
    )


def _error(predicted: Sequence[Predicted], points: Sequence[float | None]) -> float | None:
    """None when the point of some sprint is not known: the errors of the others would not compare."""
    teams: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one, point in zip(predicted, points, strict=True):
        if point is None:
            return None
        teams[one.team].append((point, one.outcome.completed_points))
    return macro_error(teams.values())


def covered(sums: Iterable[PredictedSum]) -> dict[int, Covered]:
    """By the number of sprints."""
    by_count: dict[int, list[PredictedSum]] = defaultdict(list)
    for one in sums:
        by_count[one.sprints].append(one)
    return {
        count: Covered(n=len(every), coverage=coverage((one.interval, one.completed) for one in every))
        for count, every in sorted(by_count.items())
    }
