"""The forecast of the next sprint."""

from dataclasses import replace
from itertools import pairwise
from math import isfinite, sqrt
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrum.forecasting.baselines import smoothed
from scrum.forecasting.model import MOST_CERTAIN, Conditions, Evidence, Forecast
from scrum.forecasting.next_sprint import forecast
from scrum.sprint.velocity import PastSprint, Source
from tests.domain.forecasting.histories import TWO_WEEKS, conditions, histories, points
from tests.requirements import requirement
from tests.situations import past

STEADY = past(*[40] * 10)
UNEVEN = past(30, 44, 38, 51, 36, 42, 29, 47, 40, 45, committed_points=45, members=5)


def width(told: Forecast) -> float:
    low, high = told.interval(0.8)
    return high - low


@given(histories, conditions)
def test_quantiles_rise_and_are_finite_whatever_the_history(
    history: list[PastSprint], coming: Conditions
) -> None:
    quantiles = [forecast(history, coming).quantile(p / 20) for p in range(1, 20)]

    assert quantiles == sorted(quantiles)
    assert quantiles[0] >= 0
    assert isfinite(quantiles[-1])


@requirement("forecast.never-certain")
@given(histories, conditions, points)
def test_chances_are_probabilities_and_never_over_95_percent(
    history: list[PastSprint], coming: Conditions, wanted: float
) -> None:
    told = forecast(history, coming)

    assert 0 <= told.at_least(wanted * 1.5) <= told.at_least(wanted) <= MOST_CERTAIN


@given(histories, conditions, st.floats(0.1, 0.9))
def test_more_points_than_a_quantile_come_as_rarely_as_it_says(
    history: list[PastSprint], coming: Conditions, p: float
) -> None:
    told = forecast(history, coming)
    quantile = told.quantile(p)

    assert quantile < 1e-9 or told.at_least(quantile) == pytest.approx(1 - p, abs=1e-6)


@given(histories, conditions, st.floats(0.05, 1))
def test_half_the_people_deliver_half_whatever_the_history(
    history: list[PastSprint], coming: Conditions, share: float
) -> None:
    committed = coming.committed
    full = forecast(history, replace(coming, availability=1.0))
    part = replace(coming, availability=share, committed=committed and committed * share)

    assert forecast(history, part).quantile(0.7) == pytest.approx(
        share * full.quantile(0.7), rel=1e-6, abs=1e-6
    )


@given(st.floats(0.5, 1))
def test_the_availability_of_past_sprints_is_taken_out_again(share: float) -> None:
    fewer = [
        replace(
            one,
            availability=share,
            completed_points=one.completed_points * share,
            committed_points=(one.committed_points or 0) * share,
        )
        for one in UNEVEN
    ]

    told, whole = forecast(fewer, TWO_WEEKS), forecast(UNEVEN, TWO_WEEKS)
    assert told.median == pytest.approx(whole.median, rel=0.06)
    assert told.quantile(0.1) <= whole.quantile(0.1) + 1e-9, "half a sprint tells less than a whole one"


@requirement("plan.availability")
@pytest.mark.parametrize("n", [3, 5, 12])
def test_one_of_five_away_brings_42_points_to_34(n: int) -> None:
    told = forecast(past(*[42] * n, members=5), Conditions(days=14, members=5, availability=0.8))

    assert told.commitment(0.5) == 34


def test_heads_that_the_history_does_not_know_change_nothing() -> None:
    assert forecast(STEADY, Conditions(days=14, members=9)) == forecast(STEADY, TWO_WEEKS)


@pytest.mark.parametrize("unit", [0.07, 70])
def test_the_unit_of_points_does_not_matter(unit: float) -> None:
    """A team may count in days or in dollars."""
    scaled = [
        replace(
            one,
            completed_points=one.completed_points * unit,
            committed_points=(one.committed_points or 0) * unit,
        )
        for one in UNEVEN
    ]

    ours, theirs = (forecast(history, TWO_WEEKS).interval(0.8) for history in (UNEVEN, scaled))
    assert theirs == pytest.approx([points * unit for points in ours], rel=0.01)


@requirement("forecast.honest")
def test_no_history_gives_what_teams_usually_do_and_says_so() -> None:
    told = forecast([], TWO_WEEKS)
    low, high = told.interval(0.8)

    assert (told.n, told.evidence) == (0, Evidence.NONE)
    assert "No past sprint" in told.notes[0]
    assert low < 0.1 * told.median
    assert high > 3 * told.median


