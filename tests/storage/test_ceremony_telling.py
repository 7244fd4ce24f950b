"""What people tell of ceremonies and for them: events from elsewhere, asking for one, and what came of it."""

from dataclasses import replace

import pytest

from scrum.ceremonies.gathering import NoOpenSprint, NothingToLookAt, UnknownCeremony
from scrum.ceremonies.occurrence import OccurrenceInWrongState, UnknownOccurrence
from scrum.ceremonies.occurrence import Status as Stage
from scrum.ceremonies.outcome import Action, NoAction, NothingTold, Outcome, TooMany
from scrum.ceremonies.outside import ReservedEvent
from scrum.ceremonies.recording import hold_ceremony, skip_ceremony
from scrum.ceremonies.schedule import Schedule
from scrum.ceremonies.usecases import emit_event, list_ceremonies, trigger_ceremony
from scrum.chronicle.reports import ActionStatus
from scrum.errors import Invalid
from scrum.sprint.model import CarryOver, State
from scrum.sprint.usecases import close_sprint
from scrum_storage.store import Store
from tests.builders import (
    MONDAY,
    SHOP,
    a_project,
    a_sprint,
    by,
    some_items,
)
from tests.requirements import requirement
from tests.storage.meetings import (
    S1,
    a_sprint_with,
    daily,
    delivered,
    evaluate,
    events,
    moment,
    names,
    occurrences,
    open_schedule,
    schedule,
)


async def test_a_bad_event_is_refused_and_not_recorded(core: Store) -> None:
    await a_sprint_with(core, {})
    before = await names(core)

    with pytest.raises(ReservedEvent):
        await emit_event(core.start, SHOP, "task_completed", by=by(days=1))

    assert await names(core) == before


async def test_an_event_needs_an_open_sprint(core: Store) -> None:
    await a_project(core)

    with pytest.raises(NoOpenSprint, match="SHOP has no open sprint"):
        await emit_event(core.start, SHOP, "deployed", by=by())


async def test_time_that_passes_by_an_event_makes_due_what_the_clock_would(core: Store) -> None:
    await a_sprint_with(core, daily(strategy="calendar"))

    came = await emit_event(core.start, SHOP, "time_passed", by=by(days=3))

    assert [one.key for one in came.occurrences] == ["slot:2026-03-05T09:00+00:00"]
    assert came.occurrences[0].covers == tuple(f"slot:2026-03-0{day}T09:00+00:00" for day in (3, 4, 5))


async def test_a_ceremony_that_is_asked_for_is_held_once_until_it_was_delivered(core: Store) -> None:
    await a_sprint_with(core, daily(enabled=False))

    first = await trigger_ceremony(core.start, SHOP, "stand-up", by=by(days=1))
    assert (first.ceremony, first.because, first.status) == (
        "daily_scrum",
        "ana asked for it.",
        Stage.DUE,
    )
    assert await trigger_ceremony(core.start, SHOP, "daily_scrum", by=by(days=1)) == first

    await delivered(core)
    second = await trigger_ceremony(core.start, SHOP, "daily_scrum", by=by(days=2))
    assert second.number == first.number + 1


@requirement("ceremonies.poison")
async def test_a_ceremony_that_failed_is_tried_again_when_it_is_asked_for(core: Store) -> None:
    await a_sprint_with(core, daily())
    asked = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=1))
    async with core.start() as work:
        failed = asked
        for _ in range(5):
            failed = failed.begun(moment(1)).attempt_failed("no disk", moment(1))
        await work.occurrences.put(failed)
        await work.commit()
    assert [one.status for one in (await list_ceremonies(core.look, SHOP, now=moment(1))).occurrences] == [
        Stage.FAILED
    ]

    again = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=2))

    assert (again.id, again.status, again.attempts) == (asked.id, Stage.DUE, 0)


async def test_a_ceremony_that_there_is_not_is_refused_with_those_that_there_are(core: Store) -> None:
    await a_project(core)

    with pytest.raises(UnknownCeremony, match=r"Did you mean 'retrospective'.*daily_scrum"):
        await trigger_ceremony(core.start, SHOP, "retrospectiv", by=by())


