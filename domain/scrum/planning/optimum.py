"""The most valuable set of items, proven: HiGHS for the proof, exact whole numbers for every answer.

HiGHS works in floating point, so nothing of it is taken on trust: an answer counts only when it passes the rules
in whole numbers, and the bound comes from Lagrangian duality, which holds for any multipliers. With that bound
most items are decided before HiGHS has to branch, and what remains is small.
"""

import math
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from scrum.planning.highs import Answer, Box, Floats, Row, Rows, branch, relaxed
from scrum.planning.staffing import SECONDS, Roster, Skills, Staff

CORE = 120
"""Items that stay open in the first, quick solve."""
CHUNK = 20
"""Items whose order of preference one solve settles: powers of two up to 2**19 are exact and well scaled."""


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


@dataclass(frozen=True)
class Optimum:
    """`bound`: no answer is worth more. `settled`: among equals this is the one that backlog order prefers."""

    chosen: frozenset[int]
    value: int
    bound: int
    settled: bool
    nodes: int


def solve(problem: Problem, seconds: float) -> Optimum:
    """Answer the best set; among equals the one that is first in lexicographic order by position.

    Deterministic unless time runs out. Then the best set found so far is the answer, with a bound above its value
    or with `settled` false.
    """
    greedy = fill(problem, frozenset())
    everything = sum(problem.values)
    if problem.value(greedy) == everything:
        return Optimum(greedy, everything, everything, settled=True, nodes=0)
    return _Search(problem, greedy, time.monotonic() + seconds).run()


def fill(problem: Problem, chosen: frozenset[int]) -> frozenset[int]:
    """Add what still fits, most value per point first."""
    taken = set(chosen)
    room = problem.room - sum(problem.points[item] for item in chosen)
    roster = problem.roster()
    if roster:
        roster.fits(problem.demand(chosen))
    for item in sorted(range(len(problem.values)), key=lambda item: (-_density(problem, item), item)):
        if item in taken or problem.points[item] > room:
            continue
        package = problem.package(item, taken)
        points = sum(problem.points[part] for part in package)
        if points <= room and (roster is None or roster.fits(problem.demand(package))):
            taken.update(package)
            room -= points
    return frozenset(taken)


def _density(problem: Problem, item: int) -> float:
    points = problem.points[item]
    return problem.values[item] / points if points else float("inf")


class _Search:
    def __init__(self, problem: Problem, best: frozenset[int], deadline: float) -> None:
        self._problem = problem
        self._deadline = deadline
        self._values = np.array(problem.values, dtype=np.float64)
        self._rows = _rows(problem)
        self._best = best
        self._bound = sum(problem.values)
        self._gains = self._values
        self._nodes = 0

    def run(self) -> Optimum:
        self._relax()
        if self._bound > self._value:
            self._prove()
        settled = self._bound == self._value and self._settle()
        return Optimum(self._best, self._value, self._bound, settled, self._nodes)

    @property
    def _value(self) -> int:
        return self._problem.value(self._best)

    def _relax(self) -> None:
        """Bound the value by the linear relaxation, and keep what each item gains beyond its price."""
        shares, prices = relaxed(self._values, self._rows)
        while row := self._problem.overbooked(shares):
            self._rows = self._rows.plus(row)
            shares, prices = relaxed(self._values, self._rows)
        self._gains = self._values - self._rows.priced(prices)
        self._ceiling = float(prices @ self._rows.limits + np.maximum(self._gains, 0).sum())
        self._ceiling += 1e-6 + 1e-9 * abs(self._ceiling)
        self._bound = min(self._bound, math.floor(self._ceiling))

    def _prove(self) -> None:
        core = self._core()
        proven = self._improve(core).proven
        left = self._undecided()
        if proven and left.within(core):
            self._bound = self._value
            return
        answer = self._improve(left)
        if answer.proven:
            self._bound = self._value
        elif math.isfinite(answer.bound):
            self._bound = max(self._value, min(self._bound, math.floor(answer.bound + 1e-6)))

    def _core(self) -> Box:
        distances = np.abs(self._gains)
        radius = np.partition(distances, CORE)[CORE] if len(distances) > CORE else np.inf
        return Box(np.where(self._gains > radius, 1.0, 0.0), np.where(self._gains < -radius, 0.0, 1.0))

    def _undecided(self) -> Box:
        """Leave open what a set at least as good as the best one could still decide either way."""
        without = np.floor(self._ceiling - np.maximum(self._gains, 0))
        including = np.floor(self._ceiling + np.minimum(self._gains, 0))
        return Box(
            np.where(without < self._value, 1.0, 0.0),
            np.where(including < self._value, 0.0, 1.0),
        )

    def _improve(self, box: Box) -> Answer:
        answer = self._branch(self._values, box)
        if answer.chosen is not None:
            full = fill(self._problem, answer.chosen)
            self._best = max(self._best, full, key=self._problem.value)
        return answer

    def _branch(self, worth: Floats, box: Box, extra: Row | None = None) -> Answer:
        """Maximise within the box. An answer that breaks a rule in whole numbers does not count."""
        while True:
            rows = self._rows.plus(extra) if extra else self._rows
            answer = branch(worth, rows, box, self._deadline - time.monotonic())
            self._nodes += answer.nodes
            if answer.chosen is None or self._problem.allows(answer.chosen):
                return answer
            row = self._problem.overbooked(_shares(answer.chosen, len(worth)))
            if row is None:
                return answer.refused()
            self._rows = self._rows.plus(row)

    def _settle(self) -> bool:
        """Make the best set the first in lexicographic order, a chunk of items at a time."""
        value = self._value
        keep = Row(range(len(self._values)), -self._values, -value)
        box = self._narrowed(self._undecided(), value)
        while len(chunk := box.open[:CHUNK]):
            worth = np.zeros(len(self._values))
            worth[chunk] = 2.0 ** np.arange(len(chunk) - 1, -1, -1)
            answer = self._branch(worth, box, keep)
            if not answer.proven or answer.chosen is None or self._problem.value(answer.chosen) != value:
                return False
            self._best = answer.chosen
            box = self._narrowed(box.fixed(chunk, _shares(answer.chosen, len(worth))[chunk]), value)
        return True

    def _narrowed(self, box: Box, value: int) -> Box:
        """Close what is larger than the room, or worth more than the value, that the taken items leave."""
        points = np.array(self._problem.points, dtype=np.float64)
        taken = box.low > 0
        room = self._problem.room - points[taken].sum()
        missing = value - self._values[taken].sum()
        hopeless = ~taken & ((points > room) | (self._values > missing))
        return box.fixed(np.flatnonzero(hopeless), 0.0)


def _rows(problem: Problem) -> Rows:
    everything = range(len(problem.values))
    order = [Row([item, needed], [1.0, -1.0], 0.0) for item in everything for needed in problem.needs[item]]
    return Rows.of([Row(everything, problem.points, problem.room), *order], len(everything))


def _shares(chosen: frozenset[int], count: int) -> Floats:
    shares = np.zeros(count)
    shares[list(chosen)] = 1.0
    return shares
