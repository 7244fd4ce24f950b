"""What a selection leaves of the points and the hours."""

from dataclasses import dataclass
from functools import cached_property

from scrum.selection.problem import Problem
from scrum.selection.staffing import Roster, Skills


@dataclass(frozen=True)
class Remainder:
    problem: Problem
    chosen: frozenset[int]

    @cached_property
    def points(self) -> int:
        return self.problem.room - sum(self.problem.points[item] for item in self.chosen)

    @cached_property
    def _roster(self) -> Roster | None:
        roster = self.problem.roster()
        if roster:
            roster.fits(self.problem.demand(self.chosen))
        return roster

    @cached_property
    def _left(self) -> dict[Skills, int]:
        return {}

    def seconds_for(self, skills: Skills) -> int:
        if self._roster and skills not in self._left:
            self._left[skills] = self._roster.left_for(skills)
        return self._left.get(skills, 0)

    def scarce(self, skills: Skills) -> bool:
        """Whether those with these skills have fewer hours left than all together."""
        return self.seconds_for(skills) < self.seconds_for(frozenset())

    def lacking(self, package: list[int]) -> tuple[Skills, int] | None:
        """The work of a package, as skills and seconds, that there are not enough hours for."""
        if self._roster is None:
            return None
        demand = self.problem.demand(package)
        for skills, amount in demand.items():
            if amount > self.seconds_for(skills):
                return skills, amount
        if len(demand) == 1 or self._roster.could_fit(demand):
            return None
        return next(reversed(demand.items()))
