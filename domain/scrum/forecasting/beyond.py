"""Conditions beyond what a history knows: what lies outside counts in proportion, as availability does.

How points follow heads and length is learned from small differences; they say nothing of a team of one that was five.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from scrum.forecasting.model import Conditions
from scrum.sprint.velocity import PastSprint

_SAME = 2.0
"""Lengths from half to twice the usual one are followed by their square root."""


@dataclass(frozen=True)
class _Beyond:
    """How many times as much as what the history knows."""

    factor: float = 1.0
    note: str = ""


def within(coming: Conditions, history: Sequence[PastSprint]) -> tuple[Conditions, tuple[str, ...]]:
    """The nearest conditions that the history knows, whose availability has the rest; and what to say of it."""
    heads, length = _heads(coming, history), _length(coming, history)
    inside = replace(
        coming,
        days=coming.days and coming.days / length.factor,
        working_days=coming.working_days and coming.working_days / length.factor,
        members=coming.members and coming.members / heads.factor,
        availability=coming.availability * heads.factor * length.factor,
    )
    return inside, tuple(beyond.note for beyond in (heads, length) if beyond.note)


def _heads(coming: Conditions, history: Sequence[PastSprint]) -> _Beyond:
    """More heads than ever are followed as they are: nobody is as fast as the others on the first day."""
    seen = [past.members for past in history if past.members]
    if not seen or not coming.members or coming.members >= min(seen):
        return _Beyond()
    told = f"Past sprints had {min(seen)} people or more, this one has {coming.members:g}: points are taken in proportion."
    return _Beyond(coming.members / min(seen), told)


def _length(coming: Conditions, history: Sequence[PastSprint]) -> _Beyond:
    seen, ahead = [past.working_days for past in history if past.working_days], coming.working_days
    if not seen or not ahead:
        seen, ahead = [past.days for past in history if past.days], coming.days
    if not seen or not ahead:
        unknown = "The length of past sprints is not known: they are taken to be as long as this one."
        return _Beyond(note=unknown if history and ahead else "")
    times = ahead / median(seen)
    factor = times / min(max(times, 1 / _SAME), _SAME)
    told = f"It is {times:.2g} times as long as usual: beyond half and twice that, points are taken in proportion."
    return _Beyond(factor, told if factor != 1 else "")
