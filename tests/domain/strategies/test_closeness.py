"""What is said of a commitment by a sprint that could have completed more."""

from math import sqrt
from statistics import NormalDist, fmean

import pytest

from scrum.memory.model import Arm, Tried
from scrum.sprint.model import Prediction
from scrum.strategies.closeness import Closeness, closeness
from scrum.strategies.learning import learned
from scrum.strategies.model import Record
from tests.builders import by
from tests.domain.strategies.examples import a_strategy, an_episode, kept, named
from tests.requirements import requirement

ROOT = NormalDist(sqrt(4500), 6)
LOW, MIDDLE, HIGH = (ROOT.inv_cdf(p) ** 2 for p in (0.1, 0.5, 0.9))
FORECAST = Prediction(MIDDLE, LOW, HIGH, 0.5)
CAPACITIES = [round(ROOT.inv_cdf((place + 0.5) / 400) ** 2) for place in range(400)]
"""What the forecast says, in equal parts."""


def tried(arm: Arm, before: int = 4500, after: int = 4000) -> Tried:
    return Tried("buffer", 1, arm, before, after)


def of_who_stops_when_done(capacity: int, one: Tried) -> float:
    """How much a sprint speaks for the strategy."""
    taken = one.after if one.arm is Arm.APPLIED else one.before
    seen = closeness(an_episode(taken, min(taken, capacity), prediction=FORECAST), one)
    told = seen.likely if seen.better is None else seen.better
    return 0.5 if told is None else float(told)


@requirement("strategies.finished")
@pytest.mark.parametrize("after", [4000, 3000, 5400], ids=["a buffer", "a large one", "more"])
def test_where_the_forecast_is_right_both_arms_say_the_same_of_a_team_that_stops_when_it_is_done(
    after: int,
) -> None:
    applied, control = (
        fmean(of_who_stops_when_done(capacity, tried(arm, after=after)) for capacity in CAPACITIES)
        for arm in (Arm.APPLIED, Arm.CONTROL)
    )

    assert applied == pytest.approx(control, abs=0.01)


def test_who_finished_all_of_the_smaller_commitment_speaks_rather_for_the_larger() -> None:
    fewer, more = (
        closeness(an_episode(4000, 4000, prediction=FORECAST), one)
        for one in (tried(Arm.APPLIED), tried(Arm.CONTROL, before=4000, after=4500))
    )

    assert (fewer.better, more.better) == (None, None)
    assert fewer.likely is not None
    assert more.likely == pytest.approx(1 - fewer.likely)
    assert 0 < fewer.likely < 0.5


def test_the_probability_is_that_of_the_forecast_on_either_side_of_its_middle() -> None:
    lopsided = Prediction(4500, 3000, 5000, 0.5)
    at_the_low_end = an_episode(3000, 3000, prediction=lopsided)

    seen = closeness(at_the_low_end, tried(Arm.APPLIED, before=6000, after=3000))

    assert seen.likely == pytest.approx(1 - 0.5 / 0.9), "half of the nine tenths that do not end below it"


def test_who_took_more_and_left_some_of_it_has_shown_all_it_could() -> None:
    left = an_episode(4000, 4100, added=300, prediction=FORECAST)
    finished = an_episode(4000, 4100, added=100, prediction=FORECAST)

    assert closeness(left, tried(Arm.APPLIED)) == Closeness(better=True)
    assert closeness(finished, tried(Arm.APPLIED)).better is None


@pytest.mark.parametrize(
    "forecast", [None, Prediction(1.0, 1.0, 1.0, 0.5)], ids=["none", "an impossible one"]
)
def test_without_a_forecast_of_it_nothing_is_said(forecast: Prediction | None) -> None:
    assert closeness(an_episode(4000, 4000, prediction=forecast), tried(Arm.APPLIED)) == Closeness()


def test_it_counts_in_the_test_by_its_probability() -> None:
    records = [Record(a_strategy("buffer", support=("PLAN-0",)))]
    episode = an_episode(4000, 4000, tried=[tried(Arm.APPLIED)], prediction=FORECAST)

    record = named(kept(records, learned(records, episode, [], by=by())), "buffer")

    assert record.closer.n == 1
    assert record.closer.good == closeness(episode, tried(Arm.APPLIED)).likely
    assert record.better_than_none is not None
    assert 0.2 < record.better_than_none < 0.5