async def test_without_a_sprint_a_planning_is_asked_for_of_the_next_one(core: Store) -> None:
    await a_project(core)

    asked = await trigger_ceremony(core.start, SHOP, "planning", by=by())
    await a_planned_again(core)

    assert (asked.id, asked.ceremony) == ("SHOP-S1-C1", "sprint_planning")
    found = await schedule(core)
    assert (found.first_day, found.days, found.anchor) == (MONDAY.date(), 14, moment(-1))


@pytest.mark.parametrize("ceremony", ["sprint_review", "retrospective"])
async def test_without_an_open_sprint_the_last_one_is_looked_back_at(core: Store, ceremony: str) -> None:
    closed = await a_closed_sprint(core)

    first = await trigger_ceremony(core.start, SHOP, ceremony, by=by(days=3))
    assert first == await trigger_ceremony(core.start, SHOP, ceremony, by=by(days=3))
    await delivered(core)
    held = await hold_ceremony(core.start, first.id, Outcome("Late, but held"), by=by(days=4))
    second = await trigger_ceremony(core.start, SHOP, ceremony, by=by(days=5))

    assert (first.sprint, first.because) == (S1, "ana asked for it when the sprint was over.")
    assert (held.occurrence.status, held.came.after) == (Stage.HELD, State.COMPLETED)
    assert second.number == first.number + 1
    assert (await schedule(core)).standing == closed.standing
    assert not await occurrences(core, "SHOP-S2")


async def test_a_sprint_from_before_ceremonies_can_be_looked_back_at_and_hears_of_nothing(
    core: Store,
) -> None:
    await a_project(core)
    async with core.start() as work:
        await work.sprints.put(replace(a_sprint(), state=State.COMPLETED))
        await work.commit()

    asked = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=3))

    found = await schedule(core)
    assert (asked.id, found.over, found.wake_at, found.standing.state) == (
        "SHOP-S1-C1",
        True,
        None,
        State.COMPLETED,
    )


async def a_closed_sprint(core: Store) -> Schedule:
    await a_sprint_with(core, daily(enabled=False))
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=by(days=2))
    await evaluate(core, days=2)
    return await schedule(core)


async def test_a_daily_needs_an_open_sprint_and_a_refinement_does_not(core: Store) -> None:
    await a_closed_sprint(core)

    with pytest.raises(
        NothingToLookAt, match=r"no sprint that daily_scrum could be about\. Call plan_sprint"
    ):
        await trigger_ceremony(core.start, SHOP, "daily", by=by(days=3))

    assert (await trigger_ceremony(core.start, SHOP, "refinement", by=by(days=3))).sprint == "SHOP-S2"


async def test_there_is_nothing_to_look_back_at_before_the_first_sprint(core: Store) -> None:
    await a_project(core)

    with pytest.raises(NothingToLookAt, match="retrospective"):
        await trigger_ceremony(core.start, SHOP, "retro", by=by())


async def a_planned_again(core: Store) -> None:
    (item,) = await some_items(core, [1])
    async with core.start() as work:
        await work.sprints.put(a_sprint())
        await work.items.put([replace(item, sprint=S1, version=item.version + 1)])
        await work.commit()
    await open_schedule(core)


async def test_what_came_of_a_ceremony_is_recorded_with_ids_for_its_actions(core: Store) -> None:
    await a_sprint_with(core, daily())
    await an_action(core, "Rest")
    asked = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=1))
    await delivered(core)
    actions = (
        Action(text=" Buy  chairs", owner="Ana", due=MONDAY.date()),
        Action("shop-s1-c1-a1 ", status=ActionStatus.DONE),
        Action(text="Sleep"),
    )

    told = await hold_ceremony(
        core.start, asked.id.lower(), Outcome("Fine", ["Ship it"], ["Ana", "Ana"], actions), by=by(days=2)
    )

    (_, held) = [one for one in await events(core) if one.type == "CeremonyHeld"]
    assert held.data == {
        "sprint": S1,
        "ceremony": "retrospective",
        "occurrence": asked.key,
        "notes": "Fine",
        "decisions": ["Ship it"],
        "attendees": ["Ana"],
        "actions": [
            {"id": "SHOP-S1-C2-A1", "text": "Buy chairs", "owner": "Ana", "due": "2026-03-02"},
            {"id": "SHOP-S1-C1-A1", "status": "done"},
            {"id": "SHOP-S1-C2-A2", "text": "Sleep"},
        ],
    }
    assert told.occurrence.action_ids == ("SHOP-S1-C2-A1", "SHOP-S1-C2-A2")
    assert (await names(core))[-1] == "ceremony_held"
    with pytest.raises(OccurrenceInWrongState, match="SHOP-S1-C2 retrospective was held already"):
        await hold_ceremony(core.start, asked.id, Outcome(), by=by(days=2))


