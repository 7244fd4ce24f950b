"""What the forecasts were worth: the engine's figures over all teams, and whom they leave out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol, TypeVar

from scrum.errors import Invalid
from scrum.forecasting.backtest import (
    HORIZONS,
    Covered,
    Predicted,
    Scores,
    Summing,
    covered,
    ours,
    resampling,
    scored,
    walk,
    walk_sums,
)
from scrum.sprint.velocity import Source
from scrum.text import choices
from scrum_server.backtest.histories import TeamHistory

T = TypeVar("T")

FEW = 30
"""Under so many forecasts chance decides much of every figure."""


class Tick(Protocol):
    """Passes forecasts on, and shows how many there were."""

    def __call__(self, each: Iterable[T]) -> Iterator[T]: ...


class NothingToMeasure(Invalid):
    def __init__(self, short: dict[str, int], least: int) -> None:
        fewer = " or ask for fewer before each with --least 2," if least > 2 else ""  # noqa: PLR2004 - the least
        super().__init__(
            f"No team has more than {least} sprints, and a sprint is forecast from at least {least} before it. "
            f"Sprints: {counted(short)}. Add sprints,{fewer} and try again."
        )


@dataclass(frozen=True)
class Walked:
    """The forecasts of a team, oldest first, and their own figures."""

    history: TeamHistory
    predicted: tuple[Predicted, ...]
    scores: Scores

    @property
    def idle(self) -> bool:
        """It completed nothing in all that was forecast: there is no relative error."""
        return self.scores.error is None

    def seq(self, one: Predicted) -> float:
        return self.history.places[one.place]


@dataclass(frozen=True)
class Measured:
    """`several` and `resampled` are by the number of sprints; `walked` has teams with forecasts, `short` the others."""

    least: int
    walked: tuple[Walked, ...]
    scores: Scores
    several: dict[int, Covered]
    resampled: dict[int, Covered]
    short: dict[str, int]

    @property
    def idle(self) -> tuple[str, ...]:
        return tuple(one.history.team for one in self.walked if one.idle)

    @property
    def in_error(self) -> int:
        """The sprints that the macro error is about."""
        return sum(len(one.predicted) for one in self.walked if not one.idle)

    @property
    def empty_commitments(self) -> int:
        return sum(one.outcome.committed_points == 0 for one in predictions(self.walked))

    @property
    def sources(self) -> dict[Source, int]:
        return dict(sorted(Counter(one.outcome.source for one in predictions(self.walked)).items()))


@dataclass(frozen=True)
class Line:
    """A forecast's figures; None where it says nothing of the kind, or a sprint lacks what it needs."""

    forecast: str
    n: int
    macro_error: float | None = None
    coverage: float | None = None
    interval_score: float | None = None
    brier: float | None = None


def predictions(walked: Iterable[Walked]) -> list[Predicted]:
    return list(chain.from_iterable(one.predicted for one in walked))


def steps(histories: Iterable[TeamHistory], least: int) -> int:
    """How many forecasts `measure` makes: of each sprint, and twice of several together."""
    longer = [len(one.sprints) - least for one in histories]
    return sum(max(0, n) + 2 * sum(max(0, n - count + 1) for count in HORIZONS) for n in longer)


def measure(histories: Sequence[TeamHistory], least: int, tick: Tick) -> Measured:
    """Raises NothingToMeasure."""
    every = [_walked(one, least, tick) for one in histories]
    walked = tuple(filter(None, every))
    short = {one.team: len(one.sprints) for one, found in zip(histories, every, strict=True) if not found}
    scores = scored(predictions(walked))
    if scores is None:
        raise NothingToMeasure(short, least)
    several, resampled = (_together(walked, by, least, tick) for by in (ours(), resampling))
    return Measured(least, walked, scores, several, resampled, short)


def _walked(history: TeamHistory, least: int, tick: Tick) -> Walked | None:
    predicted = tuple(tick(walk(history.team, history.sprints, after=least)))
    scores = scored(predicted)
    return Walked(history, predicted, scores) if scores else None


def lines(told: Measured) -> list[Line]:
    """Ours first, then the simple ones."""
    scores = told.scores
    own = (scores.error, scores.coverage, scores.interval_score, scores.brier)
    planning = (scores.open_error, scores.open_coverage, scores.open_score)
    return [
        Line("ours", scores.n, *own),
        Line("ours, without the commitment", scores.n, *planning),
        *(Line(name, scores.n, error) for name, error in scores.errors.items()),
        Line("Student-t on last 10", scores.n, None, scores.student_coverage, scores.student_score),
        Line("share of commitments met", scores.commitments, brier=scores.base_rate),
    ]


def counted(teams: dict[str, int]) -> str:
    return choices(f"{team} ({n})" for team, n in teams.items())


def _together(walked: Iterable[Walked], by: Summing, least: int, tick: Tick) -> dict[int, Covered]:
    histories = (one.history for one in walked)
    sums = (walk_sums(one.team, one.sprints, by, after=least) for one in histories)
    return covered(tick(chain.from_iterable(sums)))
