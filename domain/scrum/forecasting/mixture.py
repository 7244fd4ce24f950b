"""A mixture of Student-t distributions."""

from dataclasses import dataclass

_HALVINGS = 40
"""After these an interval between two floats is as good as empty."""


@dataclass(frozen=True)
class Mixture:
    """`weights` add up to one."""

    weights: tuple[float, ...]
    centres: tuple[float, ...]
    scales: tuple[float, ...]
    freedom: float

    def below(self, value: float) -> float:
        """The probability of less."""
        from scipy.special import stdtr  # noqa: PLC0415 - it costs a third of a second at start-up

        places = zip(self.centres, self.scales, strict=True)
        each: list[float] = stdtr(
            self.freedom, [(value - centre) / scale for centre, scale in places]
        ).tolist()
        return min(1.0, sum(weight * below for weight, below in zip(self.weights, each, strict=True)))

    def quantile(self, p: float) -> float:
        """Between the least and the most that one of the parts has, found by halving."""
        from scipy.special import stdtrit  # noqa: PLC0415 - as above

        reach = float(stdtrit(self.freedom, p))
        each = [centre + reach * scale for centre, scale in zip(self.centres, self.scales, strict=True)]
        low, high = min(each), max(each)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.below(middle) < p else (low, middle)
        return (low + high) / 2
