"""Shares that are learned from few cases: Beta distributions, from successes and failures."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import exp, lgamma
from typing import Self

PRIOR = 2
"""Imagined cases of each kind that every share begins with.

With these, four real cases that are all good make it over one half with a probability of more than 90 %, three do not;
two that are all bad make it less than 20 %, one does not.
"""
LEVEL = 0.8


@dataclass(frozen=True)
class Share:
    """Of `n` cases, `good` were good; a case that nobody knows of is in both, with the probability of each."""

    good: float = 0
    bad: float = 0

    @classmethod
    def of(cls, cases: Iterable[float | None]) -> Self:
        """From the probability of each that it was good; None says nothing."""
        known = [one for one in cases if one is not None]
        good = sum(known)
        return cls(good, len(known) - good)

    @property
    def n(self) -> int:
        return round(self.good + self.bad)

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
        """The probability that the share is over one half."""
        from scipy.special import betainc  # noqa: PLC0415 - as above

        return float(betainc(self.beta, self.alpha, 0.5))

    def above(self, other: "Share") -> float:
        """The probability that this share is the larger one: a finite sum over its good cases.

        Raises:
            ValueError: they are not whole, because nobody knows of some of them.
        """
        if not float(self.good).is_integer():
            raise ValueError(f"{self.good} good cases are not whole")
        a, b, c, d = self.alpha, self.beta, other.alpha, other.beta
        return sum(
            exp(_beta(c + i, d + b) - _beta(1 + i, b) - _beta(c, d)) / (b + i) for i in range(round(a))
        )

    @property
    def alpha(self) -> float:
        return self.good + PRIOR

    @property
    def beta(self) -> float:
        return self.bad + PRIOR


def _beta(a: float, b: float) -> float:
    """The logarithm of the beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)
