"""Embeddings: situations as vectors of a model. Vectors of two models are never compared."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, isfinite, log1p, pi, sin, sqrt

from scrum.errors import Invalid, NotFound
from scrum.memory.model import Features
from scrum.text import quoted

_NAME = re.compile(r"(?=.{1,100}$)[A-Za-z0-9_]+(?:[-./:][A-Za-z0-9_]+)*")
_MOST_DIMENSIONS = 4_000
"""What an index of half-precision vectors holds."""


class BadModel(Invalid):
    def __init__(self, name: str, dimensions: int) -> None:
        super().__init__(
            f"{quoted(name)} with {dimensions} dimensions cannot be an embedding model: a name has up to 100 letters "
            f"and digits with single -./: between them, and there are 1 to {_MOST_DIMENSIONS} dimensions."
        )


class WrongDimensions(Invalid):
    def __init__(self, model: str, wanted: int, given: int) -> None:
        super().__init__(
            f"Vectors of {model} have {wanted} dimensions, and this one has {given}. Nothing was kept. Check that the "
            "embedding model is the one that the settings name."
        )


class UnknownModel(NotFound):
    def __init__(self, model: str) -> None:
        super().__init__(
            f"No vectors of the embedding model {quoted(model)} are kept here. Run `scrum-mcp migrate`, or embed with a "
            "model that is known."
        )


class NotAVector(Invalid):
    def __init__(self, model: str) -> None:
        super().__init__(
            f"{model} gave a vector that is all zeros or has a value that is not a number. Nothing was kept. Embed "
            "the text again."
        )


@dataclass(frozen=True)
class Model:
    """Raises BadModel."""

    name: str
    dimensions: int

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not 1 <= self.dimensions <= _MOST_DIMENSIONS:
            raise BadModel(self.name, self.dimensions)


BUILT_IN = Model("built-in-1", 768)
"""The model of built_in.py, which computes with numpy: here, it costs nothing to name it."""


@dataclass(frozen=True)
class Embedding:
    """A vector of one model, of length 1. Raises WrongDimensions or NotAVector."""

    model: Model
    vector: tuple[float, ...]

    @classmethod
    def of(cls, model: Model, values: Sequence[float]) -> "Embedding":
        if len(values) != model.dimensions:
            raise WrongDimensions(model.name, model.dimensions, len(values))
        length = sqrt(sum(value * value for value in values))
        if not isfinite(length) or length == 0:
            raise NotAVector(model.name)
        return cls(model, tuple(value / length for value in values))


_SCALES: dict[str, float] = {
    "team_size": 50,
    "velocity": 500,
    "availability": 1,
    "days_away": 100,
    "carry_over": 200,
    "scope": 500,
}
"""Where a feature is as large as it counts. All but shares are compared by their ratio."""
FEATURES = 2 * len(_SCALES)


def directions(features: Features) -> list[float]:
    """An angle of up to 90 degrees for each feature, as a point on the circle; the middle of it where it is unknown.

    So the inner product of two is the larger the nearer they are, in those features alone that both know.
    """
    known = features.known()
    return [value for name in _SCALES for value in _direction(name, known.get(name))]


def _direction(name: str, value: float | None) -> tuple[float, float]:
    if value is None:
        return 0.0, 0.0
    scale = _SCALES[name]
    share = value if scale == 1 else log1p(max(value, 0.0)) / log1p(scale)
    angle = pi / 2 * min(max(share, 0.0), 1.0)
    return cos(angle), sin(angle)
