"""Ceremonies as time passes, on a clock that the test sets: the loops of a worker, without waiting."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scrum.ceremonies.attempts import begin
from scrum.ceremonies.occurrence import MOST_ATTEMPTS, Occurrence, Status
from scrum.ceremonies.usecases import trigger_ceremony
from scrum.events import By
from scrum.team.project import Cadence
from scrum_storage.store import Store
from tests.builders import SHOP
from tests.conftest import administer
from tests.events.held import LEASE, a_running_sprint, a_scheduler, complete, occurrences, the_state
from tests.requirements import requirement
from tests.tools.database import rows

BERLIN = ZoneInfo("Europe/Berlin")
IN_SPRING = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)
"""A Monday, in the week before the clocks in Berlin go forward."""
DAILY = {
    "sprint": {"strategy": "calendar", "duration_days": 14},
    "ceremonies": {"daily_scrum": {"frequency": "daily", "time_of_day": "09:00"}},
}
FRIDAY = date(2026, 3, 27)


def of(ceremony: str, found: Sequence[Occurrence]) -> list[Occurrence]:
    return [one for one in found if one.ceremony == ceremony]


@requirement("ceremonies.calendar")
async def test_a_calendar_sprint_in_which_nothing_happens_is_held_on_working_days_and_ends_on_time(
    core: Store, database: str
) -> None:
    """Over a holiday, and a night in which an hour is missing."""
    calendar: dict[str, Any] = {"timezone": "Europe/Berlin", "days_off": [FRIDAY]}
    await a_running_sprint(core, IN_SPRING, 3, DAILY, cadence=Cadence.STARTUP, **calendar)

    async with a_scheduler(database, IN_SPRING) as scheduler:
        await scheduler.live(IN_SPRING + timedelta(days=20))

    dailies = of("daily_scrum", await occurrences(core))
    held = [one.due_at.astimezone(BERLIN) for one in dailies]
    days = [date(2026, 3, 23) + timedelta(n) for n in range(14)]
    assert [one.date() for one in held] == [one for one in days if one.weekday() < 5 and one != FRIDAY]
    assert {one.time().isoformat() for one in held} == {"09:00:00"}
    assert [one.due_at.hour for one in (dailies[0], dailies[-1])] == [8, 7]
    assert all(one.delivered_at == one.due_at for one in dailies)
    ended = of("sprint_review", await occurrences(core))
    assert [one.due_at.astimezone(BERLIN).date() for one in ended] == [date(2026, 4, 6)]
    assert await the_state(core) == "completed"


@requirement("ceremonies.calendar")
async def test_slots_that_nobody_was_awake_for_are_made_up_for_once(core: Store, database: str) -> None:
    await a_running_sprint(core, IN_SPRING, 3, DAILY, cadence=Cadence.STARTUP, timezone="Europe/Berlin")

    async with a_scheduler(database, IN_SPRING + timedelta(days=3, hours=2)) as scheduler:
        await scheduler.tick()

    (daily,) = of("daily_scrum", await occurrences(core))
    assert len(daily.covers) == 4


@requirement("ceremonies.poison")
async def test_a_report_that_cannot_be_kept_fails_after_some_attempts_and_is_tried_again_on_request(
    core: Store, database: str
) -> None:
    """Others are delivered meanwhile."""
    keys = await a_running_sprint(core, IN_SPRING, 5, {}, cadence=Cadence.STARTUP)
    await administer(database, _POISON)

    async with a_scheduler(database, IN_SPRING) as scheduler:
        await scheduler.live(IN_SPRING + timedelta(hours=1))
        await complete(core, keys[:4], scheduler.clock.at)
        await scheduler.tick()
        planning, *others = await occurrences(core)
        assert (planning.status, planning.attempts) == (Status.FAILED, MOST_ATTEMPTS)
        assert "CheckViolation" in planning.told
        assert {one.status for one in others} == {Status.DELIVERED}

        await administer(database, "ALTER TABLE chronicle.reports DROP CONSTRAINT poison")
        again = await trigger_ceremony(core.start, SHOP, "sprint_planning", by=By("ana", scheduler.clock.at))
        await scheduler.tick()

    assert again.id == planning.id
    assert {one.status for one in await occurrences(core)} == {Status.DELIVERED}
    failed = await rows(database, "SELECT data->>'why' AS why FROM core.outbox WHERE type = 'CeremonyFailed'")
    assert [row["why"] for row in failed] == [planning.told]


_POISON = "ALTER TABLE chronicle.reports ADD CONSTRAINT poison CHECK (ceremony <> 'sprint_planning')"


@requirement("ceremonies.poison")
async def test_attempts_that_end_their_workers_are_given_up_too(core: Store, database: str) -> None:
    await a_running_sprint(core, IN_SPRING, 5, {}, cadence=Cadence.STARTUP)

    async with a_scheduler(database, IN_SPRING) as scheduler:
        await scheduler.evaluating.evaluate()
        for _ in range(MOST_ATTEMPTS):
            at = scheduler.clock.at
            assert await begin(core.start, 10, now=at, until=at + LEASE)
            assert not await begin(core.start, 10, now=at, until=at + LEASE), "another worker has it"
            scheduler.clock.at = at + LEASE
        assert await scheduler.delivering.deliver() == []

    (planning,) = await occurrences(core)
    assert planning.status is Status.FAILED
    assert planning.told.startswith("Every attempt ended its worker")


async def test_a_sprint_that_cannot_be_evaluated_is_tried_again_later(core: Store, database: str) -> None:
    """Not at once, again and again."""
    await a_running_sprint(core, IN_SPRING, 5, {}, cadence=Cadence.STARTUP)
    await administer(database, *_SPOILED)

    async with a_scheduler(database, IN_SPRING) as scheduler:
        first = await scheduler.tick()
        pause = await scheduler.evaluating.pause()
        await administer(database, _MENDED)
        early = await scheduler.tick()
        scheduler.clock.at += timedelta(minutes=1)
        late = await scheduler.tick()

    assert (first.stuck, first.is_well, early.stuck, late.stuck) == (["SHOP-S1"], False, ["SHOP-S1"], [])
    assert pause >= timedelta(seconds=0.5)
    assert [one.occurrence.ceremony for one in late.delivered] == ["sprint_planning"]


_SPOILED = (
    "CREATE TABLE core.kept AS SELECT standing FROM core.schedules",
    "UPDATE core.schedules SET standing = '[]'",
)
_MENDED = "UPDATE core.schedules SET standing = kept.standing FROM core.kept"


@requirement("ceremonies.virtual")
async def test_on_virtual_time_only_what_happens_lets_time_pass(core: Store, database: str) -> None:
    """A worker does not know what time it is there."""
    keys = await a_running_sprint(core, IN_SPRING, 5, DAILY, cadence=Cadence.STARTUP)

    async with a_scheduler(database, IN_SPRING + timedelta(days=400), virtual=True) as scheduler:
        await scheduler.tick()
        before = of("daily_scrum", await occurrences(core))
        await complete(core, keys[:1], IN_SPRING + timedelta(days=1, hours=2))
        await scheduler.tick()

    assert before == []
    (daily,) = of("daily_scrum", await occurrences(core))
    assert len(daily.covers) == 2
    assert daily.delivered_at == IN_SPRING + timedelta(days=1, hours=2)
    assert await the_state(core) == "active"
