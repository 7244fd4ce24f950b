"""What a caller asks of the planner."""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self

from scrum.backlog.model import UnknownItem
from scrum.errors import Invalid
from scrum.planning.situation import Situation
from scrum.sprint.model import GOAL
from scrum.team.calendar import LONGEST
from scrum.team.project import OutOfRange
from scrum.text import choices, line, quoted

MOST_DAYS = 90


class Allow(StrEnum):
    """Items that are left out unless they are asked for."""

    UNESTIMATED = "unestimated"
    BLOCKED = "blocked"


class InThePast(Invalid):
    def __init__(self, start: date, today: date) -> None:
        super().__init__(f"start is {start}, before today ({today}). Give a day from today on.")


class TooFarAhead(Invalid):
    def __init__(self, start: date, today: date) -> None:
        last = today + timedelta(LONGEST - 1)
        super().__init__(
            f"start is {start}, more than a year ahead. Give a day from today ({today}) to {last}."
        )


class BothWays(Invalid):
    def __init__(self, keys: list[str]) -> None:
        super().__init__(
            f"{choices(map(quoted, keys))} stands in must_include and in exclude. Take it out of one."
        )


@dataclass(frozen=True)
class PlanRequest:
    """None takes the project's value: the next working day, its sprint length and confidence."""

    goal: str = ""
    start: date | None = None
    days: int | None = None
    must_include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    target_confidence: float | None = None
    allow: frozenset[Allow] = frozenset()
    max_points: int | None = None

    def checked(self, situation: Situation, today: date) -> Self:
        """With a clean goal.

        Raises:
            Invalid: a value breaks a rule.
            UnknownItem: an item that it names is not in the open backlog.
        """
        goal = line("goal", self.goal, limit=GOAL)
        if self.days is not None and not 1 <= self.days <= MOST_DAYS:
            raise OutOfRange("days", self.days, 1, MOST_DAYS)
        if self.target_confidence is not None and not 0.05 <= self.target_confidence <= 0.95:  # noqa: PLR2004 - stated in the error
            raise OutOfRange("target_confidence", self.target_confidence, 0.05, 0.95)
        if self.max_points is not None and self.max_points < 1:
            raise OutOfRange("max_points", self.max_points, 1, 1000)
        self._check_start(today)
        self._check_items(situation)
        return replace(self, goal=goal)

    def facts(self) -> dict[str, Any]:
        """As plain values, for the hash."""
        return {
            name: sorted(value) if isinstance(value, frozenset) else str(value)  # pyright: ignore[reportUnknownArgumentType]
            for name, value in asdict(self).items()
        }

    def _check_start(self, today: date) -> None:
        if self.start is None:
            return
        if self.start < today:
            raise InThePast(self.start, today)
        if (self.start - today).days >= LONGEST:
            raise TooFarAhead(self.start, today)

    def _check_items(self, situation: Situation) -> None:
        if both := sorted(self.must_include & self.exclude):
            raise BothWays(both)
        open_keys = {item.key for item in situation.candidates}
        if missing := sorted((self.must_include | self.exclude) - open_keys):
            raise UnknownItem(missing, f"The open backlog of {situation.project.key}")
