"""How good the forecast is for simulated teams, whose level stays, steps, trends or wanders."""

import pytest

from bench.simulated import KINDS, SPRINTS, Told, measured, team
from tests.requirements import requirement

TEAMS = 10


@pytest.fixture(scope="module", params=KINDS)
def told(request: pytest.FixtureRequest) -> Told:
    return measured(KINDS[request.param], TEAMS)


@requirement("forecast.moving")
def test_it_is_as_near_as_the_better_of_a_fast_and_a_slow_simple_one(told: Told) -> None:
    assert told.over < 1.05


def test_its_interval_of_one_sprint_covers_what_it_claims(told: Told) -> None:
    assert 0.75 <= told.covers[1] <= 0.9


def test_its_intervals_of_several_sprints_are_neither_blind_nor_sure(told: Told) -> None:
    """Of eight sprints that a step falls into, or a wild level runs away in, nobody knows more."""
    assert all(0.55 <= covers <= 0.94 for covers in told.covers.values()), told.covers


def test_simulated_teams_are_the_same_each_time_and_differ_by_seed() -> None:
    steps = KINDS["steps"]

    assert team(steps, 1) == team(steps, 1) != team(steps, 2)
    assert len(team(steps, 1)) == SPRINTS
