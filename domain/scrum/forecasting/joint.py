"""The chance that several projects all make it.

Chances of things that depend on each other must not be multiplied: people who work for two projects, or a holiday, make
them fail together. What holds in any case are the bounds of Fréchet (1935).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod


@dataclass(frozen=True)
class Joint:
    """From `low` to `high` whatever the projects share; `independent` if they share nothing. `shared` are people."""

    low: float
    high: float
    independent: float
    shared: tuple[str, ...]


def joint(chances: Sequence[float], teams: Sequence[frozenset[str]]) -> Joint:
    """`teams` are the names of the people of each project."""
    return Joint(
        low=max(0.0, sum(chances) - (len(chances) - 1)),
        high=min(chances),
        independent=prod(chances),
        shared=_shared(teams),
    )


def _shared(teams: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """By name, whatever its case, as teams compare names."""
    each = [{name.casefold(): name for name in team} for team in teams]
    everybody = dict(pair for team in reversed(each) for pair in team.items())
    return tuple(everybody[key] for key in sorted(everybody) if sum(key in team for team in each) > 1)
