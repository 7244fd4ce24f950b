"""`scrum-mcp events`: what it asks, and what it prints."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from uuid import UUID

import click
from rich.console import Console

from scrum.clock import system
from scrum.deliveries import Place
from scrum_adapters.redis_answers import Entry
from scrum_adapters.redis_streams import Stream
from scrum_server.events.letters import Found, Released, Wanted, letters, replay
from scrum_server.events.loops import unless
from scrum_server.events.standing import standing, stream
from scrum_server.events.tables import letters_table, printable, read, standing_tables, tail_line
from scrum_server.settings import Settings
from scrum_server.signals import told_to_stop
from scrum_server.stores import Stores
from scrum_storage.inbox import Letter, State
from scrum_tools.events import EventsStanding

T = TypeVar("T")

ALL = "all"
STATES = {"dead": State.DEAD.value, "parked": State.PARKED.value, "retrying": State.RETRY.value, ALL: ""}
_WAIT = 5.0
"""Seconds that a read of the stream waits for news."""
_BEGIN = Place(0, 0)


def show_status(settings: Settings, *, as_json: bool) -> bool:
    """Whether all is well."""
    told = asyncio.run(_with_stores(settings, lambda stores: standing(stores, settings.redis_prefix)))
    if as_json:
        _print_json({"well": told.well, "problems": told.problems, **asdict(told)})
    else:
        _print_standing(told)
    return told.well


def show_letters(settings: Settings, wanted: Wanted, *, as_json: bool, trace: bool) -> bool:
    """Whether every store could be asked. Raises UnknownGroup."""
    found = asyncio.run(_with_stores(settings, lambda stores: letters(stores, wanted)))
    if as_json:
        _print_json({"letters": [_plain(one) for one in found.letters], "away": found.away})
    else:
        _print_letters(found, wanted, trace=trace)
    return not found.away


def send_again(settings: Settings, ids: Collection[UUID] | None, group: str, *, as_json: bool) -> None:
    """None: whatever is dead or parked. Raises UnknownGroup, NotSetAside, Unavailable."""
    released = asyncio.run(_with_stores(settings, lambda stores: replay(stores, ids, group, now=system())))
    if as_json:
        _print_json({"replayed": [{"event": str(one.event), "group": one.group} for one in released]})
    else:
        _print_released(released)


@dataclass(frozen=True)
class Following:
    """`count`: how many to end after; 0 for none."""

    store: str
    from_start: bool
    count: int


def follow(settings: Settings, following: Following, *, as_json: bool) -> None:
    """Until told to stop. Raises Unavailable."""
    asyncio.run(_with_stores(settings, lambda stores: _follow(stores, settings, following, as_json=as_json)))


async def _follow(stores: Stores, settings: Settings, following: Following, *, as_json: bool) -> None:
    shown = 0
    with told_to_stop() as stop:
        source = stream(await stores.redis(), settings.redis_prefix, following.store)
        after = _BEGIN if following.from_start else await _end(source)
        async for entry in _entries(source, after, stop):
            click.echo(_line(entry) if as_json else tail_line(entry))
            shown += 1
            if shown == following.count:
                return


async def _entries(source: Stream, after: Place, stop: asyncio.Event) -> AsyncIterator[Entry]:
    while (found := await unless(stop, source.tail(after, _WAIT))) is not None:
        for entry in found:
            yield entry
            after = entry.place


async def _end(source: Stream) -> Place:
    """The last place that there is."""
    after = _BEGIN
    while found := await source.tail(after, 0):
        after = found[-1].place
    return after


def _line(entry: Entry) -> str:
    return json.dumps({"place": str(entry.place), **read(entry)}, ensure_ascii=False)


async def _with_stores(settings: Settings, ask: Callable[[Stores], Awaitable[T]]) -> T:
    async with aclosing(Stores(settings)) as stores:
        return await ask(stores)


def _print_standing(told: EventsStanding) -> None:
    console = Console()
    for table in standing_tables(told):
        console.print(table)
    click.echo(printable(told.text()))


def _print_letters(found: Found, wanted: Wanted, *, trace: bool) -> None:
    if found.letters:
        Console().print(letters_table(found.letters, trace=trace))
    elif not found.away:
        state = next(name for name, state in STATES.items() if state == wanted.state)
        click.echo("Nothing is set aside." if state == ALL else f"No event is {state}. See also --state all.")
    if len(found.letters) == wanted.limit:
        click.echo(f"These are the latest {wanted.limit}; --limit shows more.")
    for store, reason in found.away.items():
        click.echo(f"The store {store} could not be asked: {reason}")


def _print_released(released: Sequence[Released]) -> None:
    if not released:
        click.echo("Nothing is dead or parked.")
    groups: defaultdict[UUID, list[str]] = defaultdict(list)
    for one in released:
        groups[one.event].append(one.group)
    for event, names in groups.items():
        click.echo(f"{event} is tried again by {', '.join(names)}")


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _plain(letter: Letter) -> dict[str, Any]:
    given = asdict(letter)
    times = {name: given[name].isoformat() if given[name] else None for name in _TIMES}
    about = {name: letter.envelope.get(name) for name in ("type", "project")}
    named = {"event": str(letter.event), "group": given.pop("consumer"), **about}
    return {**given, **named, **times}


_TIMES = ("due_at", "first_failed_at", "last_failed_at")
