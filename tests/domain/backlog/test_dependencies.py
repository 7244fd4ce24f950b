import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrum.backlog.dependencies import DependencyCycle, check_acyclic, find_cycle
from scrum.errors import Invalid
from tests.requirements import requirement

KEYS = st.sampled_from("ABCDEF")
GRAPHS = st.dictionaries(KEYS, st.frozensets(KEYS, max_size=3))


def test_a_chain_has_no_cycle() -> None:
    assert find_cycle({"A": ["B"], "B": ["C"], "C": []}) is None


def test_two_ways_to_the_same_item_are_not_a_cycle() -> None:
    assert find_cycle({"A": ["B", "C"], "B": ["D"], "C": ["D"]}) is None


def test_a_needed_key_that_is_not_listed_has_no_needs() -> None:
    assert find_cycle({"A": ["unknown"]}) is None


def test_an_item_that_needs_itself_is_a_cycle() -> None:
    assert find_cycle({"A": ["A"]}) == ("A", "A")


def test_a_cycle_starts_and_ends_with_its_smallest_key() -> None:
    assert find_cycle({"C": ["A"], "A": ["B"], "B": ["C"]}) == ("A", "B", "C", "A")


def test_items_on_the_way_to_a_cycle_are_not_named() -> None:
    assert find_cycle({"A": ["B"], "B": ["C"], "C": ["B"]}) == ("B", "C", "B")


def test_a_very_long_chain_does_not_exhaust_the_stack() -> None:
    chain = {str(n): [str(n + 1)] for n in range(50_000)}

    assert find_cycle(chain) is None


@requirement("backlog.acyclic")
def test_the_error_names_the_cycle_and_is_invalid_input() -> None:
    with pytest.raises(DependencyCycle, match="A -> B -> A") as caught:
        check_acyclic({"A": ["B"], "B": ["A"]})

    assert isinstance(caught.value, Invalid)
    assert caught.value.cycle == ("A", "B", "A")


def test_a_graph_without_a_cycle_is_accepted() -> None:
    check_acyclic({"A": ["B"]})


@requirement("backlog.acyclic")
@given(GRAPHS)
def test_a_cycle_is_found_exactly_when_some_item_reaches_itself(edges: dict[str, frozenset[str]]) -> None:
    assert (find_cycle(edges) is not None) == any(_reaches(edges, key, key) for key in edges)


@given(GRAPHS)
def test_every_step_of_a_found_cycle_is_a_dependency(edges: dict[str, frozenset[str]]) -> None:
    cycle = find_cycle(edges) or ()

    assert all(needed in edges[key] for key, needed in pairwise(cycle))


@given(GRAPHS, st.randoms())
def test_the_order_of_the_edges_does_not_change_the_answer(
    edges: dict[str, frozenset[str]], chance: random.Random
) -> None:
    shuffled = list(edges.items())
    chance.shuffle(shuffled)

    assert find_cycle(dict(shuffled)) == find_cycle(edges)


def _reaches(edges: dict[str, frozenset[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    ahead = list(edges.get(start, ()))
    while ahead:
        key = ahead.pop()
        if key not in seen:
            seen.add(key)
            ahead.extend(edges.get(key, ()))
    return goal in seen
