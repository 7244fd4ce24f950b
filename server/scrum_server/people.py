"""What people do at a terminal."""

import asyncio
import getpass

from scrum.clock import system
from scrum.events import By
from scrum.planning.model import Consent
from scrum.planning.usecases import commit_plan
from scrum_server.operate import opened
from scrum_server.settings import Settings


def commit_as_person(settings: Settings, plan: str) -> str:
    """What happened, in words. Raises what `commit_plan` raises."""

    async def run() -> str:
        async with opened(settings) as store:
            by = By(getpass.getuser(), system())
            made = await commit_plan(store.start, plan.strip().upper(), Consent.PERSON, by=by)
            return (
                f"{made.sprint.id} is planned, {made.sprint.start} to {made.sprint.end}. Next: start_sprint."
            )

    return asyncio.run(run())
