"""A Redis Stream: events on their way from one outbox to those who react to them.

Redis may lose what it was given: it restarts with older data, fails over, is flushed, or evicts keys. So it signs
what it says: with the run of the server, and with an epoch, which is new whenever a part of the stream was missed.
What stands in the outbox under another signature has to be looked for, with `missing`.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

from redis.asyncio import Redis

from scrum.deliveries import Place
from scrum_adapters.redis import Gone, RedisUnavailable, Wire, facts
from scrum_adapters.redis_answers import (
    Entry,
    GroupStanding,
    entries_of,
    entry_of,
    named,
    place_of,
    standing_of,
)

T = TypeVar("T")

_PAGE = 500

_FORGET = """
local gone = 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
    local is = {}
    for at = 1, #consumer, 2 do is[consumer[at]] = consumer[at + 1] end
    if is.pending == 0 and is.idle >= tonumber(ARGV[2]) then
        redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], is.name)
        gone = gone + 1
    end
end
return gone
"""
"""Looks and deletes in one go: a consumer that gets something in between would lose it for good."""


_ADD = """
local places = {}
for at = 1, #ARGV, 2 do
    places[#places + 1] = redis.call('XADD', KEYS[1], 'NOMKSTREAM', '*', 'id', ARGV[at], 'event', ARGV[at + 1])
end
return places
"""
"""All in one command: that takes the client half the time of one for each. Without a stream each place is nil."""


class Foreign(RedisUnavailable):
    def __init__(self, stream: str) -> None:
        super().__init__(
            f"the stream {stream} belongs to another database. Databases that share a Redis need a "
            "SCRUM_REDIS_PREFIX each"
        )


class Stream:
    """All raise RedisUnavailable. What is missing of the stream is made, and the call tried once more."""

    def __init__(self, client: Redis, name: str, groups: Sequence[str], owner: str = "") -> None:
        """`owner`: whose events these are; a stream of another owner is refused. Who only looks needs none."""
        self._wire = Wire(client)
        self._owner = owner
        self._name = name
        self._groups = tuple(groups)
        self._epoch = f"{{{name}}}.epoch"  # a cluster keeps both in one place

    async def prepare(self) -> None:
        """Make the stream and the groups that it lacks; they hear it from its first entry on.

        One that is not there may have been lost, so the epoch changes first: nothing counts as heard meanwhile.

        Raises:
            Foreign.
        """
        await self._check_owner()
        known = await self._known()
        lacking = [group for group in self._groups if group not in (known or ())]
        if known is None or lacking:
            await self._renew()
        await self._wire.ask("SET", self._epoch, uuid4().hex, "NX")
        if known is None:
            made = ("XGROUP", "CREATE", self._name, "made", "0", "MKSTREAM")
            await self._wire.ask_at_once([made, ("XGROUP", "DESTROY", self._name, "made")])
        for group in lacking:
            await self._create(group)

    async def add(self, entries: Sequence[tuple[UUID, str]]) -> tuple[str, list[Place]]:
        """The signature of the server, and the place of each. When it raises, it may have added them."""
        return await self._mended(partial(self._add, entries))

    async def floor(self) -> tuple[str, Place]:
        """Up to where every group has acknowledged everything; where there is none, the last place.

        Every group that the stream has counts: a newer version of this code may have more of them.
        """
        server, last, groups = await self._mended(self._look)
        return server, min((group.acknowledged for group in groups.values()), default=last)

    async def standing(self) -> tuple[str, dict[str, GroupStanding]]:
        """By the names of the groups."""
        server, _, groups = await self._mended(self._look)
        return server, groups

    async def missing(self, entries: Sequence[tuple[UUID, Place]]) -> tuple[str, set[UUID]]:
        """Which of these events are not where they were put."""
        looks = [("XRANGE", self._name, str(place), str(place)) for _, place in entries]
        server, found = await self._mended(partial(self._signed, looks))
        there = {entry_of(row).id for rows in found for row in rows}
        return server, {event for event, _ in entries} - there

    async def trim(self, below: Place, keep: timedelta) -> None:
        """Drop what stands below this place and is older than `keep`."""
        seconds, micros = await self._wire.ask("TIME")
        now = timedelta(seconds=int(seconds), microseconds=int(micros))
        old = Place((now - keep) // timedelta(milliseconds=1), 0)
        await self._wire.ask("XTRIM", self._name, "MINID", "=", str(min(below, old)))

    async def read(self, group: str, consumer: str, count: int, wait: float) -> list[Entry]:
        """What nobody of the group has got; waits for it up to `wait` seconds."""
        command = ("XREADGROUP", "GROUP", group, consumer, "COUNT", count, *_block(wait))
        asked = partial(self._wire.ask, *command, "STREAMS", self._name, ">", wait=wait)
        return entries_of(await self._mended(asked))

    async def own(self, group: str, consumer: str, count: int) -> list[Entry]:
        """What this consumer got and has not acknowledged, oldest first. It does not count as delivered again."""
        while pending := await self._pending(group, "-", "+", count, consumer):
            if entries := await self._present(group, pending):
                places = [str(entry.place) for entry in entries]
                await self._wire.ask("XCLAIM", self._name, group, consumer, 0, *places, "JUSTID")
                return entries
        return []

    async def take_over(self, group: str, consumer: str, idle: float, count: int) -> list[Entry]:
        """What some consumer got `idle` seconds ago or earlier, and did not acknowledge."""
        least = _milliseconds(idle)
        while pending := await self._pending(group, "IDLE", least, "-", "+", count):
            if entries := await self._present(group, pending):
                return await self._claim(group, consumer, least, entries)
        return []

    async def acknowledge(self, group: str, places: Sequence[Place]) -> None:
        if places:
            await self._wire.ask("XACK", self._name, group, *map(str, places))

    async def forget(self, group: str, idle: float) -> None:
        """Consumers that have nothing pending, and did not ask for `idle` seconds."""
        asked = partial(self._wire.ask, "EVAL", _FORGET, 1, self._name, group, _milliseconds(idle))
        await self._mended(asked)

    async def tail(self, after: Place | None, wait: float) -> list[Entry]:
        """What came after this place, or else comes within `wait` seconds; None: only what comes while it waits."""
        begin = "$" if after is None else str(after)
        command = ("XREAD", "COUNT", _PAGE, *_block(wait), "STREAMS", self._name, begin)
        return entries_of(await self._wire.ask(*command, wait=wait))

    async def _check_owner(self) -> None:
        if not self._owner:
            return
        key = f"{{{self._name}}}.owner"
        _, owner = await self._wire.ask_at_once([("SET", key, self._owner, "NX"), ("GET", key)])
        if owner.decode() != self._owner:
            raise Foreign(self._name)

    async def _mended(self, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            return await ask()
        except Gone:
            await self.prepare()
            return await ask()

    async def _known(self) -> set[str] | None:
        """The groups that there are; None without a stream."""
        try:
            return {group["name"].decode() for group in await self._infos()}
        except Gone:
            return None

    async def _infos(self) -> list[dict[str, Any]]:
        return [named(pairs) for pairs in await self._wire.ask("XINFO", "GROUPS", self._name)]

    async def _create(self, group: str) -> None:
        try:
            await self._wire.ask("XGROUP", "CREATE", self._name, group, "0", "MKSTREAM")
        except RedisUnavailable as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def _renew(self) -> None:
        await self._wire.ask("SET", self._epoch, uuid4().hex)

    async def _signed(self, commands: Iterable[tuple[Any, ...]]) -> tuple[str, list[Any]]:
        """The signature of the server that did these, at the same instant."""
        told = [("INFO", "server"), ("GET", self._epoch)]
        info, epoch, *answers = await self._wire.ask_at_once([*told, *commands])
        if epoch is None:
            raise Gone(f"{self._epoch} is not there")
        return f"{facts(info)['run_id']}:{epoch.decode()}", answers

    async def _add(self, entries: Sequence[tuple[UUID, str]]) -> tuple[str, list[Place]]:
        """Never makes the stream: a new one would have no groups, and they would not hear of these."""
        texts = [text for event, body in entries for text in (str(event), body)]
        server, (places,) = await self._signed([("EVAL", _ADD, 1, self._name, *texts)])
        if None in places:
            raise Gone(f"{self._name} is not there")
        return server, [place_of(place) for place in places]

    async def _look(self) -> tuple[str, Place, dict[str, GroupStanding]]:
        """The signature, the last place, and every group."""
        names = [group["name"].decode() for group in await self._infos()]
        oldest = [("XPENDING", self._name, name, "-", "+", 1) for name in names]
        looks = [("XINFO", "STREAM", self._name), ("XINFO", "GROUPS", self._name), *oldest]
        server, (stream, infos, *pending) = await self._signed(looks)
        groups = {group["name"].decode(): group for group in map(named, infos)}
        if sorted(groups) != sorted(names) or not groups.keys() >= set(self._groups):
            raise Gone(f"{self._name} lacks groups")
        first = dict(zip(names, pending, strict=True))
        last = place_of(named(stream)["last-generated-id"])
        return server, last, {name: standing_of(group, first[name]) for name, group in groups.items()}

    async def _pending(self, group: str, *which: Any) -> dict[Place, int]:
        """How often each was delivered."""
        rows = await self._mended(partial(self._wire.ask, "XPENDING", self._name, group, *which))
        return {place_of(place): times for place, _, _, times in rows}

    async def _present(self, group: str, pending: Mapping[Place, int]) -> list[Entry]:
        """Those that are still in the stream. Others were deleted: nobody can handle them before they come again."""
        looks = [("XRANGE", self._name, str(place), str(place)) for place in pending]
        found = await self._wire.ask_at_once(looks)
        entries = [entry_of(row) for rows in found for row in rows]
        if lost := pending.keys() - {entry.place for entry in entries}:
            await self._renew()
            await self.acknowledge(group, list(lost))
        return [replace(entry, times=pending[entry.place]) for entry in entries]

    async def _claim(self, group: str, consumer: str, least: int, entries: Sequence[Entry]) -> list[Entry]:
        """Those that nobody else was faster to claim."""
        places = [str(entry.place) for entry in entries]
        rows = await self._wire.ask("XCLAIM", self._name, group, consumer, least, *places)
        mine = {place_of(row[0]) for row in rows if row}
        return [replace(entry, times=entry.times + 1) for entry in entries if entry.place in mine]


def _block(wait: float) -> tuple[Any, ...]:
    """BLOCK 0 would wait for ever."""
    return ("BLOCK", max(1, _milliseconds(wait))) if wait > 0 else ()


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
