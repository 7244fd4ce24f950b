"""A choice among items, with the rules that every answer has to keep in whole numbers."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scrum.selection.highs import Floats, Row
from scrum.selection.staffing import SECONDS, Roster, Skills, Staff


@dataclass(frozen=True)
class Problem:
    """Items by position. `given` is the work that is placed first, and is allowed to exceed people's time."""

    values: tuple[int, ...]
    points: tuple[int, ...]
    needs: tuple[tuple[int, ...], ...]
    room: int
    work: tuple[tuple[Skills, int], ...]
    staff: Staff | None
    given: Mapping[Skills, int]

    def value(self, chosen: Iterable[int]) -> int:
        return sum(self.values[item] for item in chosen)

    def roster(self) -> Roster | None:
        return Roster(self.staff, self.given) if self.staff else None

    def package(self, item: int, taken: Collection[int]) -> list[int]:
        """The item and whatever it needs, directly or not, that is not taken yet."""
        found = {item: None}
        ahead = [item]
        while ahead:
            for needed in self.needs[ahead.pop()]:
                if needed not in taken and needed not in found:
                    found[needed] = None
                    ahead.append(needed)
        return list(found)

    def overbooked(self, shares: Floats) -> Row | None:
        """The set of pools that these shares of the items ask most too much of, as a row that forbids it."""
        if self.staff is None:
            return None
        allowed = Roster(self.staff, self.given).shortage
        total = Roster(self.staff, self._work_of(shares))
        if total.shortage <= allowed:
            return None
        full = total.bottleneck()
        limit = allowed + sum(self.staff.pools[pool] for pool in full)
        limit -= sum(amount for skills, amount in self.given.items() if self._only(skills, full))
        bound = [item for item, (skills, _) in enumerate(self.work) if self._only(skills, full)]
        return Row(bound, [self.work[item][1] / SECONDS for item in bound], limit / SECONDS)

    def _work_of(self, shares: Floats) -> dict[Skills, int]:
        total: dict[Skills, float] = dict(self.given)
        for item in np.flatnonzero(shares):
            skills, amount = self.work[item]
            total[skills] = total.get(skills, 0) + amount * float(shares[item])
        return {skills: math.floor(amount) for skills, amount in total.items()}

    def _only(self, skills: Skills, pools: Collection[Skills]) -> bool:
        return self.staff is not None and all(pool in pools for pool in self.staff.able(skills))

    def demand(self, items: Iterable[int]) -> dict[Skills, int]:
        total: dict[Skills, int] = {}
        for item in items:
            skills, amount = self.work[item]
            total[skills] = total.get(skills, 0) + amount
        return total

    def allows(self, chosen: frozenset[int]) -> bool:
        if sum(self.points[item] for item in chosen) > self.room:
            return False
        if any(needed not in chosen for item in chosen for needed in self.needs[item]):
            return False
        roster = self.roster()
        return roster is None or roster.fits(self.demand(chosen))


def fill(problem: Problem, chosen: frozenset[int], order: Sequence[int]) -> frozenset[int]:
    """Add what still fits, in this order, each item with what it needs if that is in the order as well."""
    taken, among = set(chosen), set(order)
    room = problem.room - sum(problem.points[item] for item in chosen)
    roster = problem.roster()
    if roster:
        roster.fits(problem.demand(chosen))
    for item in order:
        if item in taken or problem.points[item] > room:
            continue
        package = problem.package(item, taken)
        points = sum(problem.points[part] for part in package)
        fits = points <= room and among.issuperset(package)
        if fits and (roster is None or roster.fits(problem.demand(package))):
            taken.update(package)
            room -= points
    return frozenset(taken)


def by_density(problem: Problem) -> list[int]:
    """Most value per point first."""
    return sorted(range(len(problem.values)), key=lambda item: (-_density(problem, item), item))


def _density(problem: Problem, item: int) -> float:
    points = problem.points[item]
    return problem.values[item] / points if points else math.inf
