"""What a strategy does to a plan: one act, with its amount where it has one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor

from scrum.errors import Invalid
from scrum.text import choices, line, quoted

_ABOUT = 1e-9
_LONGEST = 60


class Act(StrEnum):
    """In the order in which they are applied."""

    AVAILABILITY = "availability"
    LEAVE_OUT_UNESTIMATED = "leave_out_unestimated"
    CAP = "cap"
    LIMIT_CARRY_OVER = "limit_carry_over"
    SCALE = "scale"
    RESERVE = "reserve"
    BUFFER = "buffer"


ORDER = tuple(Act)
RANGES: Mapping[Act, tuple[float, float]] = {
    Act.SCALE: (0.5, 1.5),
    Act.BUFFER: (0.01, 0.5),
    Act.RESERVE: (0.01, 0.5),
    Act.CAP: (1, 1000),
    Act.LIMIT_CARRY_OVER: (0, 1),
}
"""Of the acts that have an amount; cap is in points, all others are shares."""
_EXAMPLES = ("buffer 0.1", "reserve 0.15", "scale 0.9", "cap 8", "limit_carry_over 0.3")
_BARE = tuple(act for act in Act if act not in RANGES)


def effects_told() -> str:
    """Those that may be set, with an amount where they have one."""
    return choices([*_EXAMPLES, *(act.value for act in _BARE if act is not Act.AVAILABILITY)])


class BadEffect(Invalid):
    def __init__(self, text: str, what: str) -> None:
        super().__init__(f"effect is {quoted(text)}: {what}. Effects: {effects_told()}.")


@dataclass(frozen=True)
class Effect:
    """`amount` is 0 where the act has none."""

    act: Act
    amount: float = 0.0

    def __str__(self) -> str:
        return f"{self.act} {self.amount:g}" if self.act in RANGES else self.act.value

    @property
    def factor(self) -> float | None:
        """What the commitment is multiplied with; None for an act that changes which items are taken."""
        match self.act:
            case Act.SCALE:
                return self.amount
            case Act.BUFFER | Act.RESERVE:
                return 1 - self.amount
            case _:
                return None

    @property
    def moves_commitment(self) -> bool:
        return self.factor is not None or self.act is Act.AVAILABILITY


def effect(text: str) -> Effect:
    """From words like `buffer 0.1` or `buffer 10%`. Raises BadEffect."""
    given = line("effect", text, limit=_LONGEST)
    name, _, amount = given.casefold().partition(" ")
    if name not in {act.value for act in Act}:
        raise BadEffect(given, "there is no such effect")
    act = Act(name)
    if act not in RANGES:
        if amount:
            raise BadEffect(given, f"{act} has no amount")
        return Effect(act)
    return Effect(act, _amount(given, act, amount.strip()))


def _amount(given: str, act: Act, words: str) -> float:
    least, most = RANGES[act]
    try:
        amount = float(words.removesuffix("%")) / (100 if words.endswith("%") else 1)
    except ValueError:
        raise BadEffect(given, f"{act} needs an amount from {least:g} to {most:g}") from None
    if not least <= amount <= most:
        raise BadEffect(given, f"the amount of {act} is from {least:g} to {most:g}")
    return amount


def had(effect: Effect, figures: Mapping[str, float], commitment: int) -> bool:
    """Whether a sprint had items that this leaves out, by the figures of its plan."""
    match effect.act:
        case Act.CAP:
            return figures.get("largest_planned", 0.0) > effect.amount
        case Act.LEAVE_OUT_UNESTIMATED:
            return figures.get("unestimated_planned", 0.0) > 0
        case Act.LIMIT_CARRY_OVER:
            return figures.get("carried_planned", 0.0) > effect.amount * commitment
        case _:
            return False


@dataclass(frozen=True)
class Bounds:
    """All learned effects together never more than halve the commitment, or raise it by half."""

    least: int
    most: int

    @staticmethod
    def around(points: int) -> "Bounds":
        return Bounds(ceil(points / 2), floor(1.5 * points))

    def scaled(self, points: int, factor: float) -> int:
        return min(self.most, max(self.least, floor(points * factor + _ABOUT)))
