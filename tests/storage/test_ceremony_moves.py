"""Sprints go on because their policy says so: as people would take them there, once, and with the reason."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from scrum.backlog.model import Draft, Status
from scrum.backlog.usecases import add_items
from scrum.ceremonies.occurrence import Status as Stage
from scrum.ceremonies.outcome import Outcome
from scrum.ceremonies.recording import hold_ceremony, skip_ceremony
from scrum.ceremonies.usecases import emit_event
from scrum.planning.model import Consent
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_and_start, plan_sprint
from scrum.sprint.change import Action as Change
from scrum.sprint.change import SprintChange, change_sprint
from scrum.sprint.ledger import Kind
from scrum.sprint.model import CarryOver, State
from scrum.sprint.usecases import close_sprint
from scrum.team.project import Cadence
from scrum_storage.store import Store, open_store
from tests.builders import (
    MONDAY,
    SHOP,
    a_planned_sprint,
    a_project,
    a_team,
    by,
    some_items,
    the_item,
    the_sprint,
)
from tests.conftest import administer
from tests.requirements import requirement
from tests.storage.meetings import (
    S1,
    Killed,
    a_policy,
    a_sprint_with,
    complete,
    delivered,
    due,
    dying,
    evaluate,
    events,
    moment,
    names,
    occurrences,
    open_schedule,
    schedule,
    set_status,
    the,
)

GATED = {"ceremonies": {"sprint_review": {"gate": True}, "retrospective": {"gate": True}}}


@requirement("ceremonies.moves")
async def test_a_sprint_whose_items_are_done_is_closed_by_its_policy(core: Store) -> None:
    await a_sprint_with(core, {"sprint": {"transition_threshold": 0.5}}, [3, 2, 1, 1])
    await complete(core, 1, 2)

    found = await evaluate(core)

    assert [(one.state, one.reason) for one in found.moves] == [
        (State.IN_REVIEW, "2 of 4 items are done."),
        (State.RETROSPECTIVE, "It does not wait for sprint_review."),
        (State.COMPLETED, "It does not wait for retrospective."),
    ]
    sprint = await the_sprint(core)
    assert (sprint.sprint.state, sprint.sprint.closed_at) == (State.COMPLETED, moment(1))
    assert sprint.sprint.result
    assert (sprint.sprint.result.completed.points, sprint.sprint.result.carried_over.items) == (5, 2)
    assert [one.kind for one in sprint.ledger.entries][-2:] == [Kind.CARRIED_OVER] * 2
    left = await the_item(core, f"{SHOP}-3")
    assert (left.sprint, left.carried) == ("", 1)


@requirement("ceremonies.moves")
async def test_what_the_policy_does_is_told_as_its_own_with_the_reason(core: Store) -> None:
    await a_sprint_with(core, {}, [1])
    await complete(core, 1)
    await evaluate(core)

    told = [(one.type, one.actor, one.reason) for one in await events(core) if one.actor == "policy"]

    assert ("SprintReviewed", "policy", "1 of 1 item is done.") in told
    assert [kind for kind, *_ in told if kind.startswith("Sprint")] == [
        "SprintReviewed",
        "SprintInRetrospective",
        "SprintClosed",
    ]


@requirement("ceremonies.moves")
async def test_what_happened_by_policy_is_heard_and_changes_nothing_more(core: Store) -> None:
    await a_sprint_with(core, {}, [1])
    await complete(core, 1)
    await evaluate(core)
    before = await due(core)

    again = await evaluate(core)

    assert (again.moves, again.occurrences, await due(core)) == ((), (), before)
    assert (await names(core))[-3:] == ["sprint_in_review", "sprint_in_retrospective", "sprint_completed"]
    assert (await schedule(core)).wake_at is None


@requirement("ceremonies.calendar")
async def test_an_idle_calendar_sprint_holds_its_dailies_and_ends_on_time(core: Store) -> None:
    await a_sprint_with(core, {"sprint": {"duration_days": 14}}, [1], Cadence.CONSULTANCY)

    for hour in range(0, 15 * 24, 3):
        await evaluate(core, days=hour / 24)

    assert len(await due(core, "daily_scrum")) == 9
    assert (await the(core)).state is State.IN_REVIEW
    assert (await the(core)).ended_at == MONDAY.replace(day=16, hour=0)


@requirement("ceremonies.gates")
async def test_a_sprint_waits_for_its_gates_until_they_are_held_or_skipped(core: Store) -> None:
    await a_sprint_with(core, GATED, [1])
    await complete(core, 1)
    await evaluate(core)
    assert (await the(core)).state is State.IN_REVIEW
    await delivered(core)
    review = next(one for one in await occurrences(core) if one.ceremony == "sprint_review")

    held = await hold_ceremony(core.start, review.id, Outcome("Liked it"), by=by(days=1.1))
    assert (held.came.before, held.came.after) == (State.IN_REVIEW, State.RETROSPECTIVE)
    (retrospective,) = held.came.occurrences

    skipped = await skip_ceremony(core.start, retrospective.id, "All are ill", by=by(days=1.2))
    assert (skipped.occurrence.status, skipped.occurrence.told) == (Stage.SKIPPED, "All are ill")
    assert skipped.came.after is State.COMPLETED


@requirement("ceremonies.gates")
async def test_a_gate_that_nobody_answers_is_passed_in_time(core: Store) -> None:
    await a_sprint_with(core, GATED, [1])
    await complete(core, 1)
    await evaluate(core)

    await evaluate(core, days=1 + 2 - 0.01)
    assert (await the(core)).state is State.IN_REVIEW
    found = await evaluate(core, days=1 + 2)

    assert [one.reason for one in found.moves] == [
        "sprint_review was not held within 48 hours of working days."
    ]


@requirement("ceremonies.moves")
async def test_a_sprint_starts_on_its_first_day_and_two_evaluators_start_it_once(
    database: str, core: Store
) -> None:
    await a_planned_sprint(core, [2, 1])
    await a_policy(core, {"sprint": {"auto_start": True, "time_of_day": "09:30"}}, Cadence.DEV_SHOP, days=-1)
    await open_schedule(core)

    await evaluate(core, days=0)
    assert (await the(core)).state is State.PLANNED
    async with open_store(database) as other:
        await asyncio.gather(*(evaluate(store, days=0.5) for store in (core, other, core)))

    sprint = await the(core)
    assert (sprint.state, sprint.started_at) == (State.ACTIVE, MONDAY + timedelta(days=0.5))
    assert (await names(core)).count("sprint_started") == 1
    assert [one.kind for one in (await the_sprint(core)).ledger.entries] == [Kind.COMMITTED] * 2


async def test_a_sprint_without_an_item_waits_for_one_instead_of_starting(core: Store) -> None:
    await a_planned_sprint(core, [1])
    await a_policy(core, {"sprint": {"auto_start": True}}, days=-1)
    await open_schedule(core)
    await set_status(core, Status.CANCELLED, 1, days=-0.5)
    await evaluate(core, days=1)
    assert (await the(core)).state is State.PLANNED

    (item,) = await add_items(core.start, SHOP, [Draft("Late", points=1)], by=by(days=1))
    await change_sprint(core.start, SHOP, S1, SprintChange(Change.ADD, items=(item.key,)), by=by(days=1))

    assert [one.state for one in (await evaluate(core)).moves] == [State.ACTIVE]


@requirement("ceremonies.moves")
async def test_people_lead_and_the_policy_follows(core: Store) -> None:
    await a_sprint_with(core, {"sprint": {"duration_days": 14}}, [1], Cadence.CONSULTANCY)

    await close_sprint(core.start, SHOP, S1, CarryOver.BACKLOG, by=by(days=20))
    found = await evaluate(core, days=21)

    assert found.moves == ()
    assert ((await the(core)).closed_at, (await schedule(core)).standing.state) == (
        moment(20),
        State.COMPLETED,
    )


@requirement("ceremonies.moves")
async def test_an_evaluation_that_is_killed_before_its_commit_changes_nothing_and_comes_again(
    core: Store,
) -> None:
    await a_sprint_with(core, {}, [1, 1])
    await complete(core, 1, 2)
    before = (await names(core), await due(core))

    with pytest.raises(Killed):
        await evaluate(killed(core))
    assert (await names(core), await due(core)) == before

    await evaluate(core)
    assert (await the(core)).state is State.COMPLETED


def killed(core: Store) -> Any:
    class Dying:
        start = staticmethod(dying(core))

    return Dying()


async def test_what_was_told_to_be_spent_is_what_the_sprint_cost(core: Store) -> None:
    await a_sprint_with(core, {"sprint": {"strategy": "budget_driven", "budget": 100}}, [1])

    came = await emit_event(core.start, SHOP, "BudgetSpent", payload={"spent": 99}, by=by(days=1))
    assert (came.after, {one.key for one in came.occurrences}) == (State.ACTIVE, {"budget:75"})
    came = await emit_event(core.start, SHOP, "budget_spent", payload={"spent": 101.5}, by=by(days=2))

    assert (came.before, came.after) == (State.ACTIVE, State.COMPLETED)
    assert (await the(core)).spent == 101.5


async def test_a_decision_of_an_older_version_is_told_before_the_policy_closes_its_sprint(
    database: str, core: Store
) -> None:
    await a_project(core)
    await a_team(core, "Ana")
    await some_items(core, [1])
    await a_policy(core, {})
    plan = await plan_sprint(core.start, SHOP, PlanRequest(start=MONDAY.date()), by=by())
    await commit_and_start(core.start, plan.id, Consent.PERSON, by=by())
    await administer(
        database,
        "DELETE FROM core.outbox WHERE type = 'DecisionTaken'",
        "UPDATE core.plans SET plan = plan - 'figures'",
    )

    await complete(core, 1)
    await evaluate(core)

    kinds = [one.type for one in await events(core)]
    assert kinds.count("DecisionTaken") == 1
    assert kinds.index("DecisionTaken") < kinds.index("SprintClosed")
