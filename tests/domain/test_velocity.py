"""Velocity in each unit: what counts, what is left out, and how long a sprint really was."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scrum.errors import Invalid
from scrum.sprint.change import Action, SprintChange, change_sprint
from scrum.sprint.ledger import Amount, Figures
from scrum.sprint.model import LEAST_SPENT, MOST_SPENT, CarryOver, State
from scrum.sprint.usecases import close_sprint, get_velocity, past_sprints
from scrum.sprint.velocity import PastSprint, Source, Unit, past_sprint, velocity
from scrum_storage.store import Store
from tests.builders import MONDAY, SHOP, a_running_sprint, a_sprint, by, finish, the_sprint
from tests.requirements import requirement

UNITS = some.sampled_from(Unit)
LENGTHS = some.none() | some.floats(0.001, 60)
PASTS = some.builds(
    PastSprint,
    name=some.text(max_size=3),
    source=some.sampled_from(Source),
    completed_points=some.floats(0, 1_000),
    completed_items=some.none() | some.integers(0, 50),
    days=LENGTHS,
    working_days=some.none() | some.integers(1, 60),
    person_days=LENGTHS,
    spent=some.none() | some.floats(LEAST_SPENT, MOST_SPENT),
)


def lasting(time: timedelta, *, working_days: int = 1) -> PastSprint:
    """A sprint of two people, with 8 points in 2 items."""
    sprint = replace(a_sprint(), started_at=MONDAY, ended_at=MONDAY + time, members=2)
    return past_sprint(sprint, Figures(completed=Amount(8, 2)), working_days, planned=10)


def rate(past: PastSprint, unit: Unit) -> float | None:
    return velocity([past], unit, window=1).mean


@requirement("velocity.units")
@given(UNITS, some.lists(PASTS), some.randoms(use_true_random=False))
def test_the_order_within_the_window_does_not_matter(
    unit: Unit, history: list[PastSprint], chance: Random
) -> None:
    shuffled = chance.sample(history, k=len(history))

    one, other = (velocity(each, unit, window=max(1, len(history))) for each in (history, shuffled))

    assert replace(one, values=()) == replace(other, values=())
    assert one.n_by_source == other.n_by_source


@given(UNITS, some.lists(PASTS), some.integers(1, 5))
def test_the_window_holds_the_last_that_have_what_the_unit_needs(
    unit: Unit, history: list[PastSprint], window: int
) -> None:
    every = velocity(history, unit, window=max(1, len(history)))

    latest = velocity(history, unit, window=window)

    assert latest.values == every.values[-window:]
    assert (latest.n, latest.left_out) == (min(window, every.n), every.left_out)


@given(UNITS, some.lists(PASTS))
def test_each_sprint_counts_in_one_source_or_is_left_out(unit: Unit, history: list[PastSprint]) -> None:
    found = velocity(history, unit, window=max(1, len(history)))

    assert sum(found.n_by_source.values()) == found.n
    assert found.n + found.left_out == len(history)


def test_the_spread_is_that_of_a_sample_and_unknown_of_one() -> None:
    past = [PastSprint(name, Source.IMPORTED, points) for name, points in (("A", 10), ("B", 14))]

    assert velocity(past, Unit.POINTS_PER_SPRINT, window=2).spread == pytest.approx(8**0.5)
    assert velocity(past, Unit.POINTS_PER_SPRINT, window=1).spread is None


@requirement("velocity.wall-clock")
@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit.POINTS_PER_HOUR, 48),
        (Unit.POINTS_PER_WORKING_DAY, 384),
        (Unit.POINTS_PER_PERSON_DAY, 192),
        (Unit.POINTS_PER_SPRINT, 8),
        (Unit.POINTS_PER_ITEM, 4),
    ],
)
def test_ten_minutes_are_no_day(unit: Unit, expected: float) -> None:
    assert rate(lasting(timedelta(minutes=10)), unit) == pytest.approx(expected)


def test_a_few_minutes_around_midnight_are_not_two_days() -> None:
    around = lasting(timedelta(minutes=10), working_days=2)

    assert rate(around, Unit.POINTS_PER_WORKING_DAY) == pytest.approx(384)


@requirement("velocity.wall-clock")
@pytest.mark.parametrize("hours", [8, 10, 24])
def test_from_morning_to_evening_is_one_working_day(hours: int) -> None:
    assert rate(lasting(timedelta(hours=hours)), Unit.POINTS_PER_WORKING_DAY) == 8


def test_two_weeks_have_ten_working_days_and_every_hour_of_the_clock() -> None:
    fortnight = lasting(timedelta(days=14), working_days=10)

    assert rate(fortnight, Unit.POINTS_PER_WORKING_DAY) == pytest.approx(0.8)
    assert rate(fortnight, Unit.POINTS_PER_PERSON_DAY) == pytest.approx(0.4)
    assert rate(fortnight, Unit.POINTS_PER_HOUR) == pytest.approx(8 / (14 * 24))


@pytest.mark.parametrize(
    "unit", [Unit.POINTS_PER_HOUR, Unit.POINTS_PER_WORKING_DAY, Unit.POINTS_PER_PERSON_DAY]
)
def test_a_sprint_that_took_no_time_has_no_rate(unit: Unit) -> None:
    found = velocity([lasting(timedelta())], unit, window=1)

    assert (found.mean, found.n, found.left_out) == (None, 0, 1)


@requirement("velocity.wall-clock")
async def test_a_sprint_that_ends_early_counts_the_days_that_it_lasted(core: Store) -> None:
    await a_running_sprint(core, [5, 3])
    await finish(core, "SHOP-1", "SHOP-2")
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=3))

    found = await get_velocity(core.start, SHOP, Unit.POINTS_PER_WORKING_DAY, window=1)

    assert found.mean == 2


async def test_a_sprint_that_was_extended_knows_its_real_length_and_the_planned_one(core: Store) -> None:
    await a_running_sprint(core, [5, 3])
    await change_sprint(core.start, SHOP, "current", SprintChange(Action.EXTEND, days=7), by=by(days=8))
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=18))

    async with core.start() as work:
        (past,) = await past_sprints(work, await work.projects.get(SHOP))

    assert (past.days, past.working_days) == (18, 15)
    assert (past.planned_days, past.planned_working_days) == (14, 10)


async def test_what_a_sprint_spent_is_kept_and_counts(core: Store) -> None:
    await a_running_sprint(core, [5, 3])
    await finish(core, "SHOP-1")
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=9), spent=2.5)

    found = await get_velocity(core.start, SHOP, Unit.POINTS_PER_BUDGET, window=1)

    assert (found.mean, (await the_sprint(core)).sprint.spent) == (2, 2.5)


@pytest.mark.parametrize("spent", [0, -1, LEAST_SPENT / 2, MOST_SPENT + 1, float("inf"), float("nan")])
async def test_a_sprint_cannot_have_spent_nothing_or_without_end(core: Store, spent: float) -> None:
    await a_running_sprint(core)

    with pytest.raises(Invalid, match="spent is"):
        await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=9), spent=spent)

    assert (await the_sprint(core)).sprint.state is State.ACTIVE
