"""What replayed commitments were worth, beside each other, and how sure that is over teams."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from statistics import fmean

from scrum.strategies.replay import Replayed

CLOSE = 0.1
"""A commitment is close where so much of it, or less, lies between it and the outcome."""
BINS = 5
LEVEL = 0.8
DRAWS = 2000
SEED = 1

OURS, PLAIN, OWN, RECENT = "with learning", "without learning", "the teams' own", "mean of last 3"
Commitment = Callable[[Replayed], float]
COMMITMENTS: Mapping[str, Commitment] = {
    OURS: lambda one: one.learned,
    PLAIN: lambda one: one.plain,
    OWN: lambda one: one.own or 0.0,
    RECENT: lambda one: one.recent,
}


@dataclass(frozen=True)
class Line:
    """Mean absolute error in points, the share of sprints that were close, and of points that no commitment had."""

    commitment: str
    error: float
    close: float
    unused: float


@dataclass(frozen=True)
class Spread:
    """A difference, and the middle 80 % of it when other teams had been drawn."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """Ours minus another commitment; an error under 0 and a share over 0 speak for learning."""

    against: str
    error: Spread
    close: Spread


@dataclass(frozen=True)
class Bin:
    """Sprints whose confidence lay in the same fifth: what was told on average, and how many were successes."""

    low: float
    high: float
    n: int
    told: float
    came: float


@dataclass(frozen=True)
class Worth:
    """Of `n` sprints of `teams` teams that have a commitment of their own; `followed` of them had a learned strategy."""

    n: int
    teams: int
    followed: int
    lines: tuple[Line, ...]
    differences: tuple[Difference, ...]
    brier: float
    base_rate: float
    bins: tuple[Bin, ...]

    def against(self, commitment: str) -> Difference | None:
        return next((one for one in self.differences if one.against == commitment), None)

    @property
    def pays(self) -> bool:
        """Whether learning came closer than the same plans without it, beyond what the draw of teams explains."""
        plain = self.against(PLAIN)
        return plain is not None and plain.error.high < 0


def worth(replayed: Iterable[Replayed]) -> Worth | None:
    """None where no sprint has a commitment of its own."""
    every = [one for one in replayed if one.own]
    if not every:
        return None
    met = fmean(one.success for one in every)
    return Worth(
        n=len(every),
        teams=len({one.team for one in every}),
        followed=sum(bool(one.followed) for one in every),
        lines=tuple(_line(name, commitment, every) for name, commitment in COMMITMENTS.items()),
        differences=_differences(every),
        brier=fmean((one.confidence - one.success) ** 2 for one in every),
        base_rate=met * (1 - met),
        bins=_bins(every),
    )


def error(commitment: float, completed: float) -> float:
    return abs(commitment - completed)


def close(commitment: float, completed: float) -> bool:
    return abs(commitment - completed) <= CLOSE * commitment


def _line(name: str, commitment: Commitment, every: Sequence[Replayed]) -> Line:
    completed = sum(one.completed for one in every)
    unused = sum(max(0.0, one.completed - commitment(one)) for one in every)
    return Line(
        commitment=name,
        error=fmean(error(commitment(one), one.completed) for one in every),
        close=fmean(close(commitment(one), one.completed) for one in every),
        unused=unused / completed if completed else 0.0,
    )


def _differences(every: Sequence[Replayed]) -> tuple[Difference, ...]:
    """The teams are drawn the same way for each."""
    drawn = _draws({one.team for one in every})
    return tuple(
        Difference(
            name,
            _spread(every, drawn, partial(_nearer, other)),
            _spread(every, drawn, partial(_closer, other)),
        )
        for name, other in COMMITMENTS.items()
        if name != OURS
    )


def _nearer(other: Commitment, one: Replayed) -> float:
    return error(one.learned, one.completed) - error(other(one), one.completed)


def _closer(other: Commitment, one: Replayed) -> float:
    return float(close(one.learned, one.completed)) - float(close(other(one), one.completed))


def _draws(teams: Iterable[str]) -> list[list[str]]:
    chance = Random(SEED)  # noqa: S311 - seeded chance is not a secret
    names = sorted(teams)
    return [chance.choices(names, k=len(names)) for _ in range(DRAWS)]


def _spread(
    every: Sequence[Replayed], drawn: Sequence[Sequence[str]], figure: Callable[[Replayed], float]
) -> Spread:
    by_team: defaultdict[str, list[float]] = defaultdict(list)
    for one in every:
        by_team[one.team].append(figure(one))
    sums = {team: (sum(figures), len(figures)) for team, figures in by_team.items()}
    means = sorted(_mean([sums[team] for team in teams]) for teams in drawn)
    out = round((1 - LEVEL) / 2 * len(means))
    return Spread(_mean(list(sums.values())), means[out], means[-1 - out])


def _mean(sums: Sequence[tuple[float, int]]) -> float:
    return sum(total for total, _ in sums) / sum(n for _, n in sums)


def _bins(every: Sequence[Replayed]) -> tuple[Bin, ...]:
    fifths: defaultdict[int, list[Replayed]] = defaultdict(list)
    for one in every:
        fifths[min(BINS - 1, int(one.confidence * BINS))].append(one)
    return tuple(_bin(place, inside) for place, inside in sorted(fifths.items()))


def _bin(place: int, inside: Sequence[Replayed]) -> Bin:
    return Bin(
        low=place / BINS,
        high=(place + 1) / BINS,
        n=len(inside),
        told=fmean(one.confidence for one in inside),
        came=fmean(one.success for one in inside),
    )
