"""Linear programs over items that are taken or not, solved by HiGHS.

scipy is imported where it is used: its import takes longer than most solves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
_SOLVED = 0


@dataclass(frozen=True, eq=False)
class Row:
    """The coefficients of these columns sum to at most the limit."""

    columns: Sequence[int]
    coefficients: Sequence[float] | Floats
    limit: float


@dataclass(frozen=True, eq=False)
class Rows:
    matrix: "csr_array[np.float64]"
    limits: Floats

    @classmethod
    def of(cls, rows: Sequence[Row], columns: int) -> "Rows":
        from scipy.sparse import csr_array  # noqa: PLC0415 (see above)

        data = np.concatenate([np.asarray(row.coefficients, dtype=np.float64) for row in rows])
        indices = np.concatenate([np.asarray(row.columns, dtype=np.int32) for row in rows])
        starts = np.array([0, *accumulate(len(row.columns) for row in rows)], dtype=np.int32)
        matrix = csr_array((data, indices, starts), shape=(len(rows), columns), dtype=np.float64)
        return cls(matrix, np.array([row.limit for row in rows], dtype=np.float64))

    def plus(self, row: Row) -> "Rows":
        from scipy.sparse import vstack  # noqa: PLC0415 (see above)

        one = Rows.of([row], self.matrix.shape[1])
        matrix = vstack([self.matrix, one.matrix], format="csr")
        return Rows(matrix, np.concatenate([self.limits, one.limits]))

    def priced(self, prices: Floats) -> Floats:
        """What each column costs when a unit of each row costs its price."""
        return np.asarray(self.matrix.T.dot(prices), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Box:
    """Bounds of each column: 0 to 1 where it is open, equal where it is decided."""

    low: Floats
    high: Floats

    @property
    def open(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.low < self.high)

    def within(self, other: "Box") -> bool:
        return bool(np.all(self.low >= other.low) and np.all(self.high <= other.high))

    def fixed(self, columns: NDArray[np.intp], at: Floats | float) -> "Box":
        low, high = self.low.copy(), self.high.copy()
        low[columns] = at
        high[columns] = at
        return Box(low, high)


@dataclass(frozen=True)
class Answer:
    """`bound`: nothing in the box is worth more, as far as HiGHS proved it."""

    chosen: frozenset[int] | None
    proven: bool
    bound: float
    nodes: int

    def refused(self) -> "Answer":
        return replace(self, chosen=None, proven=False)


def relaxed(worth: Floats, rows: Rows) -> tuple[Floats, Floats]:
    """Answer each column's share in the best mix of parts, and the price of a unit of each row (never negative).

    The prices are worth something even where HiGHS failed: any prices give a valid bound.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 (see above)

    matrix = cast("Any", rows.matrix)  # linprog takes sparse matrices; its stub does not know
    solved = linprog(-worth, A_ub=matrix, b_ub=rows.limits, bounds=(0, 1), method="highs")
    if solved.x is None:
        return np.zeros(len(worth)), np.zeros(len(rows.limits))
    return solved.x, np.maximum(0, -solved.ineqlin.marginals)


def branch(worth: Floats, rows: Rows, box: Box, seconds: float) -> Answer:
    """Maximise the worth of whole columns within the box, to proven optimality where the time allows it."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 (see above)

    if seconds <= 0:
        return Answer(None, proven=False, bound=np.inf, nodes=0)
    solved = milp(
        -worth,
        integrality=np.ones(len(worth), dtype=np.int8),
        bounds=Bounds(box.low, box.high),
        constraints=LinearConstraint(rows.matrix, -np.inf, rows.limits),
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )
    chosen = None if solved.x is None else frozenset(np.flatnonzero(np.rint(solved.x)).tolist())
    bound = np.inf if solved.mip_dual_bound is None else -solved.mip_dual_bound
    return Answer(chosen, solved.status == _SOLVED, bound, solved.mip_node_count or 0)


def counted(worth: Floats, rows: Rows, most: Floats, nodes: int) -> list[int]:
    """How many to take of each column, at most so many, for the most worth that so many nodes find."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 (see above)

    solved = milp(
        -worth,
        integrality=np.ones(len(worth), dtype=np.int8),
        bounds=Bounds(np.zeros(len(worth)), most),
        constraints=LinearConstraint(rows.matrix, -np.inf, rows.limits),
        options={"mip_rel_gap": 0.0, "node_limit": nodes},
    )
    return [0] * len(worth) if solved.x is None else np.rint(solved.x).astype(int).tolist()