async def an_action(core: Store, text: str) -> None:
    """Agreed in a retrospective."""
    asked = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=1))
    await delivered(core)
    await hold_ceremony(core.start, asked.id, Outcome(actions=[Action(text=text)]), by=by(days=1))


@pytest.mark.parametrize("unknown", ["SHOP-S1-C1-A2", "SHOP-S1-C2-A1", "SHOP-S1-C7-A1", "SHOP-S9-C1-A1"])
async def test_an_action_that_nobody_agreed_on_is_refused_and_the_ceremony_is_not_held(
    core: Store, unknown: str
) -> None:
    await a_sprint_with(core, daily())
    await an_action(core, "Rest")
    asked = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=2))
    await delivered(core)
    outcome = Outcome(actions=[Action(text="New"), Action(unknown, status=ActionStatus.DONE)])

    with pytest.raises(NoAction, match=f"id '{unknown}' is no action item of SHOP.*kind='actions'") as error:
        await hold_ceremony(core.start, asked.id, outcome, by=by(days=2))

    assert ("Did you mean 'SHOP-S1-C1-A1'?" in str(error.value)) == unknown.startswith(S1)
    assert [one.status for one in await occurrences(core)] == [Stage.HELD, Stage.DELIVERED]


@pytest.mark.parametrize("nothing", [Outcome(), Outcome(" ")])
async def test_of_a_ceremony_that_was_held_something_is_told(core: Store, nothing: Outcome) -> None:
    await a_sprint_with(core, daily())
    asked = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=1))
    await delivered(core)

    with pytest.raises(
        NothingTold, match="Give at least one of notes, decisions, actions and attendees; or skipped"
    ):
        await hold_ceremony(core.start, asked.id, nothing, by=by(days=1))

    assert [one.status for one in await occurrences(core)] == [Stage.DELIVERED]


async def test_what_is_too_much_is_refused_and_the_ceremony_is_not_held(core: Store) -> None:
    await a_sprint_with(core, daily())
    asked = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=1))
    await delivered(core)

    with pytest.raises(TooMany):
        await hold_ceremony(core.start, asked.id, Outcome(decisions=["x"] * 21), by=by(days=2))

    assert [one.status for one in await occurrences(core)] == [Stage.DELIVERED]


async def test_skipping_needs_a_reason_and_an_occurrence(core: Store) -> None:
    await a_sprint_with(core, daily())
    asked = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=1))

    with pytest.raises(Invalid, match="why is empty"):
        await skip_ceremony(core.start, asked.id, " ", by=by(days=1))
    with pytest.raises(UnknownOccurrence, match="SHOP-S1-C9"):
        await skip_ceremony(core.start, "SHOP-S1-C9", "No time", by=by(days=1))


async def test_the_reason_of_a_skip_is_told_with_its_event(core: Store) -> None:
    await a_sprint_with(core, daily())
    asked = await trigger_ceremony(core.start, SHOP, "retro", by=by(days=1))

    await skip_ceremony(core.start, asked.id, " All  are ill", by=by(days=1, reason="it is asked"))

    told = [(one.actor, one.reason) for one in await events(core) if one.type == "CeremonySkipped"]
    assert told == [("ana", "All are ill")]


async def test_what_time_has_made_due_comes_before_what_is_asked_for(core: Store) -> None:
    await a_sprint_with(core, daily(strategy="calendar"))

    asked = await trigger_ceremony(core.start, SHOP, "daily", by=by(days=1))

    assert asked.covers == ("slot:2026-03-03T09:00+00:00",)
    assert await occurrences(core) == [asked]