@requirement("forecast.honest")
def test_a_short_history_is_wider_than_a_long_one_and_says_so() -> None:
    told = [forecast(past(*[42, 38, 46, 40] * 3)[:n], TWO_WEEKS) for n in (1, 2, 4, 12)]

    widths = [width(one) for one in told]
    assert widths == sorted(widths, reverse=True)
    assert [one.evidence for one in told] == [Evidence.THIN] * 3 + [Evidence.FAIR]
    assert told[0].notes == ("Only 1 past sprint: the interval is wide.",)
    assert told[1].notes == ("Only 2 past sprints: the interval is wide.",)
    assert told[3].notes == ()


@requirement("forecast.never-certain")
@pytest.mark.parametrize("n", [1, 2, 10, 60])
def test_nothing_but_zeros_do_not_rule_out_a_point(n: int) -> None:
    told = forecast(past(*[0] * n), TWO_WEEKS)

    assert told.at_least(1) > 0.05
    assert told.median < 5


def test_even_a_history_without_any_spread_leaves_some() -> None:
    low, high = forecast(past(*[40] * 200), TWO_WEEKS).interval(0.8)

    assert low < 38
    assert high > 42


def test_one_outlier_widens_the_interval_more_than_it_lifts_the_median() -> None:
    usual, once = forecast(UNEVEN, TWO_WEEKS), forecast((*UNEVEN, *past(400)), TWO_WEEKS)

    assert width(once) > 3 * width(usual)
    assert once.median < 3 * usual.median < 0.9 * smoothed((*UNEVEN, *past(400)), TWO_WEEKS)


def test_a_velocity_that_tripled_is_followed() -> None:
    tripled = [replace(one, completed_points=3 * one.completed_points) for one in UNEVEN]
    before, after = forecast(UNEVEN, TWO_WEEKS).median, forecast(tripled, TWO_WEEKS).median

    medians = [forecast((*UNEVEN, *tripled[:n]), TWO_WEEKS).median for n in range(11)]

    assert all(one < other for one, other in pairwise([before * 0.99, *medians[1:5]]))
    assert min(medians[4:]) > 0.8 * after


def test_a_noisy_history_is_wider_than_a_steady_one() -> None:
    assert width(forecast(past(*[10, 70] * 5), TWO_WEEKS)) > 2 * width(forecast(STEADY, TWO_WEEKS))


@pytest.mark.parametrize(("days", "times"), [(28, sqrt(2)), (7, sqrt(0.5))])
def test_a_longer_sprint_completes_more_but_not_in_proportion(days: float, times: float) -> None:
    assert forecast(STEADY, Conditions(days=days)).median == pytest.approx(40 * times, rel=0.01)


@pytest.mark.parametrize(("days", "times"), [(56, 2 * sqrt(2)), (1.4, 0.2 * sqrt(0.5))])
def test_a_length_beyond_what_was_seen_counts_in_proportion_and_is_told(days: float, times: float) -> None:
    told = forecast(STEADY, Conditions(days=days))

    assert told.median == pytest.approx(40 * times, rel=0.01)
    assert "times as long as usual" in told.notes[0]


def test_a_length_that_the_history_does_not_know_is_told() -> None:
    unknown = [replace(one, days=None) for one in STEADY]

    assert "length of past sprints is not known" in forecast(unknown, TWO_WEEKS).notes[0]


def test_fewer_people_than_ever_count_in_proportion_and_are_told() -> None:
    five = [replace(one, members=5) for one in STEADY]

    told = forecast(five, replace(TWO_WEEKS, members=1))

    assert told.median == pytest.approx(8, rel=0.01)
    assert "this one has 1" in told.notes[0]


def test_a_commitment_has_about_the_confidence_that_was_asked_for() -> None:
    for confidence in (0.3, 0.5, 0.8, 0.9):
        for scale in (0.05, 0.2, 1):
            told = forecast(past(*(round(scale * one.completed_points, 2) for one in STEADY)), TWO_WEEKS)
            most = told.commitment(confidence)
            rounded = most <= 1.02 * told.quantile(1 - confidence)
            assert most == 0 or rounded or told.at_least(most) >= confidence - 0.05
            assert told.at_least(most + 1) < confidence


def test_working_days_go_before_days_of_the_calendar() -> None:
    """A team that ends on Friday is not stretched over the weekend."""
    ends_on_friday = [replace(one, days=11.3, working_days=10) for one in STEADY]

    told = forecast(ends_on_friday, Conditions(days=14, working_days=10))

    assert told.median == pytest.approx(40, rel=0.001)


def test_a_sprint_that_nobody_worked_in_tells_nothing() -> None:
    assert forecast(past(0, availability=0.0), TWO_WEEKS) == forecast([], TWO_WEEKS)


