"""The forecast of several sprints together."""

import subprocess
import sys
from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrum.forecasting.model import MOST_CERTAIN, Conditions, Evidence
from scrum.forecasting.next_sprint import forecast
from scrum.forecasting.several import Outlook, forecast_sum
from scrum.sprint.velocity import PastSprint
from tests.domain.forecasting.histories import TWO_WEEKS, conditions, histories
from tests.requirements import requirement
from tests.situations import past

UNEVEN = past(30, 44, 38, 51, 36, 42, 29, 47, 40, 45, committed_points=45, members=5)
EIGHT = [TWO_WEEKS] * 8

PROGRAM = """
from scrum.forecasting.several import forecast_sum
from tests.domain.forecasting.test_several import EIGHT, UNEVEN
print(hash(forecast_sum(UNEVEN, EIGHT, seed=7).totals))
"""


def relative_width(told: Outlook, after: int) -> float:
    low, high = told.interval(0.8, after=after)
    return (high - low) / told.quantile(0.5, after=after)


@settings(max_examples=40)
@given(histories, st.lists(conditions, min_size=1, max_size=6))
def test_totals_grow_with_every_sprint_whatever_the_history(
    history: list[PastSprint], coming: list[Conditions]
) -> None:
    told = forecast_sum(history, coming, seed=1)

    for p in (0.05, 0.5, 0.95):
        totals = [told.quantile(p, after=after) for after in range(1, len(coming) + 1)]
        assert totals == sorted(totals)
        assert totals[0] >= 0


@pytest.mark.parametrize(
    "coming", [TWO_WEEKS, Conditions(days=21, members=7, availability=0.6, committed=30)]
)
@pytest.mark.parametrize("n", [0, 2, 10])
def test_the_first_sprint_is_as_the_forecast_of_it_alone(coming: Conditions, n: int) -> None:
    alone, first = forecast(UNEVEN[:n], coming), forecast_sum(UNEVEN[:n], [coming], seed=1)

    for p in (0.2, 0.5, 0.8):
        drawn = first.quantile(p, after=1)
        assert alone.at_least(drawn) == pytest.approx(1 - p, abs=0.03)
    assert first.evidence is alone.evidence
    assert first.notes == alone.notes


@requirement("forecast.honest")
def test_sums_are_wider_than_of_sprints_that_differ_by_chance_alone() -> None:
    """Eight independent sprints would have an interval 2.8 times as narrow as one, beside its median."""
    told = forecast_sum(UNEVEN, EIGHT, seed=1)

    assert relative_width(told, 8) > relative_width(told, 1) / 2


@requirement("forecast.never-certain")
def test_no_chance_is_over_95_percent() -> None:
    told = forecast_sum(past(*[40] * 50), EIGHT, seed=1)

    assert told.at_least(0, after=8) == told.at_least(1, after=8) == MOST_CERTAIN
    assert told.at_least(1e9, after=8) == 0


def test_more_confidence_takes_more_sprints() -> None:
    told = forecast_sum(UNEVEN, EIGHT, seed=1)
    counts = [told.sprints_until(160, confidence) for confidence in (0.1, 0.5, 0.9)]

    assert counts == sorted(counts, key=lambda count: count or 99)
    assert counts[1] == 4
    assert counts[0] != counts[2]


def test_what_takes_longer_than_was_forecast_is_not_guessed() -> None:
    told = forecast_sum(UNEVEN, EIGHT, seed=1)

    assert told.sprints_until(1_000, 0.5) is None
    assert told.sprints_until(1, 0.99) is None, "nothing is that certain"


def test_a_sprint_without_anybody_adds_nothing() -> None:
    told = forecast_sum(UNEVEN, [TWO_WEEKS, Conditions(days=14, availability=0), TWO_WEEKS], seed=1)

    assert told.totals[0] == told.totals[1]
    assert told.quantile(0.5, after=3) > told.quantile(0.5, after=2)


def test_each_sprint_has_its_own_length_and_people() -> None:
    same, shorter = ([TWO_WEEKS, Conditions(days=days, availability=0.5)] for days in (14, 7))
    medians = [
        forecast_sum(UNEVEN, coming, seed=1).quantile(0.5, after=2) for coming in (EIGHT, same, shorter)
    ]

    assert all(one > other for one, other in pairwise(medians))


@requirement("forecast.rest")
@pytest.mark.parametrize("share", [0.5, 0.1])
def test_the_rest_of_a_sprint_is_less_sure_than_its_points_are_fewer(share: float) -> None:
    """Its noise shrinks with the root of what is left, as that of independent days does."""
    whole, rest = (forecast_sum(UNEVEN, [TWO_WEEKS], seed=1, shares=[left]) for left in (1.0, share))
    beside = relative_width(rest, 1) / relative_width(whole, 1)

    assert rest.quantile(0.5, after=1) == pytest.approx(share * whole.quantile(0.5, after=1), rel=0.06)
    assert 0.7 / sqrt(share) < beside < 1 / sqrt(share)


def test_parts_that_make_a_sprint_have_the_variance_of_one() -> None:
    """But for the level, which all of them share."""
    whole = forecast_sum(UNEVEN, [TWO_WEEKS], seed=1)
    halves = forecast_sum(UNEVEN, [TWO_WEEKS] * 2, seed=1, shares=[0.5, 0.5])

    assert relative_width(halves, 2) == pytest.approx(relative_width(whole, 1), rel=0.1)


def test_a_commitment_of_the_first_sprint_alone_leaves_the_later_ones_as_they_are() -> None:
    """They have the same luck in both, so that nothing but the first differs."""
    open_ones = forecast_sum(UNEVEN, [TWO_WEEKS] * 2, seed=1)
    first = forecast_sum(UNEVEN, [Conditions(days=14, committed=90), TWO_WEEKS], seed=1)

    more = [first.quantile(0.5, after=n) - open_ones.quantile(0.5, after=n) for n in (1, 2)]
    assert more[0] > 3
    assert more[1] == pytest.approx(more[0], abs=2)


def test_a_further_sprint_changes_nothing_before_it() -> None:
    assert forecast_sum(UNEVEN, EIGHT, seed=3).totals[:5] == forecast_sum(UNEVEN, EIGHT[:5], seed=3).totals


@requirement("forecast.same")
@pytest.mark.parametrize("hashes", ["0", "1"])
def test_the_seed_alone_decides_in_every_process(hashes: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": hashes},
    )

    assert int(done.stdout) == hash(forecast_sum(UNEVEN, EIGHT, seed=7).totals)
    assert int(done.stdout) != hash(forecast_sum(UNEVEN, EIGHT, seed=8).totals)


def test_no_history_is_no_evidence() -> None:
    told = forecast_sum([], EIGHT, seed=1)

    assert told.evidence is Evidence.NONE
    assert "No past sprint" in told.notes[0]
    assert relative_width(told, 8) > 1.5
