"""What must be included comes in, with what it needs, and takes the room of others."""

import pytest

from scrum.selection.selection import Impossible, Limits, select
from tests.domain.selection.candidates import item, person, words


def test_a_must_comes_with_what_it_needs_and_leaves_less_room() -> None:
    backlog = [item("A", 3, 9), item("B", 2, 1), item("C", 2, 1, needs=["B"])]

    chosen = select(backlog, Limits(5, must_include=frozenset({"C"})))

    assert chosen.chosen == ("B", "C")
    assert chosen.forced_points_over == 0
    assert words(chosen, "A") == "needs 3 points, 1 left: 2 too many"


def test_musts_above_the_commitment_are_chosen_and_nothing_else_uses_their_room() -> None:
    backlog = [item("A", 13, 1), item("B", 1, 9), item("C", 0, 1)]

    chosen = select(backlog, Limits(8, must_include=frozenset({"A"})))

    assert chosen.chosen == ("A", "C")
    assert (chosen.points, chosen.forced_points_over) == (13, 5)


def test_musts_above_the_hours_are_chosen_and_nothing_else_uses_their_hours() -> None:
    backlog = [
        item("A", skills=["api"], hours=14),
        item("B", skills=["api"], hours=1),
        item("C", skills=["web"], hours=10),
        item("D", skills=["web"], hours=1),
    ]
    team = (person("ana", 10, "api"), person("bo", 10, "web"))

    chosen = select(backlog, Limits(99, team, must_include=frozenset({"A"})))

    assert chosen.chosen == ("A", "C")
    assert chosen.forced_hours_over == 4.0
    assert words(chosen, "D") == "needs 1 hours of web, 0 hours left"


def test_a_must_that_nobody_can_do_is_chosen_and_its_hours_are_over() -> None:
    chosen = select(
        [item("A", skills=["ios"], hours=3)],
        Limits(9, (person("ana", 8, "api"),), must_include=frozenset({"A"})),
    )

    assert (chosen.chosen, chosen.forced_hours_over) == (("A",), 3.0)


def test_an_unestimated_must_counts_no_points() -> None:
    chosen = select([item("A", None), item("B", 5)], Limits(5, must_include=frozenset({"A"})))

    assert (chosen.chosen, chosen.points) == (("A", "B"), 5)


def test_a_must_may_be_larger_than_the_size_cap() -> None:
    chosen = select([item("A", 8)], Limits(9, must_include=frozenset({"A"}), max_points=5))

    assert chosen.chosen == ("A",)


@pytest.mark.parametrize(
    ("must", "exclude", "told"),
    [
        ("X", "", "X must be included, and is not an open item"),
        ("A", "A", "A must be included, and is excluded"),
        ("B", "A", "B must be included and needs A, which is excluded"),
        ("C", "", "C must be included and needs GONE, which is not an open item"),
    ],
)
def test_a_must_that_cannot_be_is_refused_by_name(must: str, exclude: str, told: str) -> None:
    backlog = [item("A"), item("B", needs=["A"]), item("C", needs=["GONE"])]
    limits = Limits(9, must_include=frozenset({must}), exclude=frozenset({exclude} - {""}))

    with pytest.raises(Impossible, match=told):
        select(backlog, limits)
