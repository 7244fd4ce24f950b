"""One way in which a level may move, and what it learns from a sprint."""

from math import log, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from scrum.forecasting.levels import Level, Seen, filtered

START = Level(mean=(1.0, 0.4, 0.4), covariance=(0.5, 0.0, 0.0, 0.2, 0.0, 0.2), shape=3.0, rate=0.12)
USUAL = (0.0, 0.0)
roots = st.floats(0.0, 3.0)


def seen(root: float, *, x: tuple[float, float] = USUAL, at_least: bool = False) -> Seen:
    return Seen(root, x, 1.0, at_least)


def after(*sprints: Seen, wander: float = 0.2, memory: float = 1.0) -> Level:
    return filtered(START, sprints, wander=wander, memory=memory)


def test_a_level_that_stands_still_is_the_mean_with_what_was_known_before() -> None:
    found = after(*map(seen, (1.2, 1.5, 0.9)), wander=0.0)

    assert found.mean[0] == pytest.approx((1.0 * 2 + 1.2 + 1.5 + 0.9) / 5)
    assert found.doubt(USUAL) == pytest.approx(1 / 5)
    assert found.shape == START.shape + 1.5


def test_a_level_that_wanders_is_nearer_to_what_came_last() -> None:
    rising = list(map(seen, (0.6, 0.8, 1.0, 1.2, 1.4)))
    levels = [after(*rising, wander=wander).mean[0] for wander in (0.0, 0.2, 0.8)]

    assert levels == sorted(levels)
    assert levels[2] > 1.2


@given(roots, roots)
def test_the_evidence_is_the_probability_of_each_sprint_given_those_before(one: float, other: float) -> None:
    """Of a Student-t, but for what all ways have in common."""
    first = after(seen(one))
    both = after(seen(one), seen(other))

    scale = (first.noise * (1 + first.doubt(USUAL))) ** 0.5
    density = t.logpdf(other, 2 * first.shape, first.mean[0], scale) + log(2 * pi) / 2
    assert both.evidence - first.evidence == pytest.approx(density, abs=1e-9)


def test_slopes_are_learned_from_sprints_that_deviate() -> None:
    found = after(*(seen(1 + 0.8 * x, x=(x, 0.0)) for x in (-1.0, 1.0) * 30))

    assert found.mean[1] == pytest.approx(0.8, abs=0.05)
    assert found.mean[2] == START.mean[2]


def test_what_is_known_of_the_noise_is_forgotten() -> None:
    calm = [seen(1.0)] * 10
    wild = [seen(1 + 0.8 * (-1) ** n) for n in range(10)]

    assert after(*wild, *calm, memory=0.8).noise < after(*wild, *calm).noise
    assert after(*wild, *calm, memory=0.8).shape < 3


@given(roots)
def test_a_team_that_stopped_is_never_taken_for_slower(root: float) -> None:
    stopped = after(seen(root, at_least=True))

    assert stopped.mean[0] >= START.mean[0]
    assert stopped.mean[0] >= after(seen(root)).mean[0] - 1e-12
    assert stopped.doubt(USUAL) <= START.doubt(USUAL) + 0.04 + 1e-12


def test_a_team_that_stopped_early_tells_nothing_and_one_that_stopped_late_much() -> None:
    early, late = (after(seen(root, at_least=True), wander=0.0) for root in (0.0, 3.0))

    assert early.mean[0] == pytest.approx(1.0, abs=1e-3)
    assert early.evidence == pytest.approx(0, abs=1e-3)
    exact, most = (after(seen(root), wander=0.0).mean[0] for root in (3.0, 3.15))
    assert exact < late.mean[0] <= most
