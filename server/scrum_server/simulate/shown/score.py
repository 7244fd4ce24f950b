"""What the forecasts of a simulation were worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Self

from scrum_server.simulate.game.played import Closed


@dataclass(frozen=True)
class Calibration:
    """Over `n` sprints, in points. `error` is the mean of the absolute errors, `bias` of those with their sign.

    `promised` is the mean chance that was given to all of a commitment, `kept` how many were completed.
    """

    n: int
    inside: int
    error: float
    bias: float
    promised: float
    kept: int

    @classmethod
    def of(cls, rounds: Sequence[Closed]) -> Self:
        return cls(
            n=len(rounds),
            inside=sum(bool(one.decision.within_interval) for one in rounds),
            error=fmean(abs(error(one)) for one in rounds),
            bias=fmean(error(one) for one in rounds),
            promised=fmean(one.decision.plan.forecast.p_commitment for one in rounds),
            kept=sum(_kept(one) for one in rounds),
        )


def error(closed: Closed) -> float:
    """Completed points beside the expected ones."""
    return closed.sprint.figures.completed.points - closed.decision.plan.forecast.p50


def _kept(closed: Closed) -> bool:
    return closed.sprint.figures.completed.points >= closed.sprint.figures.committed.points
