"""Small selections beside trying every set of items."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrum.selection.selection import Candidate, Impossible, Limits, Person, select
from tests.domain.selection.candidates import item
from tests.requirements import requirement

SKILLS = ("api", "ops", "web")


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
