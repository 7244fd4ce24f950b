"""The most valuable set of items, proven: HiGHS for the proof, exact whole numbers for every answer.

HiGHS works in floating point, so nothing of it is taken on trust: an answer counts only when it passes the rules
in whole numbers, and the bound comes from Lagrangian duality, which holds for any multipliers. With that bound
most items are decided before HiGHS has to branch, and what remains is small.
"""

import math
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scrum.selection.highs import Answer, Box, Floats, Row, Rows, branch, relaxed
from scrum.selection.problem import Problem, by_density, fill

CORE = 120
"""Items that stay open in the first, quick solve."""
CHUNK = 20
"""Items whose order of preference one solve settles: powers of two up to 2**19 are exact and well scaled."""
SPARED = 4
"""The last items of an eager set, which have to make the sum come out."""


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
    greedy = fill(problem, frozenset(), by_density(problem))
    everything = sum(problem.values)
    if problem.value(greedy) == everything:
        return Optimum(greedy, everything, everything, settled=True, nodes=0)
    return _Search(problem, greedy, time.monotonic() + seconds).run()


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
        size = CORE
        core, answer = self._try_core(size)
        while answer.chosen is None and size < len(self._values):
            size *= 4
            core, answer = self._try_core(size)
        left = self._undecided()
        if not (answer.proven and left.within(core)):
            answer = self._improve(left)
        if answer.proven:
            self._bound = self._value
        elif math.isfinite(answer.bound):
            self._bound = max(self._value, min(self._bound, math.floor(answer.bound + 1e-6)))

    def _try_core(self, size: int) -> tuple[Box, Answer]:
        """Decide all items but those whose gain is nearest to nothing. This may leave no answer at all."""
        distances = np.abs(self._gains)
        radius = np.partition(distances, size)[size] if len(distances) > size else np.inf
        core = Box(np.where(self._gains > radius, 1.0, 0.0), np.where(self._gains < -radius, 0.0, 1.0))
        return core, self._improve(core)

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
            full = fill(self._problem, answer.chosen, by_density(self._problem))
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
        """Make the best set the first in lexicographic order, a chunk of items at a time.

        Taking whatever fits, in order, comes before every allowed set. So what it decides is right wherever it
        still leads to the best value, and it is tried ahead as far as that has worked lately.
        """
        value, ahead = self._value, len(self._values)
        keep = Row(range(len(self._values)), -self._values, -value)
        box = self._narrowed(self._undecided(), value)
        while len(box.open):
            eager = self._eager(box)
            if self._problem.value(eager) == value and self._problem.allows(eager):
                self._best = eager
                return True
            start = _agreed(box, eager, ahead)
            found = self._first(start, keep)
            if found is None and start is not box:
                ahead = min(ahead, len(eager)) // 4
                continue
            if found is None or self._problem.value(found) != value:
                return False
            self._best = found
            ahead = max(2 * ahead, CHUNK) if _same(start.open[:CHUNK], found, eager) else ahead // 2
            box = self._narrowed(_decided(start, found), value)
        return True

    def _first(self, box: Box, keep: Row) -> frozenset[int] | None:
        """The set in the box whose next open items are the first in order, or None: nothing, or no time."""
        worth = np.zeros(len(self._values))
        chunk = box.open[:CHUNK]
        worth[chunk] = 2.0 ** np.arange(len(chunk) - 1, -1, -1)
        answer = self._branch(worth, box, keep)
        return answer.chosen if answer.proven else None

    def _eager(self, box: Box) -> frozenset[int]:
        taken = set(np.flatnonzero(box.low).tolist())
        for item in sorted(taken):
            taken.update(self._problem.package(item, taken))
        return fill(self._problem, frozenset(taken), box.open.tolist())

    def _narrowed(self, box: Box, value: int) -> Box:
        """Close what is larger than the room, or worth more than the value, that the taken items leave."""
        points = np.array(self._problem.points, dtype=np.float64)
        taken = box.low > 0
        room = self._problem.room - points[taken].sum()
        missing = value - self._values[taken].sum()
        hopeless = ~taken & ((points > room) | (self._values > missing))
        return box.fixed(np.flatnonzero(hopeless), 0.0)


def _agreed(box: Box, eager: frozenset[int], ahead: int) -> Box:
    """Decide the open items as the eager set does, up to this many that it takes but never to its end."""
    taken = [place for place, item in enumerate(box.open.tolist()) if item in eager]
    count = min(ahead, len(taken) - SPARED)
    if count < SPARED:
        return box
    settled = box.open[: taken[count]]
    return box.fixed(settled, _shares(eager, len(box.low))[settled])


def _decided(box: Box, found: frozenset[int]) -> Box:
    chunk = box.open[:CHUNK]
    return box.fixed(chunk, _shares(found, len(box.low))[chunk])


def _same(items: NDArray[np.intp], one: frozenset[int], other: frozenset[int]) -> bool:
    return all((item in one) == (item in other) for item in items.tolist())


def _rows(problem: Problem) -> Rows:
    everything = range(len(problem.values))
    order = [Row([item, needed], [1.0, -1.0], 0.0) for item in everything for needed in problem.needs[item]]
    return Rows.of([Row(everything, problem.points, problem.room), *order], len(everything))


def _shares(chosen: frozenset[int], count: int) -> Floats:
    shares = np.zeros(count)
    shares[list(chosen)] = 1.0
    return shares
