"""Workers on machines whose clocks are wrong, or are set back."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scrum.ceremonies.attempts import begin
from scrum.ceremonies.occurrence import Status
from scrum.ceremonies.usecases import evaluate_sprint
from scrum.clock import system
from scrum.team.project import Cadence
from scrum_server.ceremonies.patience import Patience
from scrum_server.shared_clock import SharedClock
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import SHOP
from tests.events.held import LEASE, a_running_sprint, a_scheduler, add_examples, complete, now, occurrences
from tests.events.test_ceremonies_held_up import Chronicle
from tests.requirements import requirement

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
S1 = f"{SHOP}-S1"
COUNTING = {
    "ceremonies": {
        "daily_scrum": {
            "strategy": "task_driven",
            "trigger": "every_n_completions",
            "every_n_completions": 1,
        }
    }
}


@dataclass
class Machine:
    """Whose clock is off."""

    off: timedelta = timedelta()
    later: timedelta = timedelta()

    async def clock(self, core: Store) -> SharedClock:
        clock = SharedClock(lambda: system() + self.off, self._passed)
        await clock.read(core.now)
        return clock

    def _passed(self) -> float:
        return self.later.total_seconds()


@requirement("ceremonies.clocks")
async def test_what_a_worker_began_whose_clock_is_ahead_is_taken_over_when_its_time_is_over(
    core: Store, database: str
) -> None:
    await a_running_sprint(core, now(), 2, {}, cadence=Cadence.STARTUP)
    await add_examples(core, now(), 1)
    ahead = (await Machine(HOUR).clock(core))()
    await begin(core.start, 4, now=ahead, until=ahead + LEASE)

    machine = Machine()
    async with a_scheduler(database, MONDAY) as scheduler:
        delivering = replace(scheduler.delivering, clock=await machine.clock(core))
        assert await delivering.deliver() == []
        machine.later = LEASE + timedelta(seconds=5)
        await delivering.deliver()

    assert [one.status for one in await occurrences(core)] == [Status.DELIVERED]


@requirement("ceremonies.clocks")
async def test_an_evaluation_by_a_machine_whose_clock_is_ahead_holds_back_nothing(core: Store) -> None:
    keys = await a_running_sprint(core, now(), 4, COUNTING, cadence=Cadence.STARTUP)
    machine = Machine()
    ahead, right = await Machine(HOUR).clock(core), await machine.clock(core)
    await evaluate_sprint(core.start, S1, now=ahead())

    found: list[str] = []
    for key in keys[:3]:
        machine.later += timedelta(minutes=5)
        at = right()
        await complete(core, [key], at)
        found += [one.ceremony for one in (await evaluate_sprint(core.start, S1, now=at)).occurrences]

    assert found.count("daily_scrum") == 3


@requirement("ceremonies.clocks")
async def test_a_clock_that_is_set_back_while_a_store_is_away_stops_no_worker(
    core: Store, database: str
) -> None:
    await a_running_sprint(core, MONDAY, 2, {}, cadence=Cadence.STARTUP)
    async with open_store(database, CHRONICLE) as store:
        chronicle = Chronicle(store)
        async with a_scheduler(database, MONDAY, chronicle.start) as scheduler:
            await add_examples(core, MONDAY, 1)
            await scheduler.delivering.deliver()
            scheduler.clock.at -= HOUR
            chronicle.is_away = False
            await add_examples(core, MONDAY, 1, first=201)
            await scheduler.delivering.deliver()

    assert (await occurrences(core))[-1].status is Status.DELIVERED


@requirement("ceremonies.clocks")
def test_nothing_waits_longer_than_the_longest_pause_when_the_clock_is_set_back() -> None:
    patience = Patience()
    patience.failed(S1, MONDAY)
    assert patience.waits(S1, MONDAY)

    assert not patience.waits(S1, MONDAY - HOUR)
