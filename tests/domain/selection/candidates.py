"""Candidates and people in short, and what a selection says of them."""

from collections.abc import Iterable

from scrum.selection.selection import Candidate, Person, Reason, Selection


def item(
    key: str,
    points: int | None = 1,
    value: int = 1,
    *,
    needs: Iterable[str] = (),
    skills: Iterable[str] = (),
    hours: float = 0,
) -> Candidate:
    return Candidate(key, points, value, frozenset(needs), frozenset(skills), hours)


def person(name: str, hours: float, *skills: str) -> Person:
    return Person(name, hours, frozenset(skills))


def reasons(selection: Selection) -> dict[str, Reason]:
    return {out.key: out.reason for out in selection.left_out}


def words(selection: Selection, key: str) -> str:
    return next(out.words for out in selection.left_out if out.key == key)
