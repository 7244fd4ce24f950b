import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrum.backlog.dependencies import DependencyCycle
from scrum.planning.selection import (
    BadCandidate,
    Candidate,
    Impossible,
    Limits,
    Person,
    Reason,
    Selection,
    select,
)
from tests.requirements import requirement

SKILLS = ("api", "ops", "web")


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


# What must be included


def test_a_must_comes_with_what_it_needs_and_leaves_less_room() -> None:
    backlog = [item("A", 3, 9), item("B", 2, 1), item("C", 2, 1, needs=["B"])]

    chosen = select(backlog, Limits(5, must_include=frozenset({"C"})))

    assert chosen.chosen == ("B", "C")
    assert chosen.forced_points_over == 0
    assert words(chosen, "A") == "needs 3 points where 1 are left: 2 too many"


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


# Why an item is left out


def test_an_excluded_item_says_so() -> None:
    assert reasons(select([item("A")], Limits(9, exclude=frozenset({"A"})))) == {"A": Reason.EXCLUDED}


def test_an_unestimated_item_says_so() -> None:
    assert reasons(select([item("A", None)], Limits(9))) == {"A": Reason.UNESTIMATED}


def test_an_item_above_the_size_cap_says_so() -> None:
    chosen = select([item("A", 8)], Limits(9, max_points=5))

    assert reasons(chosen) == {"A": Reason.TOO_LARGE}
    assert words(chosen, "A") == "8 points are above the size cap of 5"


def test_an_item_that_alone_is_above_the_commitment_says_so() -> None:
    chosen = select([item("A", 13)], Limits(9))

    assert reasons(chosen) == {"A": Reason.TOO_LARGE}
    assert words(chosen, "A") == "13 points alone are above the commitment of 9"


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
    assert words(chosen, "B") == "needs 5 points where 2 are left: 3 too many"


def test_an_item_that_only_fits_without_its_dependency_counts_both() -> None:
    chosen = select([item("A", 7, 9), item("B", 2, 1), item("C", 2, 1, needs=["B"])], Limits(10))

    assert chosen.chosen == ("A", "B")
    chosen = select([item("A", 8, 9), item("B", 2, 1, needs=["C"]), item("C", 1, 1)], Limits(10))
    assert chosen.chosen == ("A", "C")
    chosen = select([item("A", 9, 99), item("B", 1, 1, needs=["C"]), item("C", 2, 1)], Limits(10))
    assert words(chosen, "B") == "with C it needs 3 points where 1 are left: 2 too many"


def test_an_item_of_lower_value_says_so_when_the_commitment_is_full() -> None:
    chosen = select([item("A", 5, 9), item("B", 5, 1)], Limits(5))

    assert reasons(chosen) == {"B": Reason.LOWER_VALUE}


# Time


def test_when_there_is_no_time_the_answer_is_feasible_and_claims_no_proof() -> None:
    backlog = [item("A", 6, 8), item("B", 5, 6), item("C", 5, 6)]

    chosen = select(backlog, Limits(10, seconds=0))

    assert (chosen.chosen, chosen.value) == (("A",), 8)
    assert (chosen.optimal, chosen.settled) == (False, False)
    assert 0.25 <= chosen.gap < 0.5


def test_selecting_does_not_load_the_solver_when_everything_fits() -> None:
    code = (
        "import sys; from scrum.planning.selection import Limits, select; "
        "select([], Limits(1)); print('scipy' in sys.modules)"
    )

    assert _in_a_new_process(code) == "False"


def test_the_answer_is_the_same_in_another_process() -> None:
    code = (
        "from scrum.planning.selection import *; "
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


# Against brute force


@st.composite
def instances(draw: st.DrawFn) -> tuple[list[Candidate], Limits]:
    count = draw(st.integers(1, 9))
    keys = [f"S-{n}" for n in range(count)]
    order = draw(st.permutations(range(count)))
    backlog = [
        item(
            key,
            draw(st.sampled_from([0, 1, 1, 2, 3, 5, 8, None])),
            draw(st.integers(1, 6)),
            needs=draw(_some_of([keys[n] for n in range(count) if order[n] < order[here]], most=2)),
            skills=draw(_some_of(SKILLS, most=2)),
            hours=draw(st.sampled_from([0, 0.5, 1, 2, 3.25])),
        )
        for here, key in enumerate(keys)
    ]
    team = draw(
        st.lists(
            st.builds(Person, st.just("p"), st.sampled_from([0, 1.5, 4, 6]), _some_of(SKILLS, most=3)),
            max_size=3,
        )
    )
    limits = Limits(
        points=draw(st.integers(0, 20)),
        people=tuple(team),
        must_include=draw(st.one_of(st.just(frozenset[str]()), _some_of(keys, most=2))),
        exclude=draw(st.one_of(st.just(frozenset[str]()), _some_of([*keys, "GONE"], most=2))),
        max_points=draw(st.sampled_from([None, 3, 5])),
        seconds=60,
    )
    return backlog, limits


def _some_of(names: Sequence[str], most: int) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names), max_size=most) if names else st.just(frozenset[str]())


