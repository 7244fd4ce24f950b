"""The best content of a sprint, and for everything else what kept it out."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from scrum.backlog.dependencies import check_acyclic
from scrum.errors import Invalid
from scrum.selection.optimum import Optimum, solve
from scrum.selection.problem import Problem
from scrum.selection.remainder import Remainder
from scrum.selection.staffing import SECONDS, Skills, Staff, seconds
from scrum.text import counted


class BadCandidate(Invalid):
    pass


class Impossible(Invalid):
    """What must be included cannot be."""


@dataclass(frozen=True)
class Candidate:
    """`needs`: the keys of its open dependencies. `skills`: one person must have them all."""

    key: str
    points: int | None
    value: int
    needs: frozenset[str]
    skills: frozenset[str]
    hours: float

    def __post_init__(self) -> None:
        sizes = (self.points or 0, self.hours)
        if self.value <= 0 or min(sizes) < 0 or not all(map(math.isfinite, sizes)):
            raise BadCandidate(
                f"{self.key} has value {self.value}, points {self.points} and hours {self.hours}: "
                "a value above 0 is expected, and finite points and hours of at least 0."
            )


@dataclass(frozen=True)
class Person:
    name: str
    hours: float
    skills: frozenset[str]


@dataclass(frozen=True)
class Limits:
    """Without `people` there is no limit on hours or skills; `max_points` caps the size of one item.

    `blocked` are those of `exclude` that are out for nothing but their block.
    """

    points: int
    people: tuple[Person, ...] = ()
    must_include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    max_points: int | None = None
    seconds: float = 5.0


class Reason(StrEnum):
    EXCLUDED = "excluded"
    UNESTIMATED = "unestimated"
    TOO_LARGE = "too_large"
    DEPENDENCY = "dependency"
    SKILL = "skill"
    HOURS = "hours"
    NO_ROOM = "no_room"
    LOWER_VALUE = "lower_value"


@dataclass(frozen=True)
class LeftOut:
    key: str
    reason: Reason
    words: str


@dataclass(frozen=True)
class Selection:
    """`chosen` and `left_out` are in backlog order.

    `gap` is the share of the best possible value that may be missing: 0.0 when the selection is proven optimal.
    `settled` says that ties were broken: among selections of equal value this one prefers the earliest items of
    the backlog (the first in lexicographic order). It is false only when time ran out.
    """

    chosen: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    points: int
    value: int
    optimal: bool
    gap: float
    settled: bool
    forced_points_over: int
    forced_hours_over: float
    nodes: int


def select(candidates: Sequence[Candidate], limits: Limits) -> Selection:
    """Choose the most valuable candidates within the limits. Candidates come in backlog order.

    What must be included is always chosen, with everything it needs and whatever its size, and goes beyond the
    limits where it has to; nothing else uses that extra room.

    Raises:
        BadCandidate: two candidates have the same key.
        DependencyCycle: candidates need each other in a circle.
        Impossible: what must be included is excluded or no candidate, or needs such an item.
    """
    table = _Table(candidates, limits)
    return table.selection(solve(table.problem, limits.seconds))


class _Table:
    def __init__(self, candidates: Sequence[Candidate], limits: Limits) -> None:
        self.limits = limits
        self.by_key = _by_key(candidates)
        check_acyclic({one.key: one.needs & self.by_key.keys() for one in candidates})
        self.staff = Staff.of((one.skills, one.hours) for one in limits.people) if limits.people else None
        self.forced = _forced(self.by_key, limits)
        self.barred = self._barred()
        self.free = [one for one in candidates if one.key not in self.forced and one.key not in self.barred]

    @cached_property
    def forced_points(self) -> int:
        return sum(self.by_key[key].points or 0 for key in self.forced)

    @cached_property
    def problem(self) -> Problem:
        place = {one.key: index for index, one in enumerate(self.free)}
        return Problem(
            values=tuple(one.value for one in self.free),
            points=tuple(one.points or 0 for one in self.free),
            needs=tuple(tuple(sorted(place[key] for key in one.needs if key in place)) for one in self.free),
            room=max(0, self.limits.points - self.forced_points),
            work=tuple((one.skills, seconds(one.hours)) for one in self.free),
            staff=self.staff,
            given=self._given(),
        )

    def selection(self, best: Optimum) -> Selection:
        chosen = {*self.forced, *(self.free[index].key for index in best.chosen)}
        forced_value = sum(self.by_key[key].value for key in self.forced)
        roster = self.problem.roster()
        return Selection(
            chosen=tuple(key for key in self.by_key if key in chosen),
            left_out=tuple(self._left_out(best.chosen)),
            points=sum(self.by_key[key].points or 0 for key in chosen),
            value=forced_value + best.value,
            optimal=best.bound == best.value,
            gap=(best.bound - best.value) / (best.bound + forced_value) if best.bound else 0.0,
            settled=best.settled,
            forced_points_over=max(0, self.forced_points - self.limits.points),
            forced_hours_over=roster.shortage / SECONDS if roster else 0.0,
            nodes=best.nodes,
        )

    def _given(self) -> dict[Skills, int]:
        given: dict[Skills, int] = {}
        for one in (self.by_key[key] for key in self.by_key if key in self.forced):
            given[one.skills] = given.get(one.skills, 0) + seconds(one.hours)
        return given

    def _barred(self) -> dict[str, LeftOut]:
        """Everything that cannot be chosen at all, and why: by itself, or for what it needs."""
        optional = [one for one in self.by_key.values() if one.key not in self.forced]
        barred = {one.key: why for one in optional if (why := self._ruled_out(one))}
        hopeless = self._reached_by(barred)
        for one in optional:
            if one.key in hopeless and one.key not in barred:
                barred[one.key] = self._for_lack_of(one, hopeless)
        return barred

    def _reached_by(self, barred: Mapping[str, LeftOut]) -> set[str]:
        """These keys, the keys of no candidate, and all that need one of them, directly or not."""
        dependents: dict[str, list[str]] = {}
        for one in self.by_key.values():
            for key in one.needs:
                dependents.setdefault(key, []).append(one.key)
        waiting = [*barred, *(key for key in dependents if key not in self.by_key)]
        reached = set(waiting)
        while waiting:
            new = [key for key in dependents.get(waiting.pop(), ()) if key not in reached]
            reached.update(new)
            waiting.extend(new)
        return reached

    def _ruled_out(self, one: Candidate) -> LeftOut | None:
        if one.key in self.limits.exclude:
            return LeftOut(one.key, Reason.EXCLUDED, "excluded from this sprint")
        if one.points is None:
            return LeftOut(one.key, Reason.UNESTIMATED, "no estimate")
        return self._too_large(one, one.points) or self._unskilled(one)

    def _too_large(self, one: Candidate, points: int) -> LeftOut | None:
        cap = self.limits.max_points
        if cap is not None and points > cap:
            return LeftOut(
                one.key, Reason.TOO_LARGE, f"{counted(points, 'point')}, above the size cap of {cap}"
            )
        if points > self.limits.points:
            words = f"{counted(points, 'point')}, alone above the commitment of {self.limits.points}"
            return LeftOut(one.key, Reason.TOO_LARGE, words)
        return None

    def _unskilled(self, one: Candidate) -> LeftOut | None:
        if self.staff is None or self.staff.able(one.skills):
            return None
        missing = self.staff.missing(one.skills)
        words = f"nobody has {_list(missing)}" if missing else f"no one person has {_list(one.skills)}"
        return LeftOut(one.key, Reason.SKILL, words)

    def _for_lack_of(self, one: Candidate, hopeless: set[str]) -> LeftOut:
        words = f"needs {_list(one.needs & hopeless)}, which cannot be in this sprint"
        return LeftOut(one.key, Reason.DEPENDENCY, words)

    def _left_out(self, chosen: frozenset[int]) -> Iterator[LeftOut]:
        rest = Remainder(self.problem, chosen)
        place = {one.key: index for index, one in enumerate(self.free)}
        for key in self.by_key:
            if key in self.barred:
                yield self.barred[key]
            elif key in place and place[key] not in chosen:
                yield self._not_chosen(place[key], rest)

    def _not_chosen(self, index: int, rest: Remainder) -> LeftOut:
        """Hours only where they are what is short: points are what everybody's hours amount to."""
        key = self.free[index].key
        package = self.problem.package(index, rest.chosen)
        needs = f"{self._with(package)}needs"
        points = sum(self.problem.points[item] for item in package)
        room = rest.points or self.problem.room
        lack = rest.lacking(package)
        if lack and (points <= rest.points or rest.scarce(lack[0])):
            skills, amount = lack
            words = f"{needs} {_hours(amount)} of {_list(skills) or 'anybody'}, {_hours(rest.seconds_for(skills))} left"
            return LeftOut(key, Reason.HOURS, words)
        if points > room:
            words = f"{needs} {counted(points, 'point')}, {room} left: {points - room} too many"
            return LeftOut(key, Reason.NO_ROOM, words)
        return LeftOut(key, Reason.LOWER_VALUE, "the commitment is full, and no exchange for it adds value")

    def _with(self, package: list[int]) -> str:
        others = [self.free[item].key for item in sorted(package[1:])]
        return f"with {', '.join(others)} it " if others else ""


