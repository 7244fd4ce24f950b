"""A server outlives its embedded servers."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

from scrum.errors import Unavailable
from scrum.team.usecases import project_keys, setup_project
from scrum_server.runtime import ServerRuntime
from scrum_server.settings import Settings
from scrum_storage.embedded.status import status
from tests.builders import SHOP, by
from tests.requirements import requirement


@requirement("servers.kill")
async def test_when_keeper_and_servers_are_killed_the_next_calls_start_them_again(tmp_path: Path) -> None:
    runtime = ServerRuntime(Settings(home=tmp_path / "home"))
    async with runtime.running():
        await setup_project((await runtime.core()).start, SHOP, {}, by=by())
        seen = status(tmp_path / "home")
        for pid in (seen.keeper, seen.postgres.pid, seen.redis.pid):
            assert pid is not None
            os.kill(pid, signal.SIGKILL)

        async with asyncio.timeout(60):  # a backend may answer for a moment after its server was killed
            while status(tmp_path / "home").postgres.pid in (None, seen.postgres.pid):
                with suppress(Unavailable):
                    await project_keys((await runtime.core()).look)

        assert await project_keys((await runtime.core()).look) == [SHOP]
        assert all(part.ok for part in await runtime.health())
