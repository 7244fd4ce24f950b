"""The decision about a sprint, with all that it was taken from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Self

from scrum.backlog.estimates import usual_points
from scrum.backlog.model import Item
from scrum.forecasting.model import Forecast
from scrum.memory.model import Arm
from scrum.planning.request import PlanRequest
from scrum.planning.situation import Situation
from scrum.planning.value import Worth
from scrum.selection.assignment import Assignment
from scrum.selection.selection import Selection
from scrum.strategies.applying import Arms, Given, Step, reached, steps
from scrum.strategies.model import Status, Strategy
from scrum.team.capacity import Capacity


@dataclass(frozen=True)
class Frame:
    """The sprint to be: its days, what the team can give, what is expected of it, and what strategies have to say.

    `everybody` is the forecast without absences.
    """

    start: date
    end: date
    target: float
    capacity: Capacity
    expected: Forecast
    everybody: Forecast
    given: Given
    arms: Arms

    @property
    def commitment(self) -> int:
        return reached(self.given, self.applied)

    @property
    def applied(self) -> list[Strategy]:
        return [strategy for strategy, arm in self.arms if arm is Arm.APPLIED]

    @property
    def tested(self) -> Strategy | None:
        """The candidate that a coin gives to one of its arms."""
        tossed = (one for one, arm in self.arms if arm is not Arm.SHADOW)
        return next((one for one in tossed if one.status is Status.CANDIDATE), None)

    def turned(self, strategy: Strategy, arm: Arm) -> Self:
        return replace(self, arms=[(one, arm if one == strategy else its) for one, its in self.arms])

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return steps(self.given, self.arms)

    @property
    def hours_per_point(self) -> float:
        """The team's hours over what it completes as likely as not; a cautious commitment makes no item longer."""
        points = max(self.expected.median, self.commitment)
        return self.capacity.hours / points if points else 0.0


@dataclass(frozen=True)
class Guess:
    """What the items without points are taken for where the chances are counted."""

    points: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    situation: Situation
    request: PlanRequest
    frame: Frame
    selection: Selection
    assignment: Assignment
    worth: Mapping[str, Worth]
    strategic: Mapping[str, str] = field(default_factory=dict[str, str])
    """Why strategies leave items out, by key."""

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The selected ones, in backlog order."""
        chosen = frozenset(self.selection.chosen)
        return tuple(item for item in self.situation.candidates if item.key in chosen)

    @cached_property
    def points(self) -> int:
        return sum(item.points or 0 for item in self.items)

    @cached_property
    def guess(self) -> Guess:
        unknown = sum(item.points is None for item in self.items)
        if not unknown:
            return Guess()
        usual = usual_points(self.situation.candidates)
        counted = f"{unknown} items without points are" if unknown > 1 else "1 item without points is"
        each = " each" if unknown > 1 else ""
        return Guess(unknown * usual, (f"{counted} counted as {usual}{each} in the chances.",))

    @property
    def probable_points(self) -> int:
        """With what the items without points are taken for."""
        return self.points + self.guess.points
