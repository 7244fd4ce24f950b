"""What the events did, by SQL and commands that know nothing of our code."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from scrum_adapters.redis import RedisUnavailable, Wire, connect
from tests.events.waiting import until

_EXPECTED = """
    SELECT 'ProjectSetUp', key, key, 1 FROM core.projects
    UNION ALL SELECT 'TeamSet', project, project || '-TEAM', generate_series(1, version) FROM core.teams
    UNION ALL SELECT 'ItemAdded', project, key, 1 FROM core.items
    UNION ALL SELECT 'ItemChanged', project, key, generate_series(2, version) FROM core.items
"""
"""What must have happened: each version of an aggregate came with one event."""

_COUNTED = "SELECT type, project, aggregate, aggregate_version FROM counting.effects"
_TOLD = "SELECT type, project, aggregate, aggregate_version FROM chronicle.history"
_SUMS = "SELECT project, events FROM counting.sums"
_LETTERS = "SELECT consumer, state FROM {store}.inbox WHERE state <> 'done'"
_RETRIES = "SELECT count(*) FROM {store}.inbox WHERE state = 'retry'"


@dataclass(frozen=True)
class Effects:
    """`chronicle` is where its store lives."""

    database: str
    redis: str
    stream: str
    chronicle: str

    async def settle(self) -> None:
        """Returns when nothing is on its way any more: in the outbox, in the stream, or to be tried again."""
        try:
            await until(self._nothing_left)
        except TimeoutError:
            pytest.fail(f"not settled: {await self.left()}")

    async def left(self) -> dict[str, int]:
        return {
            "outbox": (await self.rows("SELECT count(*) FROM core.outbox"))[0][0],
            "to be counted": (await self.rows(_RETRIES.format(store="counting")))[0][0],
            "to be told": (await self.history(_RETRIES.format(store="chronicle")))[0][0],
            **await self._stream(),
        }

    async def each_once(self, least: int, poison: Collection[str] = (), apart: str = "") -> None:
        """Each event had its effect, none had it twice, and none was set aside; there were as many as that.

        Except for the items that are `poison` to the group `counting`, and for a project that stands apart.
        """
        expected = Counter(row for row in await self.rows(_EXPECTED) if row[1] != apart)
        assert expected.total() >= least
        told = Counter(row for row in await self.history(_TOLD) if row[1] != apart)
        assert (expected - told, told - expected) == (Counter(), Counter()), "lost, and doubled"
        expected = Counter(row for row in expected.elements() if row[2] not in poison)
        counted = Counter(row for row in await self.rows(_COUNTED) if row[1] != apart)
        assert (expected - counted, counted - expected) == (Counter(), Counter()), "lost, and doubled"
        sums = Counter(project for _, project, _, _ in expected.elements())
        assert {project: count for project, count in await self.rows(_SUMS) if project != apart} == sums
        assert await self.letters() == Counter({("counting", "dead"): len(poison)} if poison else {})

    async def letters(self) -> Counter[tuple[str, str]]:
        """What was set aside, by consumer and state."""
        counting = await self.rows(_LETTERS.format(store="counting"))
        return Counter(counting + await self.history(_LETTERS.format(store="chronicle")))

    async def without_letters(self) -> bool:
        return not await self.letters()

    async def has_items(self, added: Mapping[str, Sequence[str]]) -> None:
        """Whatever was told as added is there."""
        there = {key for (key,) in await self.rows("SELECT key FROM core.items")}
        assert {key for keys in added.values() for key in keys} <= there

    async def all_sent(self) -> None:
        """Returns when no event waits for a relay."""

        async def sent() -> bool:
            return not await self.rows("SELECT FROM core.outbox WHERE sent_at IS NULL LIMIT 1")

        await until(sent)

    async def entries(self) -> list[list[bytes]]:
        """What the stream holds, as it was added."""
        return [fields for _, fields in await self.ask("XRANGE", self.stream, "-", "+")]

    async def rows(self, query: str) -> list[Any]:
        return await rows(self.database, query)

    async def history(self, query: str) -> list[Any]:
        return await rows(self.chronicle, query)

    async def ask(self, *command: Any) -> Any:
        """Redis."""
        async with connect(self.redis) as client:
            return await Wire(client).ask(*command)

    async def ask_at_once(self, commands: Sequence[tuple[Any, ...]]) -> None:
        async with connect(self.redis) as client:
            await Wire(client).ask_at_once(commands)

    async def _nothing_left(self) -> bool:
        return not any((await self.left()).values())

    async def _stream(self) -> dict[str, int]:
        try:
            last = _named(await self.ask("XINFO", "STREAM", self.stream))["last-generated-id"]
            groups = [_named(one) for one in await self.ask("XINFO", "GROUPS", self.stream)]
        except RedisUnavailable:
            return {"no stream": 1}
        unread = sum(group["last-delivered-id"] != last for group in groups)
        return {"unread": unread, "pending": sum(group["pending"] for group in groups)}


async def rows(url: str, query: str) -> list[Any]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


def _named(pairs: Sequence[Any]) -> dict[str, Any]:
    return {name.decode(): value for name, value in zip(pairs[::2], pairs[1::2], strict=True)}
