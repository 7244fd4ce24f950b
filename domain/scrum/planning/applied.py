"""What strategies make of a request: the items that they leave out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scrum.backlog.model import Item
from scrum.memory.model import Arm
from scrum.planning.request import Allow, PlanRequest
from scrum.planning.situation import Situation
from scrum.strategies.applying import Arms
from scrum.strategies.effects import Act
from scrum.strategies.model import Strategy
from scrum.text import named


@dataclass(frozen=True)
class Narrowed:
    """The request as it is solved; `why` has the words for items that only a strategy leaves out."""

    request: PlanRequest
    why: Mapping[str, str]


def narrowed(situation: Situation, request: PlanRequest, arms: Arms, commitment: int) -> Narrowed:
    """What the caller must have stays in, and what was promised too."""
    why: dict[str, str] = {}
    for strategy in (strategy for strategy, arm in arms if arm is Arm.APPLIED):
        for item in _left_out(strategy, situation.candidates, request, commitment):
            if item.key not in request.must_include | request.exclude and not item.pinned:
                why.setdefault(item.key, f"left out by {named(strategy.name)} ({strategy.rule})")
    return Narrowed(replace(request, exclude=request.exclude | why.keys()), why)


def _left_out(
    strategy: Strategy, items: Sequence[Item], request: PlanRequest, commitment: int
) -> Iterator[Item]:
    match strategy.effect.act:
        case Act.CAP:
            yield from (item for item in items if (item.points or 0) > strategy.effect.amount)
        case Act.LEAVE_OUT_UNESTIMATED if Allow.UNESTIMATED in request.allow:
            yield from (item for item in items if item.points is None)
        case Act.LIMIT_CARRY_OVER:
            yield from _beyond(items, strategy.effect.amount * commitment)
        case _:
            return


def _beyond(items: Sequence[Item], room: float) -> Iterator[Item]:
    """Items that were carried over, in their order, for which these points have no room."""
    for item in (item for item in items if item.carried):
        room -= item.points or 0
        if room < 0:
            yield item
