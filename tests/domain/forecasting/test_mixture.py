"""A mixture of Student-t distributions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from scrum.forecasting.mixture import Mixture

TWO = Mixture(weights=(0.3, 0.7), centres=(0.0, 10.0), scales=(1.0, 2.0), freedom=5.0)
shares = st.floats(0.01, 0.99)


@given(shares)
def test_of_one_part_it_is_that_part(p: float) -> None:
    one = Mixture((1.0,), (3.0,), (2.0,), 4.0)

    assert one.quantile(p) == pytest.approx(t.ppf(p, 4.0, 3.0, 2.0))


@given(st.floats(-20, 40))
def test_each_part_has_its_weight(value: float) -> None:
    assert TWO.below(value) == pytest.approx(
        0.3 * t.cdf(value, 5.0, 0.0, 1.0) + 0.7 * t.cdf(value, 5.0, 10.0, 2.0)
    )


@given(shares)
def test_a_quantile_has_its_share_below(p: float) -> None:
    assert TWO.below(TWO.quantile(p)) == pytest.approx(p, abs=1e-9)
