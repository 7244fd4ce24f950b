"""Why an item is left out."""

from scrum.selection.selection import Limits, Reason, select
from tests.domain.selection.candidates import item, person, reasons, words


def test_an_excluded_item_says_so() -> None:
    assert reasons(select([item("A")], Limits(9, exclude=frozenset({"A"})))) == {"A": Reason.EXCLUDED}


def test_an_unestimated_item_says_so() -> None:
    assert reasons(select([item("A", None)], Limits(9))) == {"A": Reason.UNESTIMATED}


def test_an_item_above_the_size_cap_says_so() -> None:
    chosen = select([item("A", 8)], Limits(9, max_points=5))

    assert reasons(chosen) == {"A": Reason.TOO_LARGE}
    assert words(chosen, "A") == "8 points, above the size cap of 5"


def test_an_item_that_alone_is_above_the_commitment_says_so() -> None:
    chosen = select([item("A", 13)], Limits(9))

    assert reasons(chosen) == {"A": Reason.TOO_LARGE}
    assert words(chosen, "A") == "13 points, alone above the commitment of 9"


def test_one_point_is_told_as_one() -> None:
    assert words(select([item("A", 1)], Limits(0)), "A") == "1 point, alone above the commitment of 0"


def test_an_item_whose_dependency_cannot_be_chosen_names_it() -> None:
    backlog = [item("A", None), item("B", needs=["A", "GONE"]), item("C", needs=["B"])]

    chosen = select(backlog, Limits(9))

    assert reasons(chosen) == {"A": Reason.UNESTIMATED, "B": Reason.DEPENDENCY, "C": Reason.DEPENDENCY}
    assert words(chosen, "B") == "needs A and GONE, which cannot be in this sprint"
    assert words(chosen, "C") == "needs B, which cannot be in this sprint"


def test_a_skill_that_nobody_has_is_named() -> None:
    chosen = select([item("A", skills=["api", "ios"])], Limits(9, (person("ana", 8, "api"),)))

    assert reasons(chosen) == {"A": Reason.SKILL}
    assert words(chosen, "A") == "nobody has ios"


def test_skills_that_no_one_person_has_together_are_named() -> None:
    team = (person("ana", 8, "api"), person("bo", 8, "web"))

    chosen = select([item("A", skills=["api", "web"])], Limits(9, team))

    assert words(chosen, "A") == "no one person has api and web"


def test_work_without_a_skill_can_lack_hours_too() -> None:
    chosen = select([item("A", hours=9)], Limits(9, (person("ana", 8),)))

    assert words(chosen, "A") == "needs 9 hours of anybody, 8 hours left"


def test_an_item_that_the_rest_of_the_points_is_too_small_for_says_by_how_much() -> None:
    chosen = select([item("A", 8, 9), item("B", 5, 1)], Limits(10))

    assert reasons(chosen) == {"B": Reason.NO_ROOM}
    assert words(chosen, "B") == "needs 5 points, 2 left: 3 too many"


def test_an_item_that_only_fits_without_its_dependency_counts_both() -> None:
    chosen = select([item("A", 7, 9), item("B", 2, 1), item("C", 2, 1, needs=["B"])], Limits(10))

    assert chosen.chosen == ("A", "B")
    chosen = select([item("A", 8, 9), item("B", 2, 1, needs=["C"]), item("C", 1, 1)], Limits(10))
    assert chosen.chosen == ("A", "C")
    chosen = select([item("A", 9, 99), item("B", 1, 1, needs=["C"]), item("C", 2, 1)], Limits(10))
    assert words(chosen, "B") == "with C it needs 3 points, 1 left: 2 too many"


def test_an_item_of_lower_value_says_so_when_the_commitment_is_full() -> None:
    chosen = select([item("A", 5, 9), item("B", 5, 1)], Limits(5))

    assert reasons(chosen) == {"B": Reason.LOWER_VALUE}
