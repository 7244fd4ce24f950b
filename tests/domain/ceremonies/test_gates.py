"""A sprint waits for its review and its retrospective where they are gates: until they are held, or time is over."""

from datetime import timedelta

import pytest

from scrum.ceremonies.triggers.evaluation import next_tick
from scrum.sprint.model import State
from scrum.team.project import Cadence
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import Diary, a_policy
from tests.requirements import requirement

TO_THE_END = [State.IN_REVIEW, State.RETROSPECTIVE, State.COMPLETED]


def gated(hours: float = 24) -> Diary:
    gate = {"gate": True, "timeout_hours": hours}
    return Diary(a_policy(ceremonies={"sprint_review": gate, "retrospective": gate})).starts(items=1)


def test_a_sprint_behind_a_gate_says_until_when() -> None:
    assert (
        gated(24).completes(1).evaluated().sprint == "It waits for sprint_review, until 2026-03-03 09:01 UTC."
    )


@requirement("ceremonies.gates")
@pytest.mark.parametrize(
    ("happening", "how"), [("ceremony_held", "was held"), ("ceremony_skipped", "was skipped")]
)
def test_a_gate_keeps_the_sprint_until_it_is_held_or_skipped(happening: str, how: str) -> None:
    diary = gated().completes(1)

    assert diary.moved() == [State.IN_REVIEW]
    assert diary.after(hours=1).moved() == []
    found = diary.happens(happening, item="sprint_review").evaluated()
    assert [one.state for one in found.moves] == [State.RETROSPECTIVE]
    assert found.moves[0].reason == f"sprint_review {how}."
    assert [one.ceremony for one in found.firings] == ["retrospective"]
    assert diary.happens(happening, item="retrospective").moved() == [State.COMPLETED]


@pytest.mark.parametrize("evaluated", [True, False], ids=["before", "at once"])
def test_one_from_before_the_sprint_was_behind_the_gate_does_not_open_it(*, evaluated: bool) -> None:
    """Whether the one that the sprint waits for was due already when somebody told of the other, or not yet."""
    diary = gated().happens("ceremony_triggered", item="sprint_review")
    asked = diary.evaluated().firings[-1]
    diary.completes(1).happens("sprint_in_review")
    firings = diary.evaluated().firings if evaluated else ()

    found = diary.happens("ceremony_held", item="sprint_review", occurrence=asked.occurrence).evaluated()

    (due,) = (one for one in (*firings, *found.firings) if one.ceremony == "sprint_review")
    assert State.RETROSPECTIVE not in [one.state for one in found.moves]
    assert diary.happens("ceremony_held", item="sprint_review", occurrence=due.occurrence).moved() == [
        State.RETROSPECTIVE
    ]


def test_another_ceremony_does_not_open_a_gate() -> None:
    diary = gated().completes(1)
    diary.evaluated()

    assert (
        diary.happens("ceremony_held", item="daily_scrum")
        .happens("ceremony_held", item="retrospective")
        .moved()
        == []
    )


@requirement("ceremonies.gates")
def test_a_gate_times_out() -> None:
    diary = gated(24).completes(1)
    diary.evaluated()

    assert diary.after(hours=23.99).moved() == []
    found = diary.after(hours=0.01).evaluated()
    assert [one.state for one in found.moves] == [State.RETROSPECTIVE]
    assert found.moves[0].reason == "sprint_review was not held within 24 hours of working days."
    assert diary.after(hours=24).moved() == [State.COMPLETED]


def test_a_gate_does_not_time_out_on_a_weekend() -> None:
    """From Friday, 9:01."""
    diary = gated(24).after(days=4).completes(1)
    diary.evaluated()

    assert diary.after(days=2, hours=23).moved() == []
    assert diary.after(hours=1).moved() == [State.RETROSPECTIVE]


def test_a_review_that_is_due_again_closes_its_gate_again() -> None:
    diary = Diary(
        a_policy(ceremonies={"sprint_review": {"gate": True, "on": "task_completed", "debounce": 1}})
    ).starts(items=2)
    diary.completes(1).evaluated()
    diary.happens("ceremony_held", item="sprint_review")

    assert diary.completes(1).moved() == [State.IN_REVIEW]


@pytest.mark.parametrize("cadence", [Cadence.PRODUCT_TEAM, Cadence.CONSULTANCY, Cadence.ENTERPRISE])
def test_teams_with_gates_still_come_to_the_end(cadence: Cadence) -> None:
    diary = Diary(a_policy(cadence)).starts(items=9)

    found = diary.on_time(MONDAY + timedelta(days=30))

    assert [move.state for one in found for move in one.moves] == TO_THE_END


def test_a_gate_that_was_not_heard_of_does_not_time_out() -> None:
    """Whoever evaluates was away: its time begins when the ceremony became due."""
    diary = Diary(a_policy(Cadence.PRODUCT_TEAM)).starts(items=9).after(days=30)

    assert diary.moved() == [State.IN_REVIEW]
    assert diary.after(hours=47).moved() == []


def test_a_review_that_was_held_before_anybody_looked_did_not_time_out() -> None:
    diary = Diary(a_policy(Cadence.PRODUCT_TEAM)).starts(items=9)
    diary.after(days=14).evaluated()
    diary.after(days=9).happens("ceremony_held", item="sprint_review").after(days=1)

    assert [move.reason for move in diary.evaluated().moves] == ["sprint_review was held."]


def test_the_next_tick_is_when_time_makes_something_due() -> None:
    diary = gated(24)
    diary.evaluated()
    assert next_tick(diary.policy, diary.facts, diary.standing) is None

    diary.completes(1).evaluated()

    assert next_tick(diary.policy, diary.facts, diary.standing) == diary.now + timedelta(hours=24)
