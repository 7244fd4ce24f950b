"""Whose work it was: who had an item when it was recorded, and not who has it now."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from scrum.backlog.events import ItemChanged, ItemCompleted
from scrum.backlog.model import Item, Status
from scrum.ceremonies.reports.paper.material import Kept, Material
from scrum.ceremonies.terms import DAILY
from scrum.chronicle.reports import Report
from scrum.events import Event
from scrum.planning.model import Chosen, Plan
from scrum.sprint.ledger import Kind, Ledger
from tests.domain.ceremonies.reports.examples import a_plan, after, committed, entry, in_sprint, material
from tests.domain.ceremonies.reports.reported import following, happened, of_item, section, told
from tests.requirements import requirement

FINISHED = "Finished: SHOP-1 'Item 1', 3 points."
by_agent = partial(of_item, actor="agent")


def given_to(name: str, days: float, version: int = 2) -> Event:
    return by_agent(ItemChanged, after(days), version, fields={"assignee": name})


def done(assignee: str, **fields: Any) -> Item:
    return in_sprint(1, 3, assignee=assignee, status=Status.DONE, done_at=after(0.5), **fields)


def planned_for(name: str, sprint: str = "SHOP-S1") -> Plan:
    return replace(a_plan(), sprint=sprint, selected=(Chosen("SHOP-1", "Item 1", 3, "It is first.", name),))


def daily(*events: Event, item: Item, **fields: Any) -> Report:
    completed = fields.pop("entries", (entry(Kind.COMPLETED, 1, days=0.5),))
    fields.setdefault("kept", Kept(changes=happened(*events)))
    return told(DAILY, material([item], *completed, **fields))


@requirement("reports.facts", "reports.credit")
def test_whoever_had_an_item_when_it_was_done_finished_it() -> None:
    report = daily(given_to("Bo", 0.2), given_to("Ana", 0.7, 4), item=done("Ana"))

    assert FINISHED in section(report, "Of Bo")
    assert report.figures["of Bo: finished"] == 1
    assert section(report, "Of Ana") == ()


def test_what_is_handed_on_in_the_moment_in_which_it_was_done_was_finished_before() -> None:
    completed = by_agent(ItemCompleted, after(0.5), 3, points=3)
    report = daily(given_to("Bo", 0.5, 2), completed, given_to("Ana", 0.5, 4), item=done("Ana"))

    assert FINISHED in section(report, "Of Bo")


def test_where_nobody_handed_it_on_whoever_has_it_finished_it() -> None:
    assert FINISHED in section(daily(item=done("Ana")), "Of Ana")


def test_without_the_chronicle_it_says_who_has_it_now() -> None:
    report = daily(item=done("Ana"), kept=Kept(missing="The chronicle is away."))

    assert f"{FINISHED[:-1]}, now assigned to Ana." in section(report, "Of Ana")


def test_what_is_done_and_left_the_sprint_is_still_of_whoever_finished_it() -> None:
    item = done("Bo")
    out = entry(Kind.REMOVED, 1, days=0.8)
    ledger = Ledger((*committed([item]), entry(Kind.COMPLETED, 1, days=0.5), out))
    gone = replace(item, sprint="")
    report = daily(item=gone, ledger=ledger)

    assert f"{FINISHED[:-1]}, has left the sprint since." in section(report, "Of Bo")
    assert section(report, "Since the last one") == (
        "Finished since the sprint started: 1 item with 3 points, 1 of them not in the sprint any more.",
    )


def test_what_was_reopened_after_it_left_is_not_finished() -> None:
    gone = replace(done("Bo"), sprint="", status=Status.IN_PROGRESS, done_at=None)
    ledger = Ledger(
        (*committed([gone]), entry(Kind.COMPLETED, 1, days=0.5), entry(Kind.REMOVED, 1, days=0.8))
    )
    report = daily(item=gone, ledger=ledger)

    assert report.figures["finished items"] == 0


@requirement("reports.credit")
@pytest.mark.parametrize("plan", [planned_for("Cy"), None])
def test_what_was_handed_on_since_it_was_done_was_finished_by_whom_it_is_told_to_be_taken_from(
    plan: Plan | None,
) -> None:
    handed_on = by_agent(ItemChanged, after(0.7), 4, fields={"assignee": "Ana"}, before={"assignee": "Bo"})
    report = daily(handed_on, item=done("Ana"), plan=plan)

    assert FINISHED in section(report, "Of Bo")
    assert section(report, "Of Ana") == ()


def test_what_nobody_had_until_it_was_done_was_finished_by_nobody() -> None:
    taken = by_agent(ItemChanged, after(0.7), 4, fields={"assignee": "Ana"}, before={"assignee": ""})
    report = daily(taken, item=done("Ana"))

    assert FINISHED not in section(report, "Of Ana")
    assert report.figures["finished items"] == 1


@requirement("reports.credit")
def test_what_came_with_the_plan_was_finished_by_whom_it_was_planned_for() -> None:
    report = daily(given_to("Ana", 0.7, 4), item=done("Ana"), plan=planned_for("Bo"))

    assert FINISHED in section(report, "Of Bo")
    assert section(report, "Of Ana") == ()


def test_whoever_it_was_given_to_since_the_plan_finished_it() -> None:
    events = (given_to("Cy", 0.2), given_to("Ana", 0.7, 4))

    assert FINISHED in section(daily(*events, item=done("Ana"), plan=planned_for("Bo")), "Of Cy")


@pytest.mark.parametrize("plan", [planned_for("Bo", "SHOP-S2"), planned_for(""), None])
def test_where_the_plan_does_not_tell_whose_it_was_it_says_who_has_it_now(plan: Plan | None) -> None:
    report = daily(given_to("Ana", 0.7, 4), item=done("Ana"), plan=plan)

    assert f"{FINISHED[:-1]}, now assigned to Ana." in section(report, "Of Ana")


@requirement("reports.silence")
def test_what_nobody_knows_whose_it_was_is_not_heard_of_whoever_has_it_now() -> None:
    gone = given_to("", 1.5, 3)
    worked = entry(Kind.REESTIMATED, 1, days=1.2)
    given = material([in_sprint(1, 3, assignee="Ana")], worked, days=2)

    report = told(DAILY, replace(given, kept=following(first(given), changes=happened(gone))))

    assert any(line.startswith("Ana: no data in this sprint") for line in section(report, "No data"))


@requirement("reports.silence")
def test_without_the_chronicle_what_is_recorded_is_heard_of_whoever_has_it_now() -> None:
    doing = in_sprint(1, 3, assignee="Ana", status=Status.IN_PROGRESS, started_at=after(0.3))
    report = told(DAILY, material([doing], kept=Kept(missing="The chronicle is away.")))

    assert not any(line.startswith("No data") for line in section(report, "Of Ana"))


@requirement("reports.silence")
def test_what_is_recorded_of_an_item_is_heard_of_whoever_had_it() -> None:
    worked = by_agent(ItemChanged, after(1.5), 3, fields={"status": "in_review"})
    events = (given_to("Bo", 0.2), worked, given_to("Ana", 1.7, 4))
    doing = in_sprint(1, 3, assignee="Ana", status=Status.IN_REVIEW, started_at=after(0.3))
    given = material([doing], days=2)

    report = told(DAILY, replace(given, kept=following(first(given), changes=happened(*events))))

    assert any(line.startswith("Bo: no data since 2026-03-03 21:00") for line in section(report, "No data"))


def first(given: Material) -> Report:
    return told(DAILY, replace(given, now=after(1)))
