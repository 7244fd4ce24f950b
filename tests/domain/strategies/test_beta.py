"""Shares from few cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta

from scrum.strategies.beta import PRIOR, Share

COUNTS = st.integers(0, 30)


def test_a_case_that_nobody_knows_of_counts_for_both_sides() -> None:
    assert Share.of([True, 0.25, None, False]) == Share(1.25, 1.75)
    assert Share(1.25, 1.75).n == 3


def test_nothing_known_is_one_half_and_wide() -> None:
    low, high = Share().interval

    assert Share().mean == 0.5
    assert low < 0.25
    assert high > 0.75


@given(COUNTS, COUNTS)
def test_confidence_rises_with_a_success_and_falls_with_a_failure(good: int, bad: int) -> None:
    now = Share(good, bad)

    assert Share(good, bad + 1).mean < now.mean < Share(good + 1, bad).mean


@given(st.floats(0, 30), st.floats(0, 30))
def test_the_chance_to_be_above_one_half_is_that_of_the_distribution(good: float, bad: float) -> None:
    assert Share(good, bad).above_half == pytest.approx(beta.sf(0.5, good + PRIOR, bad + PRIOR))


def test_a_share_with_a_case_that_nobody_knows_of_is_not_compared() -> None:
    with pytest.raises(ValueError, match=r"1\.25 good cases are not whole"):
        Share.of([True, 0.25, False]).above(Share(1, 1))


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_chance_to_be_the_larger_is_that_of_both_distributions(a: int, b: int, c: int, d: int) -> None:
    one, other = Share(a, b), Share(c, d)
    ours, theirs = beta(a + PRIOR, b + PRIOR), beta(c + PRIOR, d + PRIOR)

    assert one.above(other) == pytest.approx(quad(lambda x: ours.pdf(x) * theirs.cdf(x), 0, 1)[0], abs=1e-6)
    assert one.above(other) + other.above(one) == pytest.approx(1)