@requirement("plan.optimal")
@settings(max_examples=300, deadline=None)
@given(instances())
def test_the_answer_is_what_trying_every_set_finds(instance: tuple[list[Candidate], Limits]) -> None:
    backlog, limits = instance
    if _forced(backlog, limits) is None:
        with pytest.raises(Impossible):
            select(backlog, limits)
        return

    chosen = select(backlog, limits)

    assert chosen.chosen == _best_by_trying(backlog, limits)
    assert (chosen.optimal, chosen.gap, chosen.settled) == (True, 0.0, True)
    assert chosen.value == sum(one.value for one in backlog if one.key in chosen.chosen)
    assert chosen.points == sum(one.points or 0 for one in backlog if one.key in chosen.chosen)


@requirement("plan.why")
@settings(max_examples=100, deadline=None)
@given(instances())
def test_every_candidate_is_chosen_or_left_out_with_words(
    instance: tuple[list[Candidate], Limits],
) -> None:
    backlog, limits = instance
    chosen = select(backlog, replace(limits, must_include=frozenset()))

    assert [one.key for one in backlog if one.key not in chosen.chosen] == [
        out.key for out in chosen.left_out
    ]
    assert all(out.words for out in chosen.left_out)


@settings(max_examples=100, deadline=None)
@given(instances())
def test_without_time_the_answer_keeps_every_rule_and_its_gap_covers_the_best(
    instance: tuple[list[Candidate], Limits],
) -> None:
    backlog, limits = instance
    limits = replace(limits, must_include=frozenset(), seconds=0)
    best = sum(one.value for one in backlog if one.key in _best_by_trying(backlog, limits))

    quick = select(backlog, limits)

    assert _allowed([one for one in backlog if one.key in quick.chosen], limits, frozenset())
    assert best * (1 - quick.gap) <= quick.value + 1e-9
    assert quick.value <= best
    assert quick.optimal == (quick.gap == 0.0)


def _best_by_trying(backlog: list[Candidate], limits: Limits) -> tuple[str, ...]:
    forced = _forced(backlog, limits) or frozenset[str]()
    optional = [one for one in backlog if one.key not in forced]
    sets = [
        [one for one in backlog if one.key in forced or one in picked]
        for size in range(len(optional) + 1)
        for picked in combinations(optional, size)
    ]
    return tuple(
        one.key
        for one in max(
            (chosen for chosen in sets if _allowed(chosen, limits, forced)),
            key=lambda chosen: (sum(one.value for one in chosen), [one in chosen for one in backlog]),
        )
    )


def _forced(backlog: list[Candidate], limits: Limits) -> frozenset[str] | None:
    table = {one.key: one for one in backlog}
    forced = set(limits.must_include)
    while more := {key for name in forced if name in table for key in table[name].needs} - forced:
        forced |= more
    return None if forced & limits.exclude or forced - table.keys() else frozenset(forced)


def _allowed(chosen: list[Candidate], limits: Limits, forced: frozenset[str]) -> bool:
    keys = {one.key for one in chosen}
    own = [one for one in chosen if one.key not in forced]
    must = [one for one in chosen if one.key in forced]
    return (
        all(one.needs <= keys for one in chosen)
        and all(_may(one, limits) for one in own)
        and _points(chosen) <= max(limits.points, _points(must) if not _points(own) else 0)
        and _hours_short(chosen, limits) <= _hours_short(must, limits)
    )


def _may(one: Candidate, limits: Limits) -> bool:
    able = not limits.people or any(someone.skills >= one.skills for someone in limits.people)
    small = one.points is not None and one.points <= min(limits.points, limits.max_points or 99)
    return able and small and one.key not in limits.exclude


def _points(chosen: list[Candidate]) -> int:
    return sum(one.points or 0 for one in chosen)


def _hours_short(chosen: list[Candidate], limits: Limits) -> float:
    """The largest excess of any set of people: what only they can do beyond their hours (Hall, by trying all)."""
    if not limits.people:
        return 0.0
    team = range(len(limits.people))
    return max(
        sum(one.hours for one in chosen if _able(one, limits) <= set(group))
        - sum(limits.people[n].hours for n in group)
        for size in range(len(team) + 1)
        for group in combinations(team, size)
    )


def _able(one: Candidate, limits: Limits) -> set[int]:
    return {n for n, someone in enumerate(limits.people) if someone.skills >= one.skills}
