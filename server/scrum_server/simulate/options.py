"""What can be chosen of a simulation, and within which limits."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from scrum.errors import Invalid
from scrum.team.model import MOST_MEMBERS
from scrum.team.project import Cadence


@dataclass(frozen=True)
class Limits:
    least: float
    most: float
    unit: str

    def allow(self, given: float) -> bool:
        """NaN is in no range."""
        return self.least <= given <= self.most


LIMITS: Mapping[str, Limits] = {
    "sprints": Limits(1, 60, "sprints"),
    "team": Limits(1, MOST_MEMBERS, "people"),
    "speed": Limits(0.1, 1_000, "points per person and day"),
    "size": Limits(1, 50, "times the points of usual items"),
    "noise": Limits(0, 1, "the standard deviation of the logarithm of efforts"),
    "absences": Limits(0, 0.5, "as a share of days"),
    "growth": Limits(0, 1, "as a share of a sprint's points"),
    "blockers": Limits(0, 0.9, "as a probability per item and day"),
    "days": Limits(5, 28, "calendar days"),
}


class OutOfRange(Invalid):
    def __init__(self, name: str, given: float, limits: Limits) -> None:
        super().__init__(
            f"--{name} is {given:g}; it must be from {limits.least:g} to {limits.most:g}, {limits.unit}."
        )


class UnknownTemplate(Invalid):
    def __init__(self, given: str) -> None:
        super().__init__(f"--template {given!r} is not known. Choose one of {', '.join(Cadence)}.")


class NotAPlot(Invalid):
    def __init__(self, file: Path) -> None:
        super().__init__(f"--plot {file}: plots are written as SVG. Choose a name that ends in .svg.")


class NoFolder(Invalid):
    def __init__(self, file: Path) -> None:
        super().__init__(f"--plot {file}: there is no folder {file.parent}. Make it, or choose another one.")


@dataclass(frozen=True)
class Options:
    """`speed` is in points per person and day, `size` a factor of the points of items, `absences` a share of days, `growth` one of a sprint's points."""

    seed: int = 7
    sprints: int = 4
    team: int = 5
    speed: float = 1.0
    size: int = 1
    noise: float = 0.3
    absences: float = 0.05
    growth: float = 0.05
    blockers: float = 0.03
    days: int = 14
    template: str = Cadence.PRODUCT_TEAM.value

    def checked(self) -> Self:
        """Raises OutOfRange or UnknownTemplate."""
        for name, limits in LIMITS.items():
            if not limits.allow(given := getattr(self, name)):
                raise OutOfRange(name, given, limits)
        if self.template not in set(Cadence):
            raise UnknownTemplate(self.template)
        return self

    def told(self) -> str:
        """As they are given on the command line."""
        return " ".join(f"--{field.name} {getattr(self, field.name)}" for field in fields(self))


@dataclass(frozen=True)
class Output:
    """`keep` is the folder that stays; without one nothing does."""

    as_json: bool = False
    plot: Path | None = None
    keep: Path | None = None

    def checked(self) -> Self:
        """Raises NotAPlot or NoFolder."""
        if self.plot and self.plot.suffix.lower() != ".svg":
            raise NotAPlot(self.plot)
        if self.plot and not self.plot.absolute().parent.is_dir():
            raise NoFolder(self.plot)
        return self
