"""What is chosen, by value, hours and skills; what is refused; and what time does to it."""

import os
import subprocess
import sys

import pytest

from scrum.backlog.dependencies import DependencyCycle
from scrum.selection.selection import BadCandidate, Limits, Reason, select
from tests.domain.selection.candidates import item, person, reasons, words

# What is chosen


def test_the_most_valuable_set_wins_over_the_most_valuable_item() -> None:
    backlog = [item("A", 8, 10), item("B", 5, 6), item("C", 5, 6)]

    chosen = select(backlog, Limits(10))

    assert (chosen.chosen, chosen.points, chosen.value) == (("B", "C"), 10, 12)
    assert (chosen.optimal, chosen.gap, chosen.settled) == (True, 0.0, True)


def test_an_empty_backlog_selects_nothing() -> None:
    assert select([], Limits(10)).chosen == ()


def test_everything_is_chosen_when_everything_fits() -> None:
    chosen = select([item("A", 3), item("B", 5, needs=["A"])], Limits(8))

    assert (chosen.chosen, chosen.left_out, chosen.optimal) == (("A", "B"), (), True)


def test_chosen_items_come_in_backlog_order_and_so_do_the_others() -> None:
    backlog = [item("D", 1, 1), item("A", 1, 5), item("C", 1, 1), item("B", 1, 9)]

    chosen = select(backlog, Limits(2))

    assert chosen.chosen == ("A", "B")
    assert [out.key for out in chosen.left_out] == ["D", "C"]


def test_an_item_brings_its_dependency_when_both_together_are_worth_it() -> None:
    backlog = [item("A", 5, 9), item("B", 3, 1), item("C", 3, 10, needs=["B"])]

    assert select(backlog, Limits(6)).chosen == ("B", "C")


def test_equal_values_prefer_the_earliest_items_of_the_backlog() -> None:
    backlog = [item("A", 3, 3), item("B", 2, 2), item("C", 1, 1), item("D", 3, 3)]

    assert select(backlog, Limits(3)).chosen == ("A",)


def test_the_first_items_in_order_are_preferred_even_when_that_takes_fewer_items() -> None:
    backlog = [item("A", 4, 4), item("B", 2, 2), item("C", 2, 2)]

    assert select(backlog, Limits(4)).chosen == ("A",)


def test_a_hundred_equal_items_are_taken_from_the_top() -> None:
    backlog = [item(f"S-{n}", 2, 7) for n in range(100)]

    chosen = select(backlog, Limits(81))

    assert chosen.chosen == tuple(f"S-{n}" for n in range(40))
    assert chosen.settled


# Hours and skills


def test_work_that_several_people_can_do_is_shared_among_them() -> None:
    backlog = [item("A", skills=["api"], hours=8), item("B", hours=8)]

    chosen = select(backlog, Limits(2, (person("ana", 8, "api"), person("bo", 8))))

    assert chosen.chosen == ("A", "B")


def test_one_skill_cannot_take_more_hours_than_those_who_have_it() -> None:
    backlog = [item("A", 1, 5, skills=["api"], hours=8), item("B", 1, 9, skills=["api"], hours=6)]

    chosen = select(backlog, Limits(2, (person("ana", 10, "api"), person("bo", 40, "web"))))

    assert chosen.chosen == ("B",)
    assert reasons(chosen) == {"A": Reason.HOURS}
    assert words(chosen, "A") == "needs 8 hours of api, 4 hours left"


def test_two_skills_of_one_person_share_that_persons_hours() -> None:
    backlog = [item("A", 1, 5, skills=["api"], hours=8), item("B", 1, 9, skills=["web"], hours=8)]

    chosen = select(backlog, Limits(2, (person("ana", 10, "api", "web"),)))

    assert chosen.chosen == ("B",)


def test_without_people_neither_hours_nor_skills_limit() -> None:
    assert select([item("A", skills=["api"], hours=1000)], Limits(1)).chosen == ("A",)


def test_hours_that_fit_to_the_second_fit() -> None:
    backlog = [item(f"S-{n}", skills=["api"], hours=1 / 3) for n in range(30)]

    assert len(select(backlog, Limits(30, (person("ana", 10, "api"),))).chosen) == 30


# What is refused


def test_a_cycle_of_dependencies_is_named() -> None:
    with pytest.raises(DependencyCycle, match="A -> B -> A"):
        select([item("A", needs=["B"]), item("B", needs=["A"])], Limits(9))


def test_a_key_that_is_listed_twice_is_named() -> None:
    with pytest.raises(BadCandidate, match="more than once: A"):
        select([item("A"), item("A")], Limits(9))


@pytest.mark.parametrize(
    ("points", "value", "hours"), [(1, 0, 1.0), (-1, 1, 1.0), (1, 1, -1.0), (1, 1, float("inf"))]
)
def test_a_figure_that_makes_no_sense_is_refused(points: int, value: int, hours: float) -> None:
    with pytest.raises(BadCandidate, match="A has value"):
        item("A", points, value, hours=hours)


# Time


def test_when_there_is_no_time_the_answer_is_feasible_and_claims_no_proof() -> None:
    backlog = [item("A", 6, 8), item("B", 5, 6), item("C", 5, 6)]

    chosen = select(backlog, Limits(10, seconds=0))

    assert (chosen.chosen, chosen.value) == (("A",), 8)
    assert (chosen.optimal, chosen.settled) == (False, False)
    assert 0.25 <= chosen.gap < 0.5


def test_selecting_does_not_load_the_solver_when_everything_fits() -> None:
    code = (
        "import sys; from scrum.selection.selection import Limits, select; "
        "select([], Limits(1)); print('scipy' in sys.modules)"
    )

    assert _in_a_new_process(code) == "False"


def test_the_answer_is_the_same_in_another_process() -> None:
    code = (
        "from scrum.selection.selection import *; "
        "s = [Candidate(f'S-{n}', 1 + n * 7 % 5, 1 + n * 3 % 4, frozenset(), frozenset('ab'[n % 2:]), 1.0)"
        " for n in range(60)]; "
        "print(select(s, Limits(40, (Person('x', 12, frozenset('ab')), Person('y', 9, frozenset('b'))))))"
    )

    assert _in_a_new_process(code, seed="1") == _in_a_new_process(code, seed="2")


def _in_a_new_process(code: str, seed: str = "0") -> str:
    done = subprocess.run(  # noqa: S603 (our own interpreter and text)
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"PYTHONHASHSEED": seed},
    )
    return done.stdout.strip()
