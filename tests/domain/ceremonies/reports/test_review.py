"""The sprint review."""

from dataclasses import replace
from typing import Any

from scrum.backlog.model import Block, Item, Status
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.terms import REVIEW
from scrum.chronicle.reports import Report
from scrum.sprint.ledger import Entry, Kind, Ledger
from scrum.sprint.model import State
from tests.domain.ceremonies.reports.examples import SPRINT, after, committed, entry, in_sprint, material
from tests.domain.ceremonies.reports.reported import section, told
from tests.requirements import requirement
from tests.situations import past

DONE = in_sprint(1, 5, assignee="Ana", status=Status.DONE)
LEFT = in_sprint(2, 3, assignee="Bo", block=Block("no key", after(1)))
RUNNING = (
    "The sprint runs still: when its work is over, this says whether it is a success, why not, and what it does to "
    "velocity and forecast."
)
ENDED = replace(SPRINT, state=State.IN_REVIEW, ended_at=after(11))
COMPLETED = entry(Kind.COMPLETED, 1, 5, 2)


def review(given: Material) -> Report:
    return told(REVIEW, given)


def ended(*more: Entry, items: tuple[Item, ...] = (DONE, LEFT), **fields: Any) -> Material:
    return replace(material(items, COMPLETED, *more, days=11, sprint=ENDED), **fields)


def test_committed_and_completed_are_told_with_their_measure() -> None:
    assert section(review(ended()), "Sprint") == (
        "Goal: 'Sell things'.",
        "It started 2026-03-02 09:00 UTC and ended 2026-03-13 09:00 UTC; it is in review.",
        "Committed: 8 points in 2 items. Completed: 5 points in 1 item: 62% of the commitment.",
        "By the measure of 90% of the commitment it is no success.",
    )


def test_nine_tenths_are_a_success() -> None:
    entries = (*committed([in_sprint(1, 9), in_sprint(2, 1)]), entry(Kind.COMPLETED, 1, 9, 2))

    assert "it is a success." in section(review(ended(ledger=Ledger(entries))), "Sprint")[3]


def test_each_item_is_done_or_not() -> None:
    report = review(ended())

    assert section(report, "Done") == ("SHOP-1 'Item 1', 5 points, Ana.",)
    assert section(report, "Not done") == (
        "1 item with 3 points.",
        "SHOP-2 'Item 2', 3 points, Bo, todo now, blocked: 'no key'.",
    )


def test_what_was_carried_over_is_told_once_the_sprint_is_closed() -> None:
    carried = replace(LEFT, sprint="", carried=2, block=None)
    given = ended(entry(Kind.CARRIED_OVER, 2, 3, 11), items=(DONE,))
    entries = Ledger((*committed([DONE, LEFT]), COMPLETED, entry(Kind.CARRIED_OVER, 2, 3, 11)))
    closed = replace(
        given,
        ledger=entries,
        known={"SHOP-1": DONE, "SHOP-2": carried},
        sprint=replace(ENDED, state=State.COMPLETED, result=entries.figures()),
    )

    assert section(review(closed), "Not done") == (
        "1 item with 3 points; 1 item with 3 points carried over.",
        "SHOP-2 'Item 2', 3 points, Bo, todo now, carried over 2 times in all.",
    )


def test_the_outcome_stands_beside_what_was_predicted() -> None:
    assert section(review(ended()), "Expected") == (
        (
            "Predicted at the planning: 20 points, 80% between 10 and 30, chance to meet the commitment 50%. Completed: 5, "
            "outside that interval."
        ),
    )
    unplanned = ended(sprint=replace(ENDED, prediction=None))
    assert "Nothing was predicted" in section(review(unplanned), "Expected")[0]


@requirement("reports.review")
def test_velocity_and_forecast_are_told_before_and_with_the_sprint() -> None:
    report = review(ended(history=past(20, 20, 20, 20, 20)))

    assert section(report, "Velocity") == (
        "Before it: velocity 20 points a sprint (mean), 20 (median), spread 0, n=5 (imported).",
        "With it: velocity 17 points a sprint (mean), 20 (median), spread 6.7, n=5 (imported, ledger).",
    )
    assert (report.figures["forecast n before it"], report.figures["forecast n with it"]) == (5, 6)
    assert report.figures["forecast with it"] < report.figures["forecast before it"]


def test_a_first_sprint_has_no_velocity_before_it() -> None:
    assert section(review(ended()), "Velocity")[0] == "Before it: no past sprint, so no velocity."


def test_all_changes_of_its_scope_are_told() -> None:
    report = review(ended(entry(Kind.ADDED, 3, 2, 5, reason="asked for")))

    assert section(report, "Scope since the sprint started")[0] == "In total +2 points and +1 item."


def test_what_runs_still_is_told_as_it_stands_so_far() -> None:
    report = review(material([DONE, LEFT], COMPLETED, days=4))

    assert section(report, "Sprint")[1].endswith("and runs still; it is active.")
    assert section(report, "Sprint")[3] == RUNNING
    assert section(report, "Expected")[0].endswith("Completed so far: 5.")


def test_what_runs_still_is_no_past_of_velocity_and_forecast() -> None:
    report = review(material([DONE, LEFT], COMPLETED, days=4, history=past(20, 20, 20, 20, 20)))

    assert [line.split(":")[0] for line in section(report, "Velocity")] == ["Before it"]
    assert [line.split(":")[0] for line in section(report, "Forecast")] == ["Before it"]
    assert not [name for name in report.figures if name.endswith("with it")]


def test_a_forecast_says_what_it_rests_on() -> None:
    """One sprint of a day says little of one of two weeks."""
    day = replace(ENDED, ended_at=after(0.1))
    lines = section(review(ended(sprint=day)), "Forecast")

    assert "(n=1, evidence thin)." in lines[1]
    assert lines[2:] == (
        "Only 1 past sprint: the interval is wide.",
        "It is 10 times as long as usual: beyond half and twice that, points are taken in proportion.",
    )


def test_a_sprint_without_points_is_neither_a_success_nor_none() -> None:
    report = review(ended(ledger=Ledger(tuple(committed([in_sprint(1, None)])))))

    assert section(report, "Sprint")[3] == "Whether it is a success is not known: no points were committed."
