"""The chronicle on a PostgreSQL of its own that is stopped."""

import time
from collections import Counter
from pathlib import Path

from scrum_storage.embedded.servers import Servers
from tests.events.apart import apart
from tests.events.conftest import Scale, Stages
from tests.requirements import requirement
from tests.tools.agent import Agent, agent

SPRINT = "SPRINT"
AT_ONCE = 5.0
"""Seconds: much more than it takes, and much less than anybody would wait for a database."""
_LIFE = "SELECT type FROM chronicle.history WHERE project = 'SPRINT' AND type LIKE 'Sprint%'"


async def a_running_sprint(ana: Agent) -> None:
    await ana.call("setup_project", project=SPRINT)
    await ana.call("set_team", project=SPRINT, members=[{"name": "Ana"}])
    await ana.call("add_items", project=SPRINT, items=[{"title": "A", "points": 1}])
    plan = await ana.call("plan_sprint", project=SPRINT)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)
    await ana.call("start_sprint", sprint="next", project=SPRINT)


@requirement("events.away")
async def test_a_sprint_closes_at_once_without_the_chronicle_and_its_history_is_complete_when_it_is_back(
    stages: Stages, servers: Servers, database: str, tmp_path: Path, scale: Scale
) -> None:
    async with apart(stages, servers, database, tmp_path / "chronicle") as (stage, chronicle):
        async with agent(stage.server.url) as ana:
            await a_running_sprint(ana)
            await chronicle.stop()
            await stage.calls.publish(scale.events)

            began = time.monotonic()
            await ana.call("close_sprint", sprint="current", project=SPRINT)
            assert time.monotonic() - began < AT_ONCE

        assert chronicle.start() == chronicle.first
        await stage.effects.settle()
        await stage.effects.each_once(scale.events, apart=SPRINT)
        life = Counter(await stage.effects.history(_LIFE))
        assert life == {("SprintPlanned",): 1, ("SprintStarted",): 1, ("SprintClosed",): 1}
