"""How events stand, asked of each store and of Redis: what does not answer says so, and the others are told still."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from redis.asyncio import Redis

from scrum.clock import Clock, system
from scrum.errors import Unavailable
from scrum_adapters.redis_answers import GroupStanding
from scrum_adapters.redis_streams import Stream
from scrum_server.events.groups import GROUPS, Group, listeners
from scrum_server.stores import Stores
from scrum_storage.inbox import Counts, State
from scrum_storage.outgoing import Waiting
from scrum_storage.store import KINDS, Kind, Store
from scrum_tools.events import EventsStanding, GroupEvents, StoreEvents

_PATIENCE = 3.0
"""Seconds in which an open store has to answer."""

Heard = Mapping[str, GroupStanding]
"""How far groups are in one stream, by their names."""
Groups = Sequence[Group[Any]]


@dataclass(frozen=True)
class Seen:
    """What a store says. `lags`: by group, of this store's events; `letters`: what groups set aside in this store."""

    events: StoreEvents
    letters: Counts | None = None
    lags: Mapping[str, int] = field(default_factory=dict[str, int])


async def standing(stores: Stores, prefix: str, groups: Groups = GROUPS) -> EventsStanding:
    """Waits for stores that are still being opened."""
    try:
        redis = await stores.redis()
    except Unavailable as error:
        return summed([_away(kind.name, str(error)) for kind in KINDS], groups, redis_away=str(error))
    heard, redis_away = await _heard(redis, prefix, groups)
    seen = await asyncio.gather(*(_asked(stores, kind, heard.get(kind.name, {})) for kind in KINDS))
    return summed(seen, groups, redis_away=redis_away)


def stream(redis: Redis, prefix: str, store: str, groups: Groups = GROUPS, *, owner: str = "") -> Stream:
    """Where the events of a store go; see Stream."""
    return Stream(redis, f"{prefix}.{store}", listeners(groups, store), owner)


async def look(store: Store[Any], heard: Heard, clock: Clock = system) -> Seen:
    """Raises Unavailable."""
    waiting = await store.outgoing.waiting()
    lags = {
        name: await store.outgoing.behind(group.delivered) + group.pending for name, group in heard.items()
    }
    async with store.start() as work:
        return Seen(_events(store.name, waiting, clock()), await work.inbox.count(), lags)


def summed(seen: Sequence[Seen], groups: Groups, *, redis_away: str = "") -> EventsStanding:
    by_store = {one.events.store: one for one in seen}
    return EventsStanding(
        tuple(one.events for one in seen), tuple(_group(group, by_store) for group in groups), redis_away
    )


async def _heard(redis: Redis, prefix: str, groups: Groups) -> tuple[dict[str, Heard], str]:
    """By store, and why Redis is away."""
    sources = sorted({source.name for group in groups for source in group.sources})
    try:
        return {name: (await stream(redis, prefix, name, groups).standing())[1] for name in sources}, ""
    except Unavailable as error:
        return {}, str(error)


async def _asked(stores: Stores, kind: Kind[Any], heard: Heard) -> Seen:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await look(await stores.of(kind), heard, stores.clock)
    except TimeoutError:
        return _away(kind.name, f"it did not answer in {_PATIENCE:g} s")
    except Unavailable as error:
        return _away(kind.name, str(error))


def _away(store: str, reason: str) -> Seen:
    return Seen(StoreEvents(store, reason))


def _events(store: str, waiting: Waiting, now: datetime) -> StoreEvents:
    age = (now - waiting.oldest).total_seconds() if waiting.oldest else 0.0
    return StoreEvents(
        store,
        unsent=waiting.unsent,
        oldest_unsent_seconds=round(max(age, 0.0), 3),
        unsettled=waiting.unsettled,
    )


def _group(group: Group[Any], seen: Mapping[str, Seen]) -> GroupEvents:
    lags = [seen[source.name].lags.get(group.name) for source in group.sources]
    known = [lag for lag in lags if lag is not None]
    letters = seen[group.store.name].letters
    return GroupEvents(
        group.name,
        lag=sum(known) if len(known) == len(lags) else None,
        retrying=_count(letters, group.name, State.RETRY),
        parked=_count(letters, group.name, State.PARKED),
        dead=_count(letters, group.name, State.DEAD),
    )


def _count(letters: Counts | None, group: str, state: State) -> int | None:
    return None if letters is None else letters.get((group, state), 0)
