"""The chance that several projects all make it."""

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from scrum.forecasting.joint import joint

NOBODY: frozenset[str] = frozenset()
CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=6)


@given(CHANCES)
def test_independence_lies_within_the_bounds(chances: list[float]) -> None:
    found = joint(chances, [NOBODY] * len(chances))

    assert found.low - 1e-9 <= found.independent <= found.high + 1e-9
    assert found.high == min(chances)


@given(st.lists(st.lists(st.booleans(), min_size=8, max_size=8), min_size=1, max_size=4))
def test_no_way_of_depending_on_each_other_leaves_the_bounds(outcomes: list[list[bool]]) -> None:
    """Each project makes it in some of eight equally likely worlds."""
    found = joint([sum(one) / 8 for one in outcomes], [NOBODY] * len(outcomes))

    together = sum(map(all, zip(*outcomes, strict=True))) / 8

    assert found.low <= together <= found.high


def test_one_project_alone_has_its_own_chance() -> None:
    found = joint([0.6], [NOBODY])

    assert (found.high, found.independent) == (0.6, 0.6)
    assert isclose(found.low, 0.6)


def test_people_of_several_projects_are_named() -> None:
    teams = [frozenset({"Ana", "Bo"}), frozenset({"bo", "Cy"}), frozenset({"Cy", "Bo"})]

    assert joint([0.5] * 3, teams).shared == ("Bo", "Cy")
