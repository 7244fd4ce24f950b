"""Who does what: each chosen item to one person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from scrum.selection.packing import pack
from scrum.selection.selection import Candidate, Person
from scrum.selection.staffing import SECONDS, seconds

MOVED = 40
"""Items that are given out anew when some are left over: of more, the search takes too long."""


class Unplaced(StrEnum):
    NO_SKILL = "no_skill"
    NO_HOURS = "no_hours"


@dataclass(frozen=True)
class Unassigned:
    key: str
    reason: Unplaced
    words: str


@dataclass(frozen=True)
class Assignment:
    """`pairs` (key, name) and `unassigned` are in backlog order."""

    pairs: tuple[tuple[str, str], ...]
    unassigned: tuple[Unassigned, ...]

    @cached_property
    def people(self) -> Mapping[str, str]:
        return dict(self.pairs)

    @property
    def unassigned_keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.unassigned)


def assign(items: Sequence[Candidate], people: Sequence[Person], wishes: Mapping[str, str]) -> Assignment:
    """Give each item to one person who has all its skills and the hours left for it.

    `wishes` maps a key to the name of who should have it; it is followed where that person can. The items that
    fewest people can do go first, then the largest, then backlog order; each goes to the person with the most
    hours left, the first listed among equals. Where that leaves items over that somebody had the hours for, these and
    the smallest others are given out anew: as many as possible, then as many points, and the hours left as even as
    moving single items makes them. Names are expected to be unique.
    """
    board = _Board(people)
    by_hardness = sorted(items, key=board.hardness)
    wished = dict(_kept(board, by_hardness, wishes))
    board, others = _shared(board, [item for item in by_hardness if item.key not in wished])
    given = {**wished, **others}
    return Assignment(
        pairs=tuple((item.key, given[item.key]) for item in items if item.key in given),
        unassigned=tuple(board.unplaced(item) for item in items if item.key not in given),
    )


def _shared(board: "_Board", items: Sequence[Candidate]) -> tuple["_Board", dict[str, str]]:
    """The board after it, and who has what."""
    simple = board.copy()
    given = dict(_one_by_one(simple, items))
    if all(item.key in given or not board.freest(item) for item in items):
        return simple, given
    packed = _packed(board, items, given)
    return (board, packed) if _worth(items, packed) > _worth(items, given) else (simple, given)


def _packed(board: "_Board", items: Sequence[Candidate], simple: Mapping[str, str]) -> dict[str, str]:
    small = _small(items, simple)
    given = dict(_kept(board, [item for item in items if item.key not in small], simple))
    anew = [item for item in items if item.key in small]
    given.update(_kept(board, anew, pack(anew, board.people, board.left)))
    given.update(_one_by_one(board, [item for item in anew if item.key not in given]))
    _even(board, items, given)
    return given


def _small(items: Sequence[Candidate], given: Mapping[str, str]) -> frozenset[str]:
    """What is packed anew: what nobody has, and the smallest of the others, which fill what gaps there are."""
    over = [item.key for item in items if item.key not in given]
    smallest = sorted((item for item in items if item.key in given), key=lambda item: item.hours)
    return frozenset([*over, *(item.key for item in smallest[:MOVED])])


def _worth(items: Sequence[Candidate], given: Mapping[str, str]) -> tuple[int, int]:
    return len(given), sum(item.points or 0 for item in items if item.key in given)


def _one_by_one(board: "_Board", items: Sequence[Candidate]) -> Iterator[tuple[str, str]]:
    for item in items:
        if person := board.freest(item):
            board.take(item, person)
            yield item.key, person.name


def _even(board: "_Board", items: Sequence[Candidate], given: dict[str, str]) -> None:
    """Each move brings the hours that are left to two people nearer to each other."""
    moved = True
    while moved:
        moved = False
        for item in items:
            if item.key in given and (person := board.freer(item, given[item.key])):
                board.move(item, given[item.key], person)
                given[item.key] = person.name
                moved = True


def _kept(
    board: "_Board", items: Sequence[Candidate], wishes: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Those that can be."""
    for item in items:
        person = board.who(wishes.get(item.key, ""))
        if person and person in board.able(item) and board.has_time(item, person):
            board.take(item, person)
            yield item.key, person.name


class _Board:
    """`left` is in whole seconds."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people
        self.left = {person.name: seconds(person.hours) for person in people}
        self._named = {person.name: person for person in people}

    def copy(self) -> "_Board":
        other = _Board(self.people)
        other.left = dict(self.left)
        return other

    def who(self, name: str) -> Person | None:
        return self._named.get(name)

    def hardness(self, item: Candidate) -> tuple[int, float]:
        return len(self.able(item)), -item.hours

    def able(self, item: Candidate) -> list[Person]:
        return [person for person in self._named.values() if person.skills >= item.skills]

    def has_time(self, item: Candidate, person: Person) -> bool:
        return seconds(item.hours) <= self.left[person.name]

    def freest(self, item: Candidate) -> Person | None:
        fit = [person for person in self.able(item) if self.has_time(item, person)]
        return max(fit, key=lambda person: self.left[person.name], default=None)

    def take(self, item: Candidate, person: Person) -> None:
        self.left[person.name] -= seconds(item.hours)

    def freer(self, item: Candidate, than: str) -> Person | None:
        """Who would have more hours left with the item than the other one has without it."""
        person = self.freest(item)
        return person if person and self.left[person.name] - seconds(item.hours) > self.left[than] else None

    def move(self, item: Candidate, name: str, person: Person) -> None:
        self.left[name] += seconds(item.hours)
        self.take(item, person)

    def unplaced(self, item: Candidate) -> Unassigned:
        skills = " and ".join(sorted(item.skills))
        able = self.able(item)
        if not able:
            words = f"nobody has {skills}" if skills else "there is nobody"
            return Unassigned(item.key, Unplaced.NO_SKILL, words)
        most = max(self.left[person.name] for person in able) / SECONDS
        who = f"nobody with {skills}" if skills else "nobody"
        words = f"{who} has {round(item.hours, 1):g} hours left for it; the most is {round(most, 1):g}"
        return Unassigned(item.key, Unplaced.NO_HOURS, words)
