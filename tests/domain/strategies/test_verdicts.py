"""What trials make of a strategy."""

from dataclasses import replace

import pytest

from scrum.memory.model import Arm, Tried
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


@requirement("strategies.by-hand")
def test_what_somebody_set_active_stays_so_and_a_lesson_says_what_speaks_against_it() -> None:
    mine = a_strategy("buffer", status=Status.ACTIVE, origin="by ana")
    sprints = [
        an_episode(40, 44, n, tried=[Tried("buffer", 1, Arm.APPLIED, 44, 40)])
        for n in range(1, MOST_TRIALS + 1)
    ]

    records, told = after(*sprints, records=[Record(mine)])

    record = named(records, "buffer")
    assert (record.closer.bad, record.strategy.status) == (MOST_TRIALS, Status.ACTIVE)
    (said,) = told.lessons
    assert said.startswith(
        "buffer was set active by ana and stays so, but its sprints speak against it: better"
    )


def test_what_somebody_proposed_and_a_test_made_active_is_dropped_when_its_sprints_speak_against_it() -> None:
    begun = in_test(4)
    proposed = Record(replace(begun.strategy, origin="by ana"), begun.trials)

    records, _ = after(an_episode(40, 40, 9), records=[proposed])
    promoted = named(records, "buffer").strategy
    worse = [an_episode(40, 44, n, tried=[Tried("buffer", 1, Arm.APPLIED, 44, 40)]) for n in range(10, 22)]
    records, _ = after(*worse, records=records)

    assert (promoted.status, promoted.origin) == (Status.ACTIVE, "proposed by ana")
    assert named(records, "buffer").strategy.status is Status.RETIRED


def test_a_sprint_without_what_somebody_set_active_says_nothing_against_it() -> None:
    tried = tuple(a_trial(n, Arm.APPLIED, better=False) for n in (1, 2))
    mine = Record(a_strategy("buffer", status=Status.ACTIVE, origin="by ana"), tried)

    assert after(an_episode(40, 40, 9), records=[mine])[1].lessons == ()
