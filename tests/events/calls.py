"""Agents that call tools at the same time, and what they were told."""

import asyncio
import random
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.tools.agent import Agent, agent

_AGENTS = 4
_TRICKLE = 0.1
"""Seconds between two calls of an agent when enough was published, and it only goes on for what happens meanwhile."""


@dataclass
class Calls:
    """Each is about one of a few projects; each answered one published what `events` counts.

    A call that was refused did nothing; with one whose outcome nobody knows, the database decides.
    """

    url: str
    chance: random.Random
    projects: Sequence[str] = ("ALPHA", "BETA", "GAMMA")
    bold: bool = False
    added: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    events: int = 0
    failed: int = 0

    async def publish(self, least: int, during: Awaitable[Any] | None = None) -> None:
        """Call until so many events were published, and as long as something else goes on."""
        async with agent(self.url) as first:
            for key in self.projects:
                await first.call("setup_project", project=key)
                self.events += 1
        meanwhile = asyncio.ensure_future(during or asyncio.sleep(0))
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(_AGENTS):
                    tasks.create_task(self._agent(least, meanwhile))
        finally:
            await meanwhile

    async def _agent(self, least: int, meanwhile: "asyncio.Future[Any]") -> None:
        async with agent(self.url) as caller:
            while self.events < least or not meanwhile.done():
                await self._one(caller, self.chance.choice(self.projects))
                await asyncio.sleep(_TRICKLE if self.events >= least else 0)

    async def _one(self, caller: Agent, project: str) -> None:
        kind = self.chance.choices((self._add, self._change, self._team), (5, 4, 1))[0]
        await kind(caller, project)

    async def _add(self, caller: Agent, project: str) -> None:
        entries = [{"title": "Item", "points": 1} for _ in range(self.chance.randint(1, 20))]
        if answer := await self._answer(caller, "add_items", project=project, items=entries):
            keys = [one["item"] for one in answer["items"]]
            self.added.setdefault(project, []).extend(keys)
            self.events += len(keys)

    async def _change(self, caller: Agent, project: str) -> None:
        known = self.added.get(project, [])
        keys = self.chance.sample(known, min(len(known), self.chance.randint(1, 20)))
        changes = [{"item": key, "points": self.chance.randint(1, 1000)} for key in keys]
        if changes and (
            answer := await self._answer(caller, "update_items", project=project, changes=changes)
        ):
            self.events += sum(one["outcome"] == "changed" for one in answer["items"])

    async def _team(self, caller: Agent, project: str) -> None:
        member = {"name": f"Ana {self.chance.randrange(10**9)}"}
        team = {"members": [member], "mode": "replace"}
        if await self._answer(caller, "set_team", project=project, **team):
            self.events += 1

    async def _answer(self, caller: Agent, tool: str, **arguments: Any) -> dict[str, Any]:
        """Nothing where it failed, for those who are `bold` enough to go on."""
        result = await caller.answer(tool, **arguments)
        if result.is_error and self.bold:
            self.failed += 1
            return {}
        assert not result.is_error, result
        return result.structured_content or {}
