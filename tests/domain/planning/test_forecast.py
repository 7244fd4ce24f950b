"""The forecast of the next sprint."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scrum.planning.forecast import MOST_CERTAIN, Evidence, Forecast, forecast
from scrum.team.calendar import EVERY_WEEKDAY
from scrum.team.capacity import Capacity, capacity
from scrum.team.model import Team
from tests.requirements import requirement
from tests.situations import FIVE, SPRINT, past, team

FULL = capacity(team(*FIVE), EVERY_WEEKDAY, *SPRINT, focus=1)
ONE_AWAY = capacity(team(*FIVE, away=["Ed"]), EVERY_WEEKDAY, *SPRINT, focus=1)
velocities = st.lists(st.floats(0, 500), min_size=0, max_size=30)


def width(given: Forecast) -> float:
    return given.quantile(0.9) - given.quantile(0.1)


@requirement("plan.availability")
def test_one_of_five_away_brings_42_points_to_34() -> None:
    assert forecast(past(42, 42, 42, 42, 42), ONE_AWAY).commitment(0.5) == 34


def test_the_availability_of_past_sprints_is_taken_out_again() -> None:
    """33.6 points with four of five are 42 with all."""
    history = past(33.6, 33.6, 33.6, 33.6, 33.6, availability=0.8)

    assert forecast(history, FULL).commitment(0.5) == 42


@requirement("forecast.honest")
def test_no_history_gives_the_prior_and_says_so() -> None:
    told = forecast([], FULL)

    assert told.evidence is Evidence.NONE
    assert told.n == 0
    assert told.quantile(0.1) == 0
    assert "No past sprint" in told.notes[0]


def test_no_team_and_no_history_still_answers() -> None:
    nobody = capacity(Team("SHOP"), EVERY_WEEKDAY, *SPRINT, focus=1)

    assert "no team is recorded" in forecast([], nobody).notes[0]


@requirement("forecast.honest")
def test_a_short_history_is_wider_than_a_long_one() -> None:
    assert width(forecast(past(40, 44), FULL)) > width(forecast(past(*[40, 44] * 5), FULL))
    assert forecast(past(40, 44), FULL).evidence is Evidence.THIN
    assert forecast(past(40, 44, 42, 40, 44), FULL).evidence is Evidence.FAIR


def test_a_noisy_history_is_wider_than_a_steady_one() -> None:
    assert width(forecast(past(*[10, 70] * 5), FULL)) > width(forecast(past(*[40] * 10), FULL))


def test_a_longer_sprint_completes_more_but_not_in_proportion() -> None:
    month = capacity(team(*FIVE), EVERY_WEEKDAY, date(2026, 3, 2), date(2026, 3, 29), focus=1)
    once, twice = (forecast(past(*[40] * 6), it).quantile(0.5) for it in (FULL, month))

    assert once < twice < 2 * once


def test_a_sprint_that_nobody_worked_in_tells_nothing() -> None:
    assert forecast(past(0, availability=0.0), FULL).n == 0


@requirement("forecast.never-certain")
@given(velocities, st.floats(0, 1000))
def test_chances_are_probabilities_and_never_over_95_percent(values: list[float], points: float) -> None:
    assert 0 <= forecast(past(*values), FULL).at_least(points) <= MOST_CERTAIN


@given(velocities)
def test_quantiles_rise_and_are_never_negative(values: list[float]) -> None:
    quantiles = [forecast(past(*values), FULL).quantile(p / 20) for p in range(1, 20)]

    assert quantiles == sorted(quantiles)
    assert quantiles[0] >= 0


@given(velocities, st.floats(0.05, 0.9))
def test_more_confidence_never_commits_more(values: list[float], confidence: float) -> None:
    told = forecast(past(*values), FULL)

    assert told.commitment(confidence + 0.05) <= told.commitment(confidence)


@given(st.floats(0.1, 1.0))
def test_less_availability_never_promises_more(availability: float) -> None:
    less: Capacity = replace(FULL, away_hours=(1 - availability) * FULL.gross_hours)

    assert forecast(past(40, 50, 45), less).commitment(0.5) <= forecast(past(40, 50, 45), FULL).commitment(
        0.5
    )


def test_a_team_that_always_ends_on_friday_is_not_stretched_over_the_weekend() -> None:
    """Ten working days each, whatever the clock says between Monday morning and Friday evening."""
    ends_on_friday = tuple(replace(one, days=11.3, working_days=10) for one in past(30, 30, 30, 30, 30, 30))

    assert forecast(ends_on_friday, FULL).quantile(0.5) == 30


def test_a_sprint_that_was_closed_at_once_says_little_about_a_whole_one() -> None:
    closed_at_once = tuple(replace(one, working_days=1) for one in past(10, 10, 10, 10, 10))

    assert forecast(closed_at_once, FULL).quantile(0.5) == 20