def test_nobody_completes_nothing() -> None:
    told = forecast(STEADY, Conditions(days=14, availability=0.0))

    assert told.interval(0.8) == (0, 0)
    assert told.at_least(1) == 0


def test_a_larger_commitment_brings_more_points_and_less_hope() -> None:
    told = {
        committed: forecast(UNEVEN, replace(TWO_WEEKS, committed=committed)) for committed in (30, 45, 60)
    }

    assert told[30].median < told[45].median < told[60].median
    assert told[30].at_least(30) > told[45].at_least(45) > told[60].at_least(60)


def test_more_people_than_usual_bring_more_points() -> None:
    five, seven = (forecast(UNEVEN, Conditions(days=14, members=members)).median for members in (5, 7))

    assert five < seven < five * 7 / 5


def test_an_unknown_commitment_widens_the_interval_of_a_team_whose_commitments_differ() -> None:
    differ = [
        replace(one, committed_points=20.0 + 50 * (n % 2), completed_points=20.0 + 30 * (n % 2))
        for n, one in enumerate(UNEVEN)
    ]

    assert width(forecast(differ, TWO_WEEKS)) > 1.2 * width(
        forecast(differ, replace(TWO_WEEKS, committed=45))
    )


def test_it_names_its_sources_once() -> None:
    assert [str(source) for source in forecast(UNEVEN, TWO_WEEKS).sources] == ["imported"]


def committed(*points: float, done: float = 1.0, source: Source = Source.LEDGER) -> tuple[PastSprint, ...]:
    """Own sprints that completed this part of their commitment."""
    return tuple(
        replace(
            one,
            source=source,
            committed_points=one.completed_points,
            completed_points=done * one.completed_points,
            all_done=source is Source.LEDGER and done == 1,
        )
        for one in past(*points)
    )


def test_a_team_that_did_all_of_a_small_commitment_is_not_taken_for_slower() -> None:
    told = [
        forecast((*UNEVEN, *committed(30, 30, 30, source=source)), TWO_WEEKS).median
        for source in (Source.IMPORTED, Source.LEDGER)
    ]

    assert told[0] < 36
    assert told[1] == pytest.approx(forecast(UNEVEN, TWO_WEEKS).median, rel=0.02)


def test_a_team_that_did_nearly_all_is_as_fast_as_that() -> None:
    nearly, imported = (
        committed(30, 30, 30, done=0.97, source=source)
        for source in Source
        if source is not Source.RECONSTRUCTED
    )

    assert forecast((*UNEVEN, *nearly), TWO_WEEKS).median == forecast((*UNEVEN, *imported), TWO_WEEKS).median


@requirement("forecast.stopped")
@pytest.mark.parametrize("points", [(8, 6, 6, 6), (5, 5, 5, 5, 5), (40,)])
@pytest.mark.parametrize("last", [0.2, 0.5])
def test_one_weak_sprint_after_some_that_did_all_does_not_wipe_them_out(
    points: tuple[float, ...], last: float
) -> None:
    weak = past(last * points[-1])

    did_all, as_they_are = (
        forecast((*committed(*points, source=source), *weak), TWO_WEEKS)
        for source in (Source.LEDGER, Source.IMPORTED)
    )

    assert did_all.median > 0.9 * as_they_are.median
    assert did_all.interval(0.8)[1] > points[-1]


@requirement("forecast.stopped")
def test_commitments_do_not_spiral_down_with_a_team_that_stops_when_it_is_done() -> None:
    """Its true velocity is 34, give or take a quarter; half of its commitments should be met."""
    paths = [_commitments(Random(seed)) for seed in range(12)]

    late = [points for path in paths for points in path[15:]]
    assert 30 < fmean(late) < 37


@requirement("forecast.stopped")
@pytest.mark.parametrize("sprints", [1, 2, 6, 40])
def test_who_always_does_exactly_what_was_committed_is_taken_for_a_tenth_faster_at_most(sprints: int) -> None:
    told = forecast(committed(*[17] * sprints), TWO_WEEKS)

    assert 17 <= told.median < 1.12 * 17
    assert told.interval(0.8)[1] < 1.2 * forecast(past(*[17] * sprints), TWO_WEEKS).interval(0.8)[1]


def _commitments(chance: Random, sprints: int = 30) -> list[int]:
    history, chosen = [*past(*(_velocity(chance) for _ in range(6)))], list[int]()
    for _ in range(sprints):
        chosen.append(forecast(history, TWO_WEEKS).commitment(0.5))
        done = min(float(chosen[-1]), _velocity(chance))
        history += committed(chosen[-1], done=done / chosen[-1])
    return chosen


def _velocity(chance: Random) -> float:
    return float(round(34 * max(0.0, chance.gauss(1, 0.25))))
