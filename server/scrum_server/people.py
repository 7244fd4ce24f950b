"""What people do at a terminal."""

import asyncio
import getpass
from contextlib import aclosing

from scrum.clock import system
from scrum.events import By
from scrum.planning.model import Consent
from scrum.planning.usecases import commit_plan
from scrum_server.settings import Settings
from scrum_server.stores import Stores
from scrum_storage.store import MEMORY


def commit_as_person(settings: Settings, plan: str) -> str:
    """What happened, in words. Raises what `commit_plan` raises."""

    async def run() -> str:
        async with aclosing(Stores(settings)) as stores:
            core, memory = await stores.core(), stores.guarded(MEMORY)
            by, key = By(getpass.getuser(), system()), plan.strip().upper()
            made = await commit_plan(core.start, key, Consent.PERSON, by=by, memory=memory.start)
            return (
                f"{made.sprint.id} is planned, {made.sprint.start} to {made.sprint.end}. Next: start_sprint."
            )

    return asyncio.run(run())
