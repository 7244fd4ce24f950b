"""Who does what: each chosen item to one person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from scrum.selection.selection import Candidate, Person
from scrum.selection.staffing import SECONDS, seconds


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
    hours left, the first listed among equals. Names are expected to be unique.
    """
    board = _Board(people)
    by_hardness = sorted(items, key=board.hardness)
    given = dict(_wished(board, by_hardness, wishes))
    for item in by_hardness:
        if item.key not in given and (person := board.freest(item)):
            board.take(item, person)
            given[item.key] = person.name
    return Assignment(
        pairs=tuple((item.key, given[item.key]) for item in items if item.key in given),
        unassigned=tuple(board.unplaced(item) for item in items if item.key not in given),
    )


def _wished(
    board: "_Board", items: Sequence[Candidate], wishes: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for item in items:
        person = board.who(wishes.get(item.key, ""))
        if person and person in board.able(item) and board.has_time(item, person):
            board.take(item, person)
            yield item.key, person.name


class _Board:
    """Hours left, in whole seconds."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = {person.name: person for person in people}
        self._left = {person.name: seconds(person.hours) for person in people}

    def who(self, name: str) -> Person | None:
        return self._people.get(name)

    def hardness(self, item: Candidate) -> tuple[int, float]:
        return len(self.able(item)), -item.hours

    def able(self, item: Candidate) -> list[Person]:
        return [person for person in self._people.values() if person.skills >= item.skills]

    def has_time(self, item: Candidate, person: Person) -> bool:
        return seconds(item.hours) <= self._left[person.name]

    def freest(self, item: Candidate) -> Person | None:
        fit = [person for person in self.able(item) if self.has_time(item, person)]
        return max(fit, key=lambda person: self._left[person.name], default=None)

    def take(self, item: Candidate, person: Person) -> None:
        self._left[person.name] -= seconds(item.hours)

    def unplaced(self, item: Candidate) -> Unassigned:
        skills = " and ".join(sorted(item.skills))
        able = self.able(item)
        if not able:
            words = f"nobody has {skills}" if skills else "there is nobody"
            return Unassigned(item.key, Unplaced.NO_SKILL, words)
        most = max(self._left[person.name] for person in able) / SECONDS
        who = f"nobody with {skills}" if skills else "nobody"
        words = f"{who} has {round(item.hours, 1):g} hours left for it; the most is {round(most, 1):g}"
        return Unassigned(item.key, Unplaced.NO_HOURS, words)
