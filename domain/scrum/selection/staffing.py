"""Who has the hours: work by required skills against people's time, exact in whole seconds.

Each piece of work needs one set of skills and may be shared among everybody who has them all. This is a transport
problem; a flow that places everything exists exactly when, for every set of pools, the work that only they can do
is within their time (Hall's condition).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

Skills = frozenset[str]
SECONDS = 3600


def seconds(hours: float) -> int:
    return round(hours * SECONDS)


@dataclass(frozen=True)
class Staff:
    """People with the same skills are one pool; `pools` maps its skills to its seconds."""

    pools: Mapping[Skills, int]

    @classmethod
    def of(cls, people: Iterable[tuple[Skills, float]]) -> "Staff":
        pools: dict[Skills, int] = {}
        for skills, hours in people:
            pools[skills] = pools.get(skills, 0) + seconds(hours)
        return cls(dict(sorted(pools.items(), key=lambda pool: sorted(pool[0]))))

    def able(self, needed: Skills) -> tuple[Skills, ...]:
        return tuple(pool for pool in self.pools if pool >= needed)

    def missing(self, needed: Skills) -> Skills:
        """Those of the needed skills that nobody has."""
        return needed.difference(*self.pools)


class Roster:
    """Work placed on pools so far. Placing moves earlier work among the pools, but never drops any."""

    def __init__(self, staff: Staff, work: Mapping[Skills, int]) -> None:
        self._able = {needed: staff.able(needed) for needed in work}
        self._staff = staff
        self._spare = dict(staff.pools)
        self._placed: dict[tuple[Skills, Skills], int] = {}
        self.unplaced = {needed: self.place(needed, amount) for needed, amount in work.items()}

    @property
    def shortage(self) -> int:
        return sum(self.unplaced.values())

    def place(self, needed: Skills, amount: int) -> int:
        """Place as much as possible and answer how much found no place."""
        self._able.setdefault(needed, self._staff.able(needed))
        while amount and (path := self._path_to_spare(needed)):
            step = min(amount, self._room_along(path))
            self._shift(path, step)
            amount -= step
        return amount

    def fits(self, work: Mapping[Skills, int]) -> bool:
        """Place all of the work, or nothing of it."""
        done: dict[Skills, int] = {}
        for needed, amount in work.items():
            missing = self.place(needed, amount)
            done[needed] = amount - missing
            if missing:
                self._take_all_back(done)
                return False
        return True

    def could_fit(self, work: Mapping[Skills, int]) -> bool:
        fits = self.fits(work)
        if fits:
            self._take_all_back(work)
        return fits

    def left_for(self, needed: Skills) -> int:
        everything = sum(self._spare.values())
        placed = everything - self.place(needed, everything)
        self._take_back(needed, placed)
        return placed

    def _take_all_back(self, work: Mapping[Skills, int]) -> None:
        for needed, amount in work.items():
            self._take_back(needed, amount)

    def _take_back(self, needed: Skills, amount: int) -> None:
        for pool in self._able[needed]:
            step = min(amount, self._placed.get((needed, pool), 0))
            if step:
                self._shift([(needed, pool)], -step)
                amount -= step

    def bottleneck(self) -> frozenset[Skills]:
        """The pools that are full and that all unplaced work depends on: the violated set of Hall's condition."""
        full: set[Skills] = set()
        for needed, amount in self.unplaced.items():
            if amount:
                full.update(pool for pool, _ in self._search(needed))
        return frozenset(full)

    def _path_to_spare(self, needed: Skills) -> list[tuple[Skills, Skills]]:
        came: dict[Skills, tuple[Skills, Skills | None]] = {}
        for pool, origin in self._search(needed):
            came[pool] = origin
            if self._spare[pool]:
                return _walk_back(pool, came)
        return []

    def _search(self, needed: Skills) -> Iterator[tuple[Skills, tuple[Skills, Skills | None]]]:
        """Pools that can help, nearest first, each with the work that would go there and the pool it would leave."""
        queue: list[tuple[Skills, Skills | None]] = [(needed, None)]
        seen: set[Skills] = set()
        asked: set[Skills] = set()
        for work, leaves in queue:
            if work in asked:
                continue
            asked.add(work)
            for pool in self._able[work]:
                if pool not in seen:
                    seen.add(pool)
                    yield pool, (work, leaves)
                    queue.extend((other, pool) for other in self._able if self._placed.get((other, pool)))

    def _room_along(self, path: list[tuple[Skills, Skills]]) -> int:
        rooms = [self._spare[path[0][1]]]
        rooms.extend(self._placed[work, pool] for (work, _), (_, pool) in pairwise(path))
        return min(rooms)

    def _shift(self, path: list[tuple[Skills, Skills]], step: int) -> None:
        self._spare[path[0][1]] -= step
        for work, pool in path:
            self._placed[work, pool] = self._placed.get((work, pool), 0) + step
        for (work, _), (_, leaves) in pairwise(path):
            self._placed[work, leaves] -= step


def _walk_back(
    pool: Skills, came: Mapping[Skills, tuple[Skills, Skills | None]]
) -> list[tuple[Skills, Skills]]:
    path: list[tuple[Skills, Skills]] = []
    at: Skills | None = pool
    while at is not None:
        work, leaves = came[at]
        path.append((work, at))
        at = leaves
    return path
