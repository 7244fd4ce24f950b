"""What endangers a running sprint."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scrum.backlog.model import Block, Item
from scrum.events import By
from scrum.sprint.burndown import Day, burndown
from scrum.sprint.chance import chance_to_finish
from scrum.sprint.ledger import Entry, Kind, Ledger
from scrum.sprint.model import Prediction, Sprint, State
from scrum.sprint.risk import Level, Progress, sprint_risks
from scrum.team.calendar import EVERY_WEEKDAY
from tests.situations import MONDAY, item

ANA = By("ana", MONDAY)
SPRINT = Sprint(
    "SHOP-S1",
    "SHOP",
    1,
    "",
    date(2026, 3, 2),
    date(2026, 3, 13),
    state=State.ACTIVE,
    started_at=MONDAY,
    prediction=Prediction(20, 10, 30, 0.5),
)
COMMITTED = Ledger(tuple(Entry.of(ANA, Kind.COMMITTED, f"SHOP-{n}", 5) for n in range(1, 5)))


def after(days: float) -> datetime:
    return MONDAY + timedelta(days)


def done(*numbers: int, days: float) -> list[Entry]:
    return [Entry.of(By("ana", after(days)), Kind.COMPLETED, f"SHOP-{n}", 5) for n in numbers]


def progress(ledger: Ledger, days: float, items: tuple[Item, ...] = (), **changes: Any) -> Progress:
    now = after(days)
    sprint = replace(SPRINT, **changes)
    figures = ledger.figures()
    return Progress(
        sprint=sprint,
        figures=figures,
        items=items,
        burndown=burndown(sprint, ledger, EVERY_WEEKDAY, now),
        chance=chance_to_finish(sprint, figures, EVERY_WEEKDAY, now),
        today=now.date(),
        calendar=EVERY_WEEKDAY,
    )


def names(given: Progress) -> dict[str, Level]:
    return {risk.name: risk.level for risk in sprint_risks(given)}


def test_a_sprint_that_goes_as_predicted_has_no_risk() -> None:
    assert names(progress(COMMITTED.plus(done(1, 2, days=4.1)), 5)) == {}


def test_nothing_done_in_a_week_is_behind_and_unlikely() -> None:
    assert names(progress(COMMITTED, 7)) == {
        "may not finish": Level.HIGH,
        "behind the burndown": Level.HIGH,
    }


def test_an_item_that_is_blocked_for_days_is_grave() -> None:
    blocked = item(1, 5, block=Block("waits", MONDAY))

    assert names(progress(COMMITTED, 1, (blocked,)))["blocked items"] is Level.MEDIUM
    assert names(progress(COMMITTED, 3, (blocked,)))["blocked items"] is Level.HIGH


def test_a_block_is_as_old_as_the_days_of_the_team_since() -> None:
    night = item(1, 5, block=Block("", after(0.5)))
    tokyo = replace(EVERY_WEEKDAY, timezone="Asia/Tokyo")
    given = progress(COMMITTED, 1, (night,))

    assert "SHOP-1 for 1 day" in evidence(given)
    assert "SHOP-1 since today" in evidence(replace(given, calendar=tokyo))


def evidence(given: Progress) -> list[str]:
    return [risk.evidence for risk in sprint_risks(given)]


def test_scope_that_grows_by_a_quarter_is_grave() -> None:
    little = COMMITTED.plus([Entry.of(ANA, Kind.ADDED, "SHOP-9", 3)])
    much = COMMITTED.plus([Entry.of(ANA, Kind.REESTIMATED, "SHOP-1", 13, before=5)])

    assert names(progress(little, 0))["scope growth"] is Level.MEDIUM
    assert names(progress(much, 0))["scope growth"] is Level.HIGH


def test_items_without_points_are_named() -> None:
    assert names(progress(COMMITTED, 0, (item(1, None),)))["unestimated items"] is Level.MEDIUM


def test_a_sprint_over_its_end_is_overdue() -> None:
    assert names(progress(COMMITTED, 12))["overdue"] is Level.HIGH


@pytest.mark.parametrize("state", [state for state in State if state is not State.ACTIVE])
def test_only_an_active_sprint_has_risks(state: State) -> None:
    assert names(progress(COMMITTED, 12, state=state)) == {}


def test_the_chance_is_that_of_the_plan_at_the_start_and_falls_when_nothing_happens() -> None:
    chances = [progress(COMMITTED, days).chance for days in (0, 2, 4, 8)]

    assert chances[0] == pytest.approx(0.5)
    assert chances == sorted(chances, reverse=True, key=lambda chance: chance or 0)


def test_there_is_no_chance_to_tell_when_nothing_remains_or_nothing_was_predicted() -> None:
    assert progress(COMMITTED.plus(done(1, 2, 3, 4, days=2)), 3).chance is None
    assert progress(COMMITTED, 3, prediction=None).chance is None


def test_the_burndown_falls_on_working_days_and_ends_at_zero() -> None:
    days = burndown(SPRINT, COMMITTED.plus(done(1, days=1.1)), EVERY_WEEKDAY, after(2))

    assert [day.ideal for day in days] == [18, 16, 14, 12, 10, 10, 10, 8, 6, 4, 2, 0]
    assert [day.remaining for day in days] == [20, 15, 15, *[None] * 9]
    assert days[1] == Day(date(2026, 3, 3), working=True, ideal=16, remaining=15, scope=20)


def test_entries_count_in_their_order_also_when_clocks_differ() -> None:
    """Two replicas: the one that wrote second has a clock that lags."""
    added = Entry.of(By("ana", after(1)), Kind.ADDED, "SHOP-9", 3)
    removed = Entry.of(By("bo", after(0.9)), Kind.REMOVED, "SHOP-9", 3)
    ledger = COMMITTED.plus([added, removed])

    assert [total.scope for total in ledger.at([after(0.95), after(1.05)])] == [20, 20]


def test_what_is_not_estimated_has_no_chance_to_tell() -> None:
    ledger = COMMITTED.plus([Entry.of(ANA, Kind.ADDED, "SHOP-9", None)])

    assert progress(ledger, 1).chance is None
