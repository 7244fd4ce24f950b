"""A milestone does without what is cancelled, in the sprint or in the backlog, and its sprint does not wait for it."""

from typing import Any

import pytest

from scrum.backlog.model import Status
from scrum.ceremonies.events import OutsideEventSeen
from scrum.ceremonies.usecases import MOST_AT_ONCE, list_ceremonies
from scrum.sprint.model import State
from scrum.sprint.usecases import start_sprint
from scrum_storage.store import Store
from tests.builders import SHOP, a_planned_sprint, by, some_items
from tests.requirements import requirement
from tests.storage.meetings import (
    S1,
    a_policy,
    complete,
    evaluate,
    moment,
    occurrences,
    schedule,
    set_status,
    the,
)


async def a_sprint_to(core: Store, *items: int) -> None:
    """It ends when these are done; SHOP-4 stays in the backlog."""
    await a_planned_sprint(core, (1, 1, 1))
    await some_items(core, [1])
    milestones = {"m": {"items": [f"{SHOP}-{number}" for number in items]}}
    goals = {"strategy": "milestone_driven", "milestones": milestones, "transition_milestone": "m"}
    await a_policy(core, {"sprint": goals})
    await start_sprint(core.start, SHOP, "next", by=by())
    await evaluate(core)


async def much_happens(core: Store, *, days: float) -> None:
    """More than one transaction looks at."""
    now = await schedule(core)
    async with core.start() as work:
        noise: dict[str, Any] = {"sprint": S1, "name": "noise", "source": "ci", "payload": {}, "spent": None}
        work.publish(*(OutsideEventSeen.of(by(days=days), now, **noise) for _ in range(MOST_AT_ONCE)))
        await work.commit()


async def waits_for(core: Store) -> str:
    return (await list_ceremonies(core.look, SHOP, now=moment(1))).waits_for


@requirement("ceremonies.milestone-cancelled")
@pytest.mark.parametrize(("gone", "lacks"), [(1, "SHOP-1"), (4, "SHOP-4 (not in the sprint)")])
async def test_a_sprint_ends_with_its_milestone_when_the_last_item_of_it_is_cancelled(
    core: Store, gone: int, lacks: str
) -> None:
    await a_sprint_to(core, 2, gone)
    await complete(core, 2, days=0.5)
    assert await waits_for(core) == f"It goes to review with m, which lacks {lacks}."

    await set_status(core, Status.CANCELLED, gone, days=1)
    await evaluate(core)

    assert (await the(core)).state is State.COMPLETED
    assert [one.because for one in await occurrences(core) if one.ceremony == "daily_scrum"] == [
        f"All items of m are done; it does without SHOP-{gone}, which is cancelled."
    ]


@requirement("ceremonies.milestone-cancelled")
async def test_a_milestone_is_due_when_its_last_item_is_cancelled_however_much_happened_before(
    core: Store,
) -> None:
    await a_sprint_to(core, 1, 2)
    await complete(core, 1, days=0.2)
    await much_happens(core, days=0.3)
    await set_status(core, Status.CANCELLED, 2, days=2)

    await evaluate(core)

    found = [one.due_at for one in await occurrences(core) if one.ceremony == "daily_scrum"]
    assert found == [moment(2)]


@requirement("ceremonies.milestone-cancelled")
async def test_an_item_that_was_cancelled_and_is_open_again_is_needed_again(core: Store) -> None:
    await a_sprint_to(core, 1, 2)
    for status in (Status.CANCELLED, Status.TODO):
        await set_status(core, status, 1, days=0.4)
    await complete(core, 2, days=0.5)
    await evaluate(core)

    assert await waits_for(core) == "It goes to review with m, which lacks SHOP-1 (not in the sprint)."


@requirement("ceremonies.milestone-cancelled")
async def test_a_sprint_whose_milestone_is_cancelled_altogether_says_how_it_ends(core: Store) -> None:
    await a_sprint_to(core, 1)
    await set_status(core, Status.CANCELLED, 1, days=0.5)
    await evaluate(core)

    assert (await the(core)).state is State.ACTIVE
    assert (await waits_for(core)).startswith(
        "All items of m are cancelled, so that it cannot end the sprint"
    )
