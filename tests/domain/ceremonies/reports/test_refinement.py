"""Backlog refinement."""

from typing import Any

from scrum.backlog.model import Block, Item, Status
from scrum.ceremonies.terms import REFINEMENT
from scrum.chronicle.reports import Report
from scrum.sprint.ledger import Kind, Ledger
from scrum.team.model import Team
from tests.domain.ceremonies.reports.examples import after, committed, entry, material
from tests.domain.ceremonies.reports.reported import section, told
from tests.situations import item, past, team


def refined(*items: Item, **fields: Any) -> Report:
    known = {one.key: one for one in items}
    given = material(
        items,
        ledger=Ledger(),
        known=fields.pop("known", known),
        sprint=None,
        sprint_id="SHOP-S2",
        days=100,
        **{"history": past(20, 20, 20, 20, 20), **fields},
    )
    return told(REFINEMENT, given)


def test_what_has_no_points_is_told_in_backlog_order() -> None:
    report = refined(item(1, 3), item(2, None), item(3, None))

    assert section(report, "Without points") == (
        "2 of 3 items, in backlog order:",
        "SHOP-2 'Item 2'.",
        "SHOP-3 'Item 3'.",
    )


def test_what_is_in_a_sprint_needs_no_refinement() -> None:
    report = refined(item(1, None, sprint="SHOP-S1"))

    assert [one.heading for one in report.sections] == ["Backlog", "Too large"]


def test_too_large_is_measured_by_what_sprints_complete() -> None:
    assert section(refined(item(1, 8), item(2, 9)), "Too large") == (
        "Over 8 points, 40% of the median of 20 points that 5 past sprints completed: 1 item.",
        "SHOP-2 'Item 2', 9 points.",
    )


def test_too_large_is_measured_by_the_largest_item_that_was_completed_where_that_is_stricter() -> None:
    ledger = Ledger((*committed([item(7, 5), item(8, 13)]), entry(Kind.COMPLETED, 7, 5, 1)))
    report = refined(item(1, 8), item(2, 5), ledgers={"SHOP-S1": ledger})

    assert section(report, "Too large") == (
        "Over 5 points, the largest item that was completed in the last 1 sprint: 1 item.",
        "SHOP-1 'Item 1', 8 points.",
    )


def test_without_a_past_nobody_knows_what_is_too_large() -> None:
    report = refined(item(1, 100), history=())

    assert section(report, "Too large") == ("Not known: no past sprint tells what is large.",)


def test_what_lies_there_for_over_90_days_untouched_is_stale() -> None:
    report = refined(
        item(1, 3, created_at=after(0)),
        item(2, 3, created_at=after(10)),
        item(3, 3, created_at=after(0), started_at=after(1), status=Status.IN_PROGRESS),
        item(4, 3),
    )

    assert section(report, "Stale") == (
        "1 item open for over 90 days and never begun; edits are not looked at.",
        "SHOP-1 'Item 1', 100 days.",
        "Of 1 item the day is not known.",
    )


def test_cycles_and_needs_that_will_not_come_are_told() -> None:
    items = (
        item(1, 3, depends_on=frozenset({"SHOP-2"})),
        item(2, 3, depends_on=frozenset({"SHOP-1"})),
        item(3, 3, depends_on=frozenset({"SHOP-9", "SHOP-8"})),
        item(4, 3, depends_on=frozenset({"SHOP-5"})),
        item(5, 3, block=Block("", after(0))),
    )
    gone = item(9, 3, status=Status.CANCELLED)
    report = refined(*items, known={one.key: one for one in (*items, gone)})

    assert section(report, "Dependencies") == (
        "A cycle, none of it can start: SHOP-1 -> SHOP-2 -> SHOP-1.",
        "SHOP-1 'Item 1' needs SHOP-2, further down the backlog.",
        "SHOP-3 'Item 3' needs SHOP-8, SHOP-9, which will not come.",
        "SHOP-4 'Item 4' needs SHOP-5, blocked.",
    )


def test_what_is_done_is_no_obstacle() -> None:
    done = item(9, 3, status=Status.DONE)
    waits = item(1, 3, depends_on=frozenset({"SHOP-9"}))

    assert not section(refined(waits, known={"SHOP-1": waits, "SHOP-9": done}), "Dependencies")


def test_skills_that_nobody_has_are_told_with_the_items_that_need_them() -> None:
    items = (item(1, 3, skills=frozenset({"rust", "sql"})), item(2, 3, skills=frozenset({"rust"})))

    assert section(refined(*items, team=team("Ana", skills=["sql"])), "Missing skills") == (
        "Nobody on the team has 'rust': 2 items, SHOP-1, SHOP-2.",
    )
    assert section(refined(*items, team=Team("SHOP")), "Missing skills") == (
        "Not known: no team is recorded.",
    )


def test_the_likely_next_sprint_is_the_top_of_the_backlog_that_fits_and_is_ready() -> None:
    items = (
        item(1, 8),
        item(2, None),
        item(3, 5, block=Block("", after(0))),
        item(4, 5, depends_on=frozenset({"SHOP-3"})),
        item(5, 5, depends_on=frozenset({"SHOP-1"})),
        item(6, 50),
        item(7, 1),
    )
    lines = section(refined(*items), "Likely next sprint")

    assert lines[0].startswith("About 20 points at 50% confidence, 80% of outcomes between ")
    assert lines[0].endswith("(n=5, evidence fair).")
    assert lines[1].startswith(
        "From the top of the backlog 2 items with 13 points fit; 3 above the last are passed over"
    )
    assert lines[2:] == ("SHOP-1 'Item 1', 8 points.", "SHOP-5 'Item 5', 5 points.")


def test_an_empty_backlog_has_nothing_to_refine() -> None:
    assert section(refined(), "Backlog") == ("No open item is in no sprint: there is nothing to refine.",)
