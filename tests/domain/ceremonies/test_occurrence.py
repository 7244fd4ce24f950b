"""What an occurrence goes through, from due to held."""

from dataclasses import replace

import pytest

from scrum.ceremonies.occurrence import MOST_ATTEMPTS, Occurrence, OccurrenceInWrongState, Status
from scrum.ceremonies.triggers.course import Firing
from tests.builders import MONDAY
from tests.domain.ceremonies.diary import SPRINT
from tests.requirements import requirement


def an_occurrence() -> Occurrence:
    return Occurrence.of(
        SPRINT, Firing("sprint_review", "end", MONDAY, "The sprint went to review.", ("end",)), number=2
    )


def test_an_occurrence_is_delivered_and_then_held() -> None:
    delivered = an_occurrence().delivered(MONDAY)
    held = delivered.held(MONDAY)

    assert (delivered.status, delivered.id, delivered.is_settled) == (Status.DELIVERED, f"{SPRINT}-C2", False)
    assert (held.status, held.is_settled, held.version) == (Status.HELD, True, 3)


def test_a_second_delivery_changes_nothing() -> None:
    delivered = an_occurrence().delivered(MONDAY)

    assert delivered.delivered(MONDAY) is delivered
    assert delivered.held(MONDAY).delivered(MONDAY) == delivered.held(MONDAY)


def test_a_delivery_that_keeps_failing_is_parked_and_can_be_tried_again() -> None:
    occurrence = an_occurrence()
    for attempt in range(1, MOST_ATTEMPTS):
        occurrence = occurrence.begun(MONDAY).attempt_failed("no channel", MONDAY)
        assert (occurrence.status, occurrence.attempts) == (Status.DUE, attempt)

    parked = occurrence.begun(MONDAY).attempt_failed("no channel", MONDAY)

    assert (parked.status, parked.told) == (Status.FAILED, "no channel")
    assert parked.retried().delivered(MONDAY).status is Status.DELIVERED


@pytest.mark.parametrize("status", [Status.DUE, Status.FAILED])
def test_what_could_not_be_delivered_can_be_held_and_is_not_delivered_any_more(status: Status) -> None:
    held = replace(an_occurrence(), status=status, told="no disk").held(MONDAY)

    assert (held.status, held.told, held.delivered_at) == (Status.HELD, "", None)
    assert held.delivered(MONDAY) is held


@pytest.mark.parametrize("status", [Status.DUE, Status.DELIVERED, Status.FAILED])
def test_what_is_not_over_can_be_skipped(status: Status) -> None:
    skipped = replace(an_occurrence(), status=status).skipped(MONDAY, "Everybody is ill.")

    assert (skipped.status, skipped.told, skipped.is_settled) == (Status.SKIPPED, "Everybody is ill.", True)


@pytest.mark.parametrize("status", [Status.HELD, Status.SKIPPED])
def test_what_is_over_stays_as_it_is(status: Status) -> None:
    over = replace(an_occurrence(), status=status)

    with pytest.raises(OccurrenceInWrongState):
        over.held(MONDAY)
    with pytest.raises(OccurrenceInWrongState):
        over.skipped(MONDAY, "")
    with pytest.raises(OccurrenceInWrongState):
        over.attempt_failed("", MONDAY)


@requirement("ceremonies.away")
def test_an_attempt_that_found_a_store_away_does_not_count() -> None:
    begun = an_occurrence().begun(MONDAY)

    assert (begun.attempts, begun.put_off(MONDAY).attempts) == (1, 0)
