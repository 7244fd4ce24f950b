"""What trials make of a strategy."""

from dataclasses import replace

import pytest

from scrum.memory.model import Arm
from scrum.strategies.model import MOST_TRIALS, Record, Status
from tests.domain.strategies.examples import a_strategy, a_trial, after, an_episode, in_test, named
from tests.requirements import requirement


def cap(status: Status, *tried: tuple[Arm, bool]) -> Record:
    """By the arms of its sprints, and whether they were successes."""
    trials = (
        a_trial(n, arm, better=None, name="cap", success=good) for n, (arm, good) in enumerate(tried, start=1)
    )
    return Record(a_strategy("cap", "cap 5", status=status), tuple(trials))


@requirement("strategies.compare")
def test_without_sprints_to_compare_with_nothing_is_said_of_an_active_rule_for_items() -> None:
    followed = cap(Status.ACTIVE, *[(Arm.APPLIED, False)] * 6)

    assert (followed.better_than_none, followed.verdict()) == (None, Status.ACTIVE)


def test_sprints_that_the_coin_left_out_alone_say_nothing_either() -> None:
    assert cap(Status.CANDIDATE, (Arm.CONTROL, False), (Arm.CONTROL, True)).better_than_none is None


@pytest.mark.parametrize(
    ("good", "verdict"), [(True, Status.ACTIVE), (False, Status.RETIRED)], ids=["better", "worse"]
)
def test_with_sprints_of_both_arms_their_successes_compare(good: bool, verdict: Status) -> None:
    tried = [(Arm.APPLIED, good), (Arm.CONTROL, not good)] * 4

    assert cap(Status.CANDIDATE, *tried).verdict() is verdict


def test_a_test_in_which_nothing_could_be_compared_ends_and_says_so() -> None:
    begun = in_test(1)
    trials = tuple(a_trial(n, Arm.APPLIED, better=None) for n in range(1, MOST_TRIALS + 1))

    records, told = after(an_episode(40, 40, 99), records=[replace(begun, trials=trials)])

    record = named(records, "buffer")
    assert (record.strategy.status, record.better_than_none) == (Status.RETIRED, None)
    assert told.lessons == (
        "buffer is retired after 10 sprints: none of them tells whether it is better than none.",
    )


def test_as_many_good_or_bad_sprints_as_are_told_decide() -> None:
    assert [in_test(n).verdict() for n in (3, 4)] == [Status.CANDIDATE, Status.ACTIVE]
    assert [in_test(0, n).verdict() for n in (1, 2)] == [Status.CANDIDATE, Status.RETIRED]
