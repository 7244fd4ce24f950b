"""How good the forecast is on real teams, with constants that other organisations' teams gave."""

import pytest

from bench.forecast import Priors, points_only, priors, scores, sums
from bench.histories import REAL, Teams, read
from scrum.forecasting.backtest import Scores, ours, resampling
from tests.requirements import requirement

pytestmark = pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not at hand")


@pytest.fixture(scope="module")
def teams() -> Teams:
    return read(REAL)


@pytest.fixture(scope="module")
def by(teams: Teams) -> Priors:
    return priors(teams)


@pytest.fixture(scope="module")
def told(teams: Teams, by: Priors) -> Scores:
    found = scores(teams, by)
    assert found
    return found


@requirement("forecast.better")
def test_it_is_nearer_than_every_simple_forecast(told: Scores) -> None:
    assert told.n == 398
    assert told.error is not None
    assert told.error <= 0.57
    assert min(error for error in told.errors.values() if error is not None) == pytest.approx(
        0.620, abs=0.001
    )


@requirement("forecast.covers")
@requirement("forecast.honest")
def test_its_interval_covers_what_it_claims_and_is_narrower(told: Scores) -> None:
    assert 0.77 <= told.coverage <= 0.83
    assert told.interval_score < 48 < told.student_score


def test_it_knows_which_commitments_are_met(told: Scores) -> None:
    assert told.brier is not None
    assert told.base_rate == pytest.approx(0.250, abs=0.001)
    assert told.brier < 0.225


@requirement("forecast.covers")
@requirement("forecast.honest")
def test_intervals_of_several_sprints_cover_what_they_claim(teams: Teams, by: Priors) -> None:
    found = sums(teams, {name: ours(prior) for name, prior in by.items()})
    naive = sums(teams, dict.fromkeys(by, resampling))

    assert [one.n for one in found.values()] == [378, 358, 319, 263]
    assert all(0.75 <= one.coverage <= 0.85 for one in found.values()), found
    assert naive[8].coverage < 0.5


def test_with_points_alone_it_is_nearer_than_smoothing(teams: Teams, by: Priors) -> None:
    found = scores(points_only(teams), by)

    assert found
    assert found.error is not None
    assert found.error < (found.errors["smoothing 0.3"] or 0)
    assert 0.77 <= found.coverage <= 0.83
