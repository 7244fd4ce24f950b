"""Forecast of several sprints: how many points they complete together.

The sprints share what is not known of the team's level, its slopes and its noise, and the level wanders from one to the
next: independent draws around one level would claim far too narrow intervals. Sums of such sprints have no closed form,
so that they are drawn, with a seed.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, repeat
from typing import TYPE_CHECKING

from scrum.forecasting.beyond import within
from scrum.forecasting.draws import Drawn, path
from scrum.forecasting.history import usable
from scrum.forecasting.model import MOST_CERTAIN, Conditions, Evidence
from scrum.forecasting.next_sprint import believe, notes
from scrum.forecasting.prior import PRIOR, Prior
from scrum.sprint.velocity import PastSprint, Source

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Draws = NDArray[float64]


@dataclass(frozen=True)
class Outlook:
    """`totals` has the drawn points of the first sprint, of the first two together, and so on, each in rising order."""

    totals: tuple[tuple[float, ...], ...]
    n: int
    evidence: Evidence
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()

    def quantile(self, p: float, *, after: int) -> float:
        """The points that so many sprints together stay below with probability `p`."""
        totals = self.totals[after - 1]
        place = p * (len(totals) - 1)
        low = min(int(place), len(totals) - 2)
        return totals[low] + (place - low) * (totals[low + 1] - totals[low])

    def interval(self, level: float, *, after: int) -> tuple[float, float]:
        return self.quantile((1 - level) / 2, after=after), self.quantile((1 + level) / 2, after=after)

    def at_least(self, points: float, *, after: int) -> float:
        """The probability that so many sprints together complete `points` or more; never over 0.95."""
        totals = self.totals[after - 1]
        return min(MOST_CERTAIN, 1 - bisect_left(totals, points) / len(totals))

    def sprints_until(self, points: float, confidence: float) -> int | None:
        """The fewest sprints that complete `points` with this confidence; None: more than were forecast."""
        counts = range(1, len(self.totals) + 1)
        return next((count for count in counts if self.at_least(points, after=count) >= confidence), None)


def forecast_sum(
    history: Sequence[PastSprint],
    sprints: Sequence[Conditions],
    seed: int,
    prior: Prior = PRIOR,
    *,
    shares: Sequence[float] = (),
) -> Outlook:
    """For the coming sprints, the next one first, from past sprints, oldest first.

    `shares` are the parts of them that lie ahead; left out, they are whole.
    """
    past = usable(history)
    inside, beyond = zip(*(within(sprint, past) for sprint in sprints), strict=True)
    parts = zip(_drawn(past, inside, prior, seed), shares or repeat(1.0), strict=bool(shares))
    return Outlook(
        totals=_totals([sprint.part(share) for sprint, share in parts]),
        n=len(past),
        evidence=Evidence.of(len(past)),
        sources=tuple(sorted({one.source for one in past})),
        notes=(*notes(len(past)), *dict.fromkeys(chain.from_iterable(beyond))),
    )


def _totals(points: Sequence["Draws"]) -> tuple[tuple[float, ...], ...]:
    import numpy as np  # noqa: PLC0415 - it costs a fifth of a second at start-up

    return tuple(tuple(np.sort(total).tolist()) for total in accumulate(points))


def _drawn(
    past: Sequence[PastSprint], sprints: Sequence[Conditions], prior: Prior, seed: int
) -> Iterator[Drawn]:
    """With the same luck from what is believed with and without a commitment, as each sprint has one or not."""
    import numpy as np  # noqa: PLC0415 - as above

    kinds = {sprint.committed is None: sprint.committed for sprint in sprints}
    paths = {
        kind: path(
            believe(past, replace(sprints[0], committed=committed), prior),
            sprints,
            np.random.default_rng(seed),
        )
        for kind, committed in kinds.items()
    }
    for sprint in sprints:
        drawn = {kind: next(one) for kind, one in paths.items()}
        yield drawn[sprint.committed is None]
