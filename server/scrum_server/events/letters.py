"""What groups have set aside, across the stores: looked at, and sent again."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from scrum.errors import Invalid, NotFound, Unavailable
from scrum.text import choices, nearest
from scrum_server.events.groups import GROUPS, Group
from scrum_server.stores import Stores
from scrum_storage.inbox import Letter
from scrum_storage.store import KINDS
from scrum_storage.work import MessageWork


class UnknownGroup(Invalid):
    def __init__(self, given: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no group {given}.{nearest(given, known)} Groups: {', '.join(known)}.")


class NotSetAside(NotFound):
    def __init__(self, events: Collection[UUID], group: str) -> None:
        where = f" of group {group}" if group else ""
        super().__init__(
            f"No dead or parked event{where} has the id {choices(sorted(map(str, events)))}. Nothing was sent again. "
            "`scrum-mcp events dead --state all` lists what is set aside."
        )


@dataclass(frozen=True)
class Wanted:
    """Which letters: empty means any."""

    group: str = ""
    state: str = ""
    limit: int = 100


@dataclass(frozen=True)
class Released:
    event: UUID
    group: str


@dataclass(frozen=True)
class Found:
    """`away`: why a store could not be asked, by its name."""

    letters: Sequence[Letter]
    away: dict[str, str]


def check_group(group: str, groups: Iterable[Group[Any]] = GROUPS) -> None:
    """Raises UnknownGroup."""
    known = [one.name for one in groups]
    if group and group not in known:
        raise UnknownGroup(group, known)


async def letters(stores: Stores, wanted: Wanted) -> Found:
    """The latest failures first. Raises UnknownGroup."""
    check_group(wanted.group)
    found: list[Letter] = []
    away: dict[str, str] = {}
    for kind in KINDS:
        try:
            async with (await stores.of(kind)).start() as work:
                inbox: MessageWork = work
                found += await inbox.inbox.letters(
                    consumer=wanted.group, state=wanted.state, limit=wanted.limit
                )
        except Unavailable as error:
            away[kind.name] = str(error)
    found.sort(key=lambda one: one.last_failed_at, reverse=True)
    return Found(found[: wanted.limit], away)


async def replay(
    stores: Stores, ids: Collection[UUID] | None, group: str = "", *, now: datetime
) -> list[Released]:
    """Have these tried from the start, all or none; None: whatever is dead or parked.

    Raises:
        UnknownGroup, Unavailable.
        NotSetAside: an id is of no dead or parked event.
    """
    check_group(group)
    async with AsyncExitStack() as stack:
        works = await _works(stores, stack)
        released = [
            Released(event, one.name)
            for one in GROUPS
            if group in ("", one.name)
            for event in await works[one.store.name].inbox.release(ids, consumer=one.name, now=now)
        ]
        if missing := set(ids or ()) - {one.event for one in released}:
            raise NotSetAside(missing, group)
        for work in works.values():
            await work.commit()
    return released


async def _works(stores: Stores, stack: AsyncExitStack) -> dict[str, MessageWork]:
    """A unit of work in each store that groups set their events aside in."""
    kinds = {one.store.name: one.store for one in GROUPS}
    return {
        name: await stack.enter_async_context((await stores.of(kind)).start()) for name, kind in kinds.items()
    }
