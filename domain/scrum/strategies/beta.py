"""Shares that are learned from few cases: Beta distributions, from successes and failures."""

from dataclasses import dataclass
from functools import cached_property
from math import comb, exp, lgamma

PRIOR = 2
"""Imagined cases of each kind that every share begins with.

With these, four real cases that are all good make it over one half with a probability of more than 90 %, three do not;
two that are all bad make it less than 20 %, one does not.
"""
LEVEL = 0.8


@dataclass(frozen=True)
class Share:
    """Of `n` cases, `good` were good."""

    good: int = 0
    bad: int = 0

    @property
    def n(self) -> int:
        return self.good + self.bad

    @property
    def mean(self) -> float:
        return self.alpha / (self.alpha + self.beta)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The middle 80 % of what the share may be."""
        from scipy.special import betaincinv  # noqa: PLC0415 - it costs a third of a second at start-up

        low, high = (float(betaincinv(self.alpha, self.beta, p)) for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
        return low, high

    @property
    def above_half(self) -> float:
        """The probability that the share is over one half: whole counts make it a sum over tossed coins."""
        tossed = self.alpha + self.beta - 1
        return sum(comb(tossed, heads) for heads in range(self.alpha)) / (1 << tossed)

    def above(self, other: "Share") -> float:
        """The probability that this share is the larger one; a finite sum, again because counts are whole."""
        a, b, c, d = self.alpha, self.beta, other.alpha, other.beta
        return sum(exp(_beta(c + i, d + b) - _beta(1 + i, b) - _beta(c, d)) / (b + i) for i in range(a))

    @property
    def alpha(self) -> int:
        return self.good + PRIOR

    @property
    def beta(self) -> int:
        return self.bad + PRIOR


def _beta(a: int, b: int) -> float:
    """The logarithm of the beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)
