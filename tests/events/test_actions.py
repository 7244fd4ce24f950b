"""What was agreed in ceremonies arrives in the chronicle by the real workers, each exactly once."""

import random
from collections.abc import Sequence
from pathlib import Path

from scrum.ceremonies.terms import DAILY
from scrum.chronicle.reports import ActionItem, ActionStatus
from scrum.events import Event
from scrum_storage.embedded.servers import Servers
from scrum_storage.store import CHRONICLE, Store, open_store
from tests.builders import MONDAY, SHOP
from tests.conftest import administer
from tests.events.apart import apart
from tests.events.conftest import Stage, Stages
from tests.held import FIRST, after, agreed, held, told
from tests.requirements import requirement

SECOND = "SHOP-S1-C1-A2"
EVENTS = [
    one.event
    for one in (
        held("SHOP-S3-C1", 20, told(status="done")),
        held("SHOP-S1-C2", 1, told(owner="Ana"), told(SECOND, status="dropped"), ceremony=DAILY),
        held("SHOP-S2-C1", 10),
        held("SHOP-S1-C1", 0, agreed(), agreed(SECOND)),
    )
]
"""The actions come last, after all that is said of them."""
STANDS = (
    ActionItem(FIRST, SHOP, "SHOP-S1", "Fix the build", MONDAY, "Ana", None, ActionStatus.DONE, after(20), 1),
    ActionItem(
        SECOND, SHOP, "SHOP-S1", "Fix the build", MONDAY, status=ActionStatus.DROPPED, settled_at=after(1)
    ),
)
OCCURRENCES = ["SHOP-S3-C1", "SHOP-S2-C1", "SHOP-S1-C2", "SHOP-S1-C1"]


async def publish(core: Store, *events: Event) -> None:
    """In a commit each."""
    for event in events:
        async with core.start() as work:
            work.publish(event)
            await work.commit()


async def send(stage: Stage, entries: Sequence[list[bytes]]) -> None:
    """Past the relay."""
    await stage.effects.ask_at_once([("XADD", stage.effects.stream, "*", *fields) for fields in entries])


async def arrived(stage: Stage) -> tuple[list[str], tuple[ActionItem, ...]]:
    async with open_store(stage.effects.chronicle, CHRONICLE) as store, store.start() as work:
        actions = await work.minutes.actions(SHOP, only_open=False)
        return [one.occurrence for one in await work.minutes.of(SHOP)], tuple(actions)


@requirement("chronicle.actions")
async def test_minutes_and_actions_that_are_heard_twice_and_before_their_actions_arrive_once(
    stage: Stage, core: Store, chance: random.Random
) -> None:
    await stage.crew.start(only_relays=True)
    await publish(core, *EVENTS)
    await stage.effects.all_sent()
    entries = await stage.effects.entries()
    assert len(entries) == len(EVENTS)
    await send(stage, entries)

    for _ in range(2):
        await stage.crew.start()
    await stage.effects.settle()
    assert await arrived(stage) == (OCCURRENCES, STANDS)

    await administer(stage.effects.chronicle, "DELETE FROM chronicle.inbox")
    await send(stage, chance.sample(entries, len(entries)))
    await stage.effects.settle()

    assert await arrived(stage) == (OCCURRENCES, STANDS)
    assert await stage.effects.letters() == {}


@requirement("chronicle.away")
async def test_minutes_and_actions_wait_for_a_chronicle_that_is_away(
    stages: Stages, servers: Servers, database: str, core: Store, tmp_path: Path
) -> None:
    async with apart(stages, servers, database, tmp_path / "chronicle") as (stage, chronicle):
        await publish(core, EVENTS[0])
        await stage.effects.settle()
        await chronicle.stop()

        await publish(core, *EVENTS[1:])
        await stage.effects.all_sent()

        assert chronicle.start() == chronicle.first
        await stage.effects.settle()
        assert await arrived(stage) == (OCCURRENCES, STANDS)
        assert await stage.effects.letters() == {}
