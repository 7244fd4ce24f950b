"""What completed sprints teach."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from scrum.memory.model import Arm, Decision, Tried
from scrum.strategies.events import (
    EvidenceAdded,
    StrategyActivated,
    StrategyProposed,
    StrategyRetired,
    StrategySupported,
)
from scrum.strategies.learning import learned, watched
from scrum.strategies.model import MOST_TRIALS, Record, Status, under_test
from tests.builders import by
from tests.domain.strategies.examples import (
    START,
    a_strategy,
    a_trial,
    after,
    an_episode,
    in_test,
    kept,
    named,
)
from tests.requirements import requirement

BUFFERED = Tried("velocity_buffer", 1, Arm.APPLIED, 45, 40)


def test_a_failed_sprint_supports_a_buffer_of_about_ten_percent_and_begins_its_test() -> None:
    records, told = after(an_episode(45, 38))

    buffer = named(records, "velocity_buffer")
    assert (str(buffer.strategy.effect), buffer.strategy.support) == ("buffer 0.1", ("PLAN-1",))
    assert under_test(records) == buffer
    assert told.lessons[0].startswith("Overcommitment: 38 of 45 points were completed")
    assert [type(one) for one in told.events].count(StrategySupported) == 1


def test_a_success_supports_nothing() -> None:
    records, told = after(an_episode(45, 41))

    assert under_test(records) is None
    assert not [one for one in told.events if isinstance(one, StrategySupported | StrategyProposed)]
    assert told.lessons == ()


def test_a_large_shortfall_that_repeats_is_estimated_larger_as_another_version() -> None:
    records, _ = after(*(an_episode(40, 20, n) for n in (1, 2, 3)))

    buffer = named(records, "velocity_buffer").strategy
    assert (str(buffer.effect), buffer.version) == ("buffer 0.3", 4)
    assert buffer.support


def test_a_rule_whose_test_began_is_supported_and_stays_as_it_is() -> None:
    begun = in_test(1, name="velocity_buffer")
    records, _ = after(an_episode(40, 10, 7), records=[begun])

    after_it = named(records, "velocity_buffer")
    assert after_it.strategy.version == 1
    assert "PLAN-7" in after_it.strategy.support


@pytest.mark.parametrize(
    ("fields", "cause", "name", "effect"),
    [
        ({"added": 9}, "Scope growth", "reserve_unplanned", "reserve 0.15"),
        ({"figures": {"largest_planned": 20.0}}, "Large items", "smaller_items", "cap 6"),
        ({"figures": {"chain_planned": 4.0}}, "Blocked chains", "chain_buffer", "buffer 0.15"),
        (
            {"figures": {"unestimated_planned": 2.0}},
            "Unestimated work",
            "estimate_first",
            "leave_out_unestimated",
        ),
        ({"figures": {"carry_over": 20.0}}, "Carry-over", "limit_carried", "limit_carry_over 0.3"),
    ],
)
def test_each_cause_of_a_failure_has_a_candidate(
    fields: dict[str, Any], cause: str, name: str, effect: str
) -> None:
    records, told = after(an_episode(40, 30, **fields))

    found = named(records, name).strategy
    assert (str(found.effect), found.status, found.support) == (effect, Status.CANDIDATE, ("PLAN-1",))
    assert any(lesson.startswith(cause) for lesson in told.lessons)


def test_what_new_work_took_is_no_overcommitment() -> None:
    _, told = after(an_episode(40, 34, added=9))

    assert not any(lesson.startswith("Overcommitment") for lesson in told.lessons)


def test_absences_that_a_plan_ignored_are_named() -> None:
    _, told = after(an_episode(40, 30, availability=0.6))

    assert any(lesson.startswith("Absences ignored") for lesson in told.lessons)


def test_a_sprint_that_finished_all_it_took_is_a_success_and_says_nothing_of_a_larger_commitment() -> None:
    episode = an_episode(40, 41, tried=[BUFFERED])
    records, told = after(episode)

    (trial,) = named(records, "velocity_buffer").trials
    assert (trial.arm, trial.success, trial.better) == (Arm.APPLIED, True, None)
    assert [
        one.arm
        for one in told.events
        if isinstance(one, EvidenceAdded) and one.aggregate.endswith("velocity_buffer")
    ]


@requirement("strategies.finished")
@pytest.mark.parametrize(
    ("arm", "before", "after_it", "completed", "better"),
    [
        (Arm.APPLIED, 45, 40, 40, None),
        (Arm.APPLIED, 45, 40, 39, True),
        (Arm.APPLIED, 45, 40, 45, False),
        (Arm.CONTROL, 40, 36, 40, False),
        (Arm.CONTROL, 40, 52, 40, None),
        (Arm.CONTROL, 40, 52, 30, False),
        (Arm.APPLIED, 40, 52, 52, True),
        (Arm.SHADOW, 40, 52, 41, None),
    ],
)
def test_who_finished_all_that_was_taken_says_nothing_of_more_than_that(
    arm: Arm, before: int, after_it: int, completed: int, better: bool | None
) -> None:
    taken = after_it if arm is Arm.APPLIED else before
    tried = Tried("velocity_buffer", 1, arm, before, after_it)

    (trial,) = named(after(an_episode(taken, completed, tried=[tried]))[0], "velocity_buffer").trials

    assert trial.better is better


def test_what_is_as_close_with_it_as_without_it_speaks_for_nobody() -> None:
    records, _ = after(an_episode(40, 42, tried=[Tried("velocity_buffer", 1, Arm.CONTROL, 44, 40)]))

    record = named(records, "velocity_buffer")
    assert (record.closer.n, record.tested) == (0, 1)


@requirement("strategies.room")
@pytest.mark.parametrize(
    ("points", "figures", "better"),
    [
        (6, {"scope": 6.0, "largest_item": 3.0}, None),
        (6, {"scope": 90.0, "largest_item": 8.0}, None),
        (26, {"scope": 26.0, "largest_item": 8.0}, None),
        (26, {"scope": 90.0, "largest_item": 8.0}, True),
        (28, {"scope": 90.0, "largest_item": 8.0}, True),
        (28, {}, True),
        (20, {"scope": 90.0, "largest_item": 8.0, "unestimated_planned": 2.0}, True),
        (36, {"scope": 90.0, "largest_item": 8.0}, None),
    ],
    ids=[
        "all there was",
        "the rest could not be chosen",
        "nearly all there was",
        "no item fits in what is left",
        "full",
        "not known",
        "items without points fill it",
        "more was asked for",
    ],
)
def test_a_strategy_that_could_not_change_what_was_taken_is_neither_nearer_nor_farther(
    points: int, figures: dict[str, float], better: bool | None
) -> None:
    tried = Tried("velocity_buffer", 1, Arm.APPLIED, 36, 28)
    sprint = replace(an_episode(28, 6, tried=[tried], figures=figures), decision=Decision(28, 36, points))

    (trial,) = named(after(sprint)[0], "velocity_buffer").trials

    assert trial.better is better


@requirement("strategies.room")
def test_a_commitment_beyond_the_backlog_counts_as_the_backlog() -> None:
    tried = Tried("velocity_buffer", 1, Arm.APPLIED, 36, 28)
    sprint = an_episode(28, 30, tried=[tried], figures={"scope": 30.0, "largest_item": 8.0})

    (trial,) = named(after(sprint)[0], "velocity_buffer").trials

    assert trial.better is False, "all 30 would have been taken without it, and were completed"


def test_another_rule_begins_on_past_sprints_from_where_the_one_before_it_began() -> None:
    sprint = an_episode(40, 39, tried=[Tried("mine", 1, Arm.APPLIED, 50, 40)])

    (trial,) = watched(a_strategy("mine", "buffer 0.2", version=2), [sprint])
    (other,) = watched(a_strategy("other", "buffer 0.2"), [sprint])

    assert trial.better is True, "40 instead of 50"
    assert other.better is False, "32 instead of 40"


def test_learning_from_an_episode_again_changes_nothing() -> None:
    episode = an_episode(45, 38, tried=[Tried("velocity_buffer", 1, Arm.SHADOW, 45, 40)])
    records, first = after(episode)

    again = learned(records, episode, [episode], by=by())

    assert first.trials
    assert (again.strategies, again.trials, again.events) == ((), (), ())


def test_two_episodes_count_once_each_in_either_order() -> None:
    both = [an_episode(45, 38, n, tried=[Tried("velocity_buffer", 1, Arm.SHADOW, 45, 40)]) for n in (1, 2)]

    counted = [
        {(one.strategy, one.version, one.episode) for record in after(*order)[0] for one in record.trials}
        for order in permutations(both)
    ]

    assert counted[0] == counted[1]
    assert {episode for _, _, episode in counted[0]} == {"PLAN-1", "PLAN-2"}


def test_evidence_of_an_older_rule_is_no_evidence_for_the_present_one() -> None:
    newer = Record(a_strategy("velocity_buffer", "buffer 0.2", version=2))
    records, told = after(an_episode(40, 41, tried=[BUFFERED]), records=[newer])

    own = [(one.version, one.arm) for one in told.trials if one.strategy == "velocity_buffer"]
    assert own == [(1, Arm.APPLIED), (2, Arm.SHADOW)]
    assert [one.version for one in named(records, "velocity_buffer").trials] == [2]


def test_a_candidate_that_is_nearly_always_closer_is_followed_from_then_on() -> None:
    records, told = after(an_episode(40, 39, 9, tried=[_applied()]), records=[in_test(3)])

    assert named(records, "buffer").strategy.status is Status.ACTIVE
    (event,) = (one for one in told.events if isinstance(one, StrategyActivated))
    assert event.better_than_none is not None
    assert event.better_than_none > 0.9


def test_one_that_is_farther_from_the_outcome_is_dropped() -> None:
    records, told = after(an_episode(40, 44, 9, tried=[_applied()]), records=[in_test(0, 1)])

    assert named(records, "buffer").strategy.status is Status.RETIRED
    (event,) = (one for one in told.events if isinstance(one, StrategyRetired))
    assert event.better_than_none is not None
    assert event.better_than_none < 0.2


def test_a_test_ends_after_ten_sprints_and_what_is_not_better_is_dropped() -> None:
    half = MOST_TRIALS // 2

    assert in_test(half, half - 1).verdict() is Status.CANDIDATE
    assert in_test(half, half).verdict() is Status.RETIRED


def test_absences_are_facts_and_scaling_by_them_is_never_dropped() -> None:
    scale = named(START, "scale_by_availability").strategy
    trials = tuple(a_trial(n, Arm.APPLIED, better=False, name=scale.name, success=False) for n in range(9))

    assert Record(scale, trials).verdict() is Status.ACTIVE


def test_a_new_candidate_is_tried_on_past_sprints_where_its_condition_held() -> None:
    past = [an_episode(40, 34, n) for n in (1, 2)]
    records, _ = after(*past, an_episode(40, 34, 3, figures={"chain_planned": 4.0, "longest_chain": 4.0}))

    watched = named(records, "chain_buffer")
    assert [trial.episode for trial in watched.trials] == ["PLAN-3"]
    assert [trial.episode for trial in named(records, "velocity_buffer").trials] == [
        "PLAN-1",
        "PLAN-2",
        "PLAN-3",
    ]


def test_what_another_project_learned_arrives_as_a_candidate() -> None:
    theirs = Record(
        a_strategy("holidays", "buffer 0.2", "days_away > 2", status=Status.ACTIVE, support=("PLAN-X",))
    )
    told = learned(START, an_episode(40, 40), [], by=by(), shared=[theirs])

    arrived = named(kept(START, told), "holidays").strategy
    assert (arrived.status, arrived.version, arrived.support) == (Status.CANDIDATE, 1, ())
    assert arrived.origin == "learned in SHOP"
    again = learned(kept(START, told), an_episode(40, 40), [], by=by(), shared=[theirs])
    assert not [one for one in again.events if isinstance(one, StrategyProposed)]


def _applied() -> Tried:
    return Tried("buffer", 1, Arm.APPLIED, 44, 40)
