"""Episodes, and why a search found them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scrum.memory.model import AlreadyCompleted, AlreadyTold, Context, Features, Outcome, Result, Told
from scrum.memory.search import Near, Query, Where, compared, reasons
from tests.builders import MONDAY
from tests.domain.memory.examples import NUMBERS, closed, episode


@pytest.mark.parametrize(("completed", "result"), [(31, Result.SUCCESS), (30, Result.FAILURE)])
def test_a_sprint_that_completes_nine_tenths_is_a_success(completed: int, result: Result) -> None:
    assert episode().result is Result.OPEN
    assert closed(episode(), completed).result is result


def test_the_error_is_what_was_completed_beyond_what_was_expected() -> None:
    assert episode().error is None
    assert closed(episode(), 30).error == -3.0


def test_an_outcome_is_never_changed() -> None:
    done = closed(episode(), 33, "Fewer large items")

    assert closed(done, 33, "Fewer large items") == done
    with pytest.raises(AlreadyCompleted, match="another outcome"):
        closed(done, 34)


def test_a_model_reads_the_goal_the_labels_the_text_and_the_numbers_that_are_known() -> None:
    context = Context(
        "Pay by card", "Stored cards.", ("checkout", "mobile"), Features(team_size=5, scope=47.5)
    )

    assert context.wording == "Pay by card\ncheckout, mobile\nStored cards.\nteam size 5, scope 47.5"


def test_a_hit_says_in_what_it_is_near_and_what_both_have() -> None:
    asked = Context("Pay", features=Features(team_size=5, velocity=60, availability=0.75))
    found = episode(goal="Pay by card", features=NUMBERS)

    assert reasons(asked, found, Near(2, 1, 3, 0.817), ("card", "pay")) == (
        "82% alike in meaning",
        "both say card, pay",
        "team of 5, asked for 5",
        "availability 0.8, asked for 0.75",
    )


def test_the_first_of_a_ranking_is_not_called_near_for_that() -> None:
    asked = Context(features=Features(team_size=5, availability=1))

    assert reasons(asked, episode(goal="Pay"), Near(None, None, 1), ()) == ()
    assert reasons(asked, episode(features=Features(availability=0.8)), Near(1, None, 1, 0.004), ()) == ()


def test_the_scope_says_every_condition() -> None:
    where = Where("SHOP", MONDAY, MONDAY + timedelta(days=30), Result.FAILURE, "PLAN-9")

    assert Where().words == "episodes of all projects"
    assert where.words == (
        "episodes of SHOP since 2026-03-02 09:00 before 2026-04-01 09:00 with the outcome failure beside that of PLAN-9"
    )


def test_what_is_compared_is_what_the_question_has() -> None:
    assert compared(Query(Context("Pay"))) == ("words",)
    assert compared(Query(Context(features=NUMBERS))) == ("words", "numbers")


def test_the_same_outcome_told_again_keeps_its_lessons() -> None:
    outcome = Outcome(MONDAY, 34, 33)

    assert episode().completed(outcome, ("a",)).completed(outcome, ("a",)).lessons == ("a",)


def test_each_thing_that_becomes_known_is_a_version() -> None:
    one = replace(episode(), told=Told("Take 34"))
    told = one.judged("Finished 33", Result.TOLD)

    assert [one.version, told.version, told.judged("Finished 33", Result.FAILURE).version] == [1, 2, 3]
    assert episode().completed(Outcome(MONDAY, 34, 33)).version == 2


def test_another_outcome_of_what_was_told_says_how_to_record_another_decision() -> None:
    told = replace(episode(), told=Told("Take 34")).judged("Finished 33", Result.TOLD)

    with pytest.raises(AlreadyTold, match="Give date to record another decision in the same words"):
        told.judged("Finished 20", Result.TOLD)
