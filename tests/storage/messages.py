"""Events to publish and to hear, and a Redis that takes whatever it is given."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from scrum.deliveries import Delivery, Place
from scrum.team.events import ProjectSetUp
from scrum_storage.outgoing import Added, Outgoing, Unsent
from scrum_storage.store import Store
from tests.builders import MONDAY, SHOP

HERE = "redis:1"


def an_event(number: int = 1, **data: Any) -> ProjectSetUp:
    return ProjectSetUp(
        project=SHOP,
        aggregate=SHOP,
        aggregate_version=number,
        occurred_at=MONDAY,
        actor="ana",
        reason="because",
        name="The shop",
        settings=data,
    )


async def publish(store: Store[Any], *events: ProjectSetUp, cause: Delivery | None = None) -> None:
    async with store.start() as work:
        work.publish(*events, cause=cause)
        await work.commit()


class Taking:
    """Adds to a stream where each batch has a millisecond of its own, and remembers what it was given."""

    def __init__(self, server: str = HERE) -> None:
        self.server = server
        self.batches: list[list[Unsent]] = []

    async def __call__(self, unsent: Sequence[Unsent]) -> Added:
        self.batches.append(list(unsent))
        ms = len(self.batches)
        return Added(self.server, [Place(ms, number) for number in range(len(unsent))])

    @property
    def ids(self) -> list[UUID]:
        return [one.id for batch in self.batches for one in batch]


async def sent(outgoing: Outgoing, *, to: str = HERE) -> list[UUID]:
    """Send what is unsent; the ids."""
    taking = Taking(to)
    await outgoing.send(1000, taking)
    return taking.ids
