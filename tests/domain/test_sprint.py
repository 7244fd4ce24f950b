"""Sprints: their life from planned to completed, and the ledger that everything is told from."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from scrum.backlog.model import Change, Item, Status
from scrum.errors import Invalid, WrongState
from scrum.sprint.burndown import burndown
from scrum.sprint.change import Action, MissingArgument, SprintChange, change_sprint
from scrum.sprint.ledger import Amount, Kind
from scrum.sprint.model import (
    CannotJoin,
    CarryOver,
    NotInSprint,
    SprintInWrongState,
    State,
    TooShort,
    UnknownSprint,
)
from scrum.sprint.usecases import (
    EmptySprint,
    SprintAnswer,
    close_sprint,
    get_velocity,
    import_history,
    start_sprint,
)
from scrum.sprint.velocity import PastSprint, Source, Unit
from scrum_storage.store import Store
from tests.builders import (
    MONDAY,
    SHOP,
    a_planned_sprint,
    a_running_sprint,
    a_sprint,
    by,
    change,
    finish,
    some_items,
    the_item,
    the_sprint,
)
from tests.requirements import requirement


async def alter(core: Store, action: Action, *items: str, days: int = 0, goal: str = "") -> SprintAnswer:
    asked = SprintChange(action, items, days, goal)
    return await change_sprint(core.start, SHOP, "SHOP-S1", asked, by=by(days=1))


async def close(core: Store, destination: CarryOver = CarryOver.BACKLOG, *, days: float = 11) -> SprintAnswer:
    return await close_sprint(core.start, SHOP, "current", destination, by=by(days=days))


@requirement("ledger.frozen")
async def test_starting_freezes_the_commitment(core: Store) -> None:
    await a_running_sprint(core, [5, 3])

    await change(core, Change("SHOP-1", points=8))

    figures = (await the_sprint(core)).ledger.figures()
    assert (figures.committed, figures.reestimated, figures.scope) == (Amount(8, 2), 3, 11)


async def test_starting_leaves_out_what_was_closed_meanwhile(core: Store) -> None:
    await a_planned_sprint(core, [5, 3])
    await finish(core, "SHOP-1", days=0)

    started = await start_sprint(core.start, SHOP, "next", by=by(days=1))

    assert (started.dropped, [item.key for item in started.items]) == (("SHOP-1",), ["SHOP-2"])


async def test_a_late_start_keeps_the_length(core: Store) -> None:
    await a_planned_sprint(core)

    sprint = (await start_sprint(core.start, SHOP, "next", by=by(days=2))).sprint

    assert (sprint.start, sprint.days, sprint.started_at) == (date(2026, 3, 4), 14, by(days=2).now)


async def test_a_sprint_without_open_items_does_not_start(core: Store) -> None:
    await a_planned_sprint(core, [5])
    await finish(core, "SHOP-1", days=0)

    with pytest.raises(EmptySprint, match="change_sprint"):
        await start_sprint(core.start, SHOP, "next", by=by())


@pytest.mark.parametrize("name", ["shop-s1", " current "])
async def test_a_running_sprint_is_found_by_its_names(core: Store, name: str) -> None:
    await a_running_sprint(core)

    assert (await the_sprint(core, name)).sprint.id == "SHOP-S1"


@pytest.mark.parametrize("name", ["next", "SHOP-S2"])
async def test_an_unknown_sprint_lists_the_known_ones(core: Store, name: str) -> None:
    await a_running_sprint(core)

    with pytest.raises(UnknownSprint, match="Sprints: SHOP-S1"):
        await the_sprint(core, name)


async def test_unestimated_items_are_counted_not_taken_for_zero(core: Store) -> None:
    running = await a_running_sprint(core, [5, None])

    assert running.ledger.figures().committed == Amount(5, 2, unestimated=1)


async def test_an_added_item_is_recorded_as_scope_change(core: Store) -> None:
    await a_running_sprint(core)
    await some_items(core, [2])

    changed = await alter(core, Action.ADD, "shop-3")

    assert changed.ledger.figures().added == Amount(2, 1)
    assert changed.ledger.entries[-1].actor == "ana"
    assert (await the_item(core, "SHOP-3")).sprint == "SHOP-S1"


async def test_a_removed_item_goes_back_to_the_backlog_and_stays_in_the_ledger(core: Store) -> None:
    await a_running_sprint(core)

    figures = (await alter(core, Action.REMOVE, "SHOP-2")).ledger.figures()

    assert (figures.committed.points, figures.removed.points, figures.scope) == (8, 3, 5)
    assert (await the_item(core, "SHOP-2")).sprint == ""


async def test_scope_before_the_start_is_no_scope_change(core: Store) -> None:
    await a_planned_sprint(core)

    changed = await alter(core, Action.REMOVE, "SHOP-2")

    assert (changed.ledger.entries, [item.key for item in changed.items]) == ((), ["SHOP-1"])


async def test_what_is_not_in_the_sprint_cannot_leave_it(core: Store) -> None:
    await a_running_sprint(core)
    await some_items(core, [1])

    with pytest.raises(NotInSprint, match="SHOP-3"):
        await alter(core, Action.REMOVE, "SHOP-3")


async def test_a_closed_item_cannot_join(core: Store) -> None:
    await a_running_sprint(core)
    await some_items(core, [1])
    await finish(core, "SHOP-3")

    with pytest.raises(Invalid, match="SHOP-3 is done"):
        await alter(core, Action.ADD, "SHOP-3")


def test_an_item_of_a_sprint_cannot_join_another() -> None:
    with pytest.raises(CannotJoin, match="is in SHOP-S0 already"):
        a_sprint().accepts(Item("SHOP-1", SHOP, 1, "One", 1, sprint="SHOP-S0"))


async def test_a_reopened_item_is_no_longer_completed(core: Store) -> None:
    await a_running_sprint(core)
    await finish(core, "SHOP-1")
    await change(core, Change("SHOP-1", status=Status.IN_PROGRESS), days=2)

    shown = await the_sprint(core)

    assert [entry.kind for entry in shown.ledger.entries][-2:] == [Kind.COMPLETED, Kind.REOPENED]
    assert shown.ledger.figures().completed == Amount()


async def test_a_cancelled_item_leaves_the_scope(core: Store) -> None:
    await a_running_sprint(core)
    await change(core, Change("SHOP-1", status=Status.CANCELLED))

    shown = await the_sprint(core)

    assert (shown.ledger.figures().removed.points, shown.ledger.figures().scope) == (5, 3)
    assert [item.key for item in shown.items] == ["SHOP-2"]


async def test_a_change_that_does_not_touch_the_scope_leaves_the_ledger_alone(core: Store) -> None:
    running = await a_running_sprint(core)
    await change(core, Change("SHOP-1", status=Status.IN_PROGRESS, title="Better"))

    assert (await the_sprint(core)).ledger == running.ledger


async def test_extending_moves_the_end(core: Store) -> None:
    running = await a_running_sprint(core)

    extended = await alter(core, Action.EXTEND, days=3)

    assert extended.sprint.end == running.sprint.end + timedelta(3)
    assert extended.sprint.planned_end == running.sprint.end


async def test_what_is_extended_before_it_starts_was_planned_so(core: Store) -> None:
    planned = await a_planned_sprint(core)
    await alter(core, Action.EXTEND, days=3)

    started = await start_sprint(core.start, SHOP, "SHOP-S1", by=by())

    assert started.sprint.planned_end == started.sprint.end
    assert started.sprint.planned_days == planned.sprint.days + 3


async def test_a_sprint_cannot_end_in_the_past(core: Store) -> None:
    await a_running_sprint(core)

    with pytest.raises(TooShort, match="close_sprint"):
        await alter(core, Action.EXTEND, days=-13)


async def test_the_goal_can_be_set_while_it_runs(core: Store) -> None:
    await a_running_sprint(core)

    assert (await alter(core, Action.GOAL, goal="Sell more")).sprint.goal == "Sell more"


@pytest.mark.parametrize(
    ("action", "needed"), [(Action.ADD, "items"), (Action.EXTEND, "days"), (Action.GOAL, "goal")]
)
async def test_an_action_names_what_it_lacks(core: Store, action: Action, needed: str) -> None:
    with pytest.raises(MissingArgument, match=f"needs {needed}"):
        await alter(core, action)


async def test_cancelling_returns_the_open_items_and_keeps_what_was_done(core: Store) -> None:
    await a_running_sprint(core, [5, 3])
    await finish(core, "SHOP-1")

    cancelled = (await alter(core, Action.CANCEL)).sprint

    returned = await the_item(core, "SHOP-2")
    assert cancelled.state is State.CANCELLED
    assert cancelled.result is not None
    assert (cancelled.result.completed.points, cancelled.result.carried_over.points) == (5, 3)
    assert (returned.sprint, returned.carried) == ("", 1)


async def test_cancelling_before_the_start_carries_nothing_over(core: Store) -> None:
    await a_planned_sprint(core)
    await alter(core, Action.CANCEL)

    assert (await the_item(core, "SHOP-1")).carried == 0


@requirement("ledger.frozen", "sprint.carry-over")
async def test_closing_freezes_the_result_and_carries_over_to_the_backlog(core: Store) -> None:
    await a_running_sprint(core, [5, 3])
    await finish(core, "SHOP-1")

    closed = await close(core)

    left = await the_item(core, "SHOP-2")
    assert closed.sprint.result is not None
    assert (closed.sprint.result.completed.points, closed.sprint.result.carried_over.points) == (5, 3)
    assert (closed.carried, left.sprint, left.carried, left.pinned) == (("SHOP-2",), "", 1, False)
    assert closed == replace(await the_sprint(core), carried=closed.carried)


@requirement("sprint.carry-over")
async def test_what_is_carried_to_the_next_sprint_is_pinned(core: Store) -> None:
    await a_running_sprint(core)
    await close(core, CarryOver.NEXT)

    assert (await the_item(core, "SHOP-1")).pinned


@requirement("ledger.frozen")
async def test_an_item_reopened_after_the_close_leaves_the_result_alone(core: Store) -> None:
    await a_running_sprint(core, [5, 3])
    await finish(core, "SHOP-1")
    closed = await close(core)
    await change(core, Change("SHOP-1", status=Status.TODO), days=12)

    assert (await the_item(core, "SHOP-1")).sprint == ""
    assert (await the_sprint(core)).sprint == closed.sprint


async def test_review_and_retrospective_come_in_their_order(core: Store) -> None:
    await a_running_sprint(core)
    with pytest.raises(SprintInWrongState, match="needs in_review"):
        await alter(core, Action.RETROSPECTIVE)

    await alter(core, Action.REVIEW)
    held = await alter(core, Action.RETROSPECTIVE)
    closed = (await close(core)).sprint

    assert held.sprint.state is State.RETROSPECTIVE
    assert (closed.state, closed.ended_at) == (State.COMPLETED, by(days=1).now)


@pytest.mark.parametrize("action", [Action.CANCEL, Action.REVIEW, Action.GOAL])
async def test_a_completed_sprint_points_to_the_next_one(core: Store, action: Action) -> None:
    await a_running_sprint(core)
    await close(core)

    with pytest.raises(WrongState, match="call plan_sprint for the next one"):
        await alter(core, action, goal="Late")


async def test_starting_twice_says_that_it_runs(core: Store) -> None:
    await a_running_sprint(core)

    with pytest.raises(WrongState, match="It is running"):
        await start_sprint(core.start, SHOP, "SHOP-S1", by=by())


async def test_closing_what_never_started_says_to_start_it(core: Store) -> None:
    await a_planned_sprint(core)

    with pytest.raises(WrongState, match="Call start_sprint"):
        await close_sprint(core.start, SHOP, "SHOP-S1", CarryOver.BACKLOG, by=by())


async def test_two_who_close_at_once_close_it_once(core: Store) -> None:
    await a_running_sprint(core)
    ends = [
        close_sprint(core.start, SHOP, "SHOP-S1", CarryOver.BACKLOG, by=by(who, days=9))
        for who in ("ana", "bo")
    ]

    outcomes = await asyncio.gather(*ends, return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["SprintAnswer", "SprintInWrongState"]


async def test_the_burndown_tells_each_day_from_the_ledger(core: Store) -> None:
    await a_running_sprint(core, [5, 3])
    await finish(core, "SHOP-1", days=1)
    shown = await the_sprint(core)

    days = burndown(shown.sprint, shown.ledger, shown.project.calendar, by(days=2).now)

    assert [day.remaining for day in days[:4]] == [8, 3, 3, None]
    assert (days[-1].ideal, sum(day.working for day in days)) == (0.0, 10)


async def test_velocity_counts_imported_sprints_and_then_our_own(core: Store) -> None:
    await a_running_sprint(core, [5, 3])
    await finish(core, "SHOP-1", "SHOP-2", days=3)
    await close(core)
    await import_history(core.start, SHOP, {1: PastSprint("Old", Source.IMPORTED, 12)}, by=by())

    found = await get_velocity(core.start, SHOP, Unit.POINTS_PER_SPRINT, window=5)
    per_day = await get_velocity(core.start, SHOP, Unit.POINTS_PER_WORKING_DAY, window=5)

    assert [(name, value) for name, value, _ in found.values] == [("Old", 12), ("SHOP-S1", 8)]
    assert [source for _, _, source in found.values] == [Source.IMPORTED, Source.LEDGER]
    assert (found.n, found.mean, found.left_out) == (2, 10, 0)
    assert (per_day.n, per_day.mean, per_day.left_out) == (1, 0.8, 1)


async def test_a_sprint_is_told_as_it_was_at_the_moment_of_its_close(core: Store) -> None:
    await a_running_sprint(core)
    closed = await close(core, days=11)

    assert closed.sprint.closed_at == MONDAY + timedelta(days=11)
