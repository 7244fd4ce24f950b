"""How ceremonies stand, asked of the store."""

import asyncio
from datetime import datetime

from scrum.ceremonies.occurrence import Undelivered
from scrum.errors import Unavailable
from scrum_server.metrics import CeremoniesStanding
from scrum_server.stores import Stores
from scrum_storage.store import CORE

_PATIENCE = 3.0
"""Seconds in which the store has to answer."""


async def ceremonies(stores: Stores) -> CeremoniesStanding:
    """Unknown, where the store is away."""
    try:
        async with asyncio.timeout(_PATIENCE), (await stores.of(CORE)).look() as work:
            return told(await work.occurrences.count_undelivered(), now=stores.clock())
    except (TimeoutError, Unavailable):
        return CeremoniesStanding()


def told(undelivered: Undelivered, *, now: datetime) -> CeremoniesStanding:
    """A clock that is ahead may have said when it was due."""
    age = (now - undelivered.oldest).total_seconds() if undelivered.oldest else 0.0
    return CeremoniesStanding(undelivered.due, round(max(age, 0.0), 3), undelivered.failed)
