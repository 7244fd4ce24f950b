"""Walking forward over past sprints."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from scrum.forecasting.backtest import (
    HORIZONS,
    Scores,
    covered,
    ours,
    resampling,
    scored,
    walk,
    walk_sums,
)
from scrum.forecasting.baselines import BASELINES, student
from scrum.forecasting.model import Conditions
from scrum.forecasting.next_sprint import forecast
from scrum.forecasting.scores import brier, coverage, interval_score, macro_error
from scrum.sprint.velocity import PastSprint
from tests.requirements import requirement
from tests.situations import past

TEAM = past(30, 44, 38, 51, 36, 42, 29, 47, 40, 45, 33, 39, committed_points=40, members=5)
COLUMNS = ["half commitment, half mean of 5", "velocity per member"]


def scores(*teams: Sequence[PastSprint]) -> Scores:
    told = scored([one for number, sprints in enumerate(teams) for one in walk(str(number), sprints)])
    assert told
    return told


def test_each_sprint_with_five_before_it_is_forecast_from_those_alone() -> None:
    walked = list(walk("A", TEAM))

    assert [one.place for one in walked] == list(range(5, 12))
    told = forecast(TEAM[:7], Conditions.of(TEAM[7]))
    assert (walked[2].low80, walked[2].high80) == told.interval(0.8)
    assert walked[2].p_commitment == told.at_least(40)


@requirement("forecast.no-peeking")
def test_what_came_later_changes_no_forecast() -> None:
    changed = (*TEAM[:7], *(replace(one, completed_points=500.0) for one in TEAM[7:]))

    for before, after in zip(list(walk("A", TEAM))[:3], walk("A", changed), strict=False):
        assert (before.point, before.low80, before.baselines) == (after.point, after.low80, after.baselines)
    sums = [
        [one.interval for one in walk_sums("A", sprints, ours()) if one.place == 7]
        for sprints in (TEAM, changed)
    ]
    assert sums[0] == sums[1]
    assert len(sums[0]) == 3


@requirement("backtest.planned-length")
def test_a_sprint_that_was_extended_is_forecast_with_the_length_that_was_planned() -> None:
    as_planned = replace(TEAM[7], days=14, working_days=10)
    extended = replace(TEAM[7], days=28, working_days=20, planned_days=14, planned_working_days=10)
    longer = replace(extended, planned_days=28, planned_working_days=20)

    told, same, other = (at_seven(one) for one in (as_planned, extended, longer))

    assert same == told
    assert all(more > less for more, less in zip(other, told, strict=True))


def at_seven(sprint: PastSprint) -> list[float]:
    """What is forecast of this sprint when it is the eighth, alone and with the next one."""
    sprints = (*TEAM[:7], sprint, TEAM[8])
    (_, _, one, _) = walk("A", sprints)
    both = next(one for one in walk_sums("A", sprints, ours()) if one.place == 7)
    return [one.point, both.interval[1]]


def test_baselines_are_what_their_names_say() -> None:
    coming = Conditions(members=4, committed=50)
    told = {
        name: baseline(past(10, 20, 30, 40, 60, members=5), coming) for name, baseline in BASELINES.items()
    }

    assert told == {
        "last": 60,
        "mean of last 3": pytest.approx(43.333, abs=0.001),
        "mean of last 10": 32,
        "smoothing 0.3": pytest.approx(35.269),
        "half commitment, half mean of 5": 41,
        "velocity per member": pytest.approx(25.6),
    }


def test_the_interval_of_a_student_is_that_of_the_books() -> None:
    """t(3, 0.9) = 1.6377 around 25, with a standard deviation of 12.910, times the root of 1 + 1/4."""
    assert student(past(10, 20, 30, 40)) == pytest.approx((25 - 23.638, 25 + 23.638), abs=0.001)


def test_points_alone_are_enough() -> None:
    bare = [PastSprint(one.name, one.source, one.completed_points) for one in TEAM]
    told = scores(bare)

    assert told.n == 7
    assert told.error is not None
    assert (told.brier, told.base_rate, told.commitments) == (None, None, 0)
    assert [name for name, error in told.errors.items() if error is None] == COLUMNS


def test_a_commitment_that_only_some_sprints_have_is_scored_for_those() -> None:
    some = [*TEAM[:9], *(replace(one, committed_points=None) for one in TEAM[9:])]
    told = scores(some)

    assert told.commitments == 4
    assert told.errors["half commitment, half mean of 5"] is None
    assert told.errors["velocity per member"] is not None


def test_commitments_of_nothing_are_left_out_of_the_brier_score_and_its_base_rate() -> None:
    some = [*TEAM[:8], *(replace(one, committed_points=0.0) for one in TEAM[8:])]
    told = scores(some)

    assert [one.p_commitment is None for one in walk("A", some)] == [False] * 3 + [True] * 4
    assert (told.n, told.commitments) == (7, 3)
    assert told.base_rate == pytest.approx(2 / 3 * 1 / 3)


def test_beside_ours_is_the_forecast_before_the_team_commits() -> None:
    history, coming = TEAM[:8], replace(TEAM[8], committed_points=90.0)
    told = forecast(history, replace(Conditions.of(coming), committed=None))

    (one,) = walk("A", [*history, coming], after=8)

    assert (one.open_point, one.open80) == (told.median, told.interval(0.8))
    assert one.point > one.open_point
    found = scored([one])
    assert found
    assert found.open_error == pytest.approx(abs(told.median - 40) / 40)
    assert found.open_coverage == 1
    assert found.open_score == pytest.approx(one.open80[1] - one.open80[0])


def seen(sprints: Sequence[PastSprint]) -> list[Conditions]:
    """What a forecast of the last three together is told of them."""
    told: list[Conditions] = []

    def summing(
        _: Sequence[PastSprint], coming: Sequence[Conditions], counts: Sequence[int]
    ) -> list[tuple[float, float]]:
        told.extend(coming)
        return [(0, 0) for _ in counts]

    assert len(list(walk_sums("A", sprints, summing, after=len(sprints) - 3))) == 3
    return told[:3]


def test_of_several_sprints_each_has_its_own_length_heads_and_availability_but_the_first_commitment() -> None:
    later = replace(TEAM[10], availability=0.5, days=7, members=3)

    assert seen([*TEAM[:10], later, TEAM[11]]) == [
        Conditions(days=14, members=5, committed=40),
        Conditions(days=7, members=3, availability=0.5),
        Conditions(days=14, members=5),
    ]


def test_too_short_a_history_has_no_scores() -> None:
    assert scored(list(walk("A", TEAM[:5]))) is None
    assert covered(walk_sums("A", TEAM[:6], ours())) == {}


def test_a_team_that_completed_nothing_breaks_no_score() -> None:
    told = scores(past(*[0] * 9), TEAM)

    assert told.teams == 2
    assert told.error == scores(TEAM).error


def test_sums_count_what_came_together() -> None:
    walked = list(walk_sums("A", TEAM, resampling))

    assert {one.sprints for one in walked} == {2, 3, 5}
    assert [one.completed for one in walked if one.place == 5] == [71, 118, 203]
    assert {count: one.n for count, one in covered(walked).items()} == {2: 6, 3: 5, 5: 3}


def test_velocities_that_never_differ_are_covered() -> None:
    sums = covered(walk_sums("A", past(*[40] * 14), ours()))

    assert sorted(sums) == sorted(HORIZONS)
    assert {one.coverage for one in sums.values()} == {1.0}


def test_scores_are_what_their_formulas_say() -> None:
    assert macro_error([[(10, 12), (10, 8)], [(5, 10)], [(1, 0)]]) == pytest.approx((4 / 20 + 5 / 10) / 2)
    assert macro_error([[(1, 0)]]) is None
    intervals = [((1.0, 5.0), 5.0), ((1.0, 5.0), 7.0), ((3.0, 5.0), 1.0), ((0.0, 9.0), 4.0)]
    assert coverage(intervals) == 0.5
    assert interval_score(intervals) == pytest.approx((4 + 24 + 22 + 9) / 4)
    assert brier([(0.9, True), (0.5, False)]) == pytest.approx((0.01 + 0.25) / 2)