def _by_key(candidates: Sequence[Candidate]) -> dict[str, Candidate]:
    by_key = {one.key: one for one in candidates}
    if len(by_key) < len(candidates):
        twice = [key for key, times in Counter(one.key for one in candidates).items() if times > 1]
        raise BadCandidate(f"Listed more than once: {_list(twice)}. Each candidate is expected once.")
    return by_key


def _forced(by_key: Mapping[str, Candidate], limits: Limits) -> frozenset[str]:
    """What must be included, with everything that it needs."""
    waiting = [(key, "") for key in sorted(limits.must_include)]
    forced: set[str] = set()
    for key, wanted_by in waiting:
        if key not in forced:
            _check_possible(key, wanted_by, by_key, limits)
            forced.add(key)
            waiting.extend((needed, key) for needed in sorted(by_key[key].needs))
    return frozenset(forced)


def _check_possible(key: str, wanted_by: str, by_key: Mapping[str, Candidate], limits: Limits) -> None:
    if key in by_key and key not in limits.exclude:
        return
    if key in limits.blocked:
        raise Impossible(
            f"{wanted_by} must be included and needs {key}, which is blocked. "
            f"Unblock {key}, plan with allow=['blocked'], or leave {wanted_by} out of must_include."
        )
    what = "is excluded" if key in limits.exclude else "is not an open item of the backlog"
    if wanted_by:
        raise Impossible(
            f"{wanted_by} must be included and needs {key}, which {what}. "
            f"Leave {wanted_by} out of must_include, or make {key} available."
        )
    raise Impossible(f"{key} must be included, and {what}. Take it out of must_include or out of exclude.")


def _list(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))


def _hours(amount: int) -> str:
    return f"{round(amount / SECONDS, 1):g} hours"
