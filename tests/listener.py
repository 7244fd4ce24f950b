"""What the consumer of the chronicle does, by hand: for tests that are about the history and not about its way there."""

import json
from collections.abc import Sequence
from typing import Any

from scrum.catalog import EVENTS
from scrum.chronicle.usecases import record
from scrum.deliveries import Delivery, delivery
from scrum_storage.chronicle_work import ChronicleWork
from scrum_storage.store import Store
from tests.tools.database import rows

_PUBLISHED = "SELECT json_build_object({})::text AS envelope FROM core.outbox WHERE project = $1 ORDER BY seq"
_FIELDS = (
    "id", "type", "version", "project", "aggregate", "aggregate_version", "occurred_at", "actor", "reason",
    "correlation_id", "causation_id", "data",
)  # fmt: skip


async def published(core: str, project: str) -> list[Delivery]:
    """What a project has published and nobody has settled, oldest first, as it is delivered."""
    pairs = ", ".join(f"'{name}', {name}" for name in _FIELDS)
    found = await rows(core, _PUBLISHED.format(pairs), project)
    return [delivery("core", json.loads(row["envelope"]), EVENTS) for row in found]


async def hear(chronicle: Store[ChronicleWork], deliveries: Sequence[Delivery]) -> None:
    async with chronicle.start() as work:
        await record(work, deliveries)
        await work.commit()


async def remembered(url: str, project: str) -> list[dict[str, Any]]:
    """The history of a project, seen past the repository."""
    return await rows(url, "SELECT * FROM chronicle.history WHERE project = $1 ORDER BY at, event", project)
