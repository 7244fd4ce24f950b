"""Events as people read them at a terminal."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from scrum_adapters.redis_answers import Entry
from scrum_storage.inbox import Letter, State
from scrum_tools.events import EventsStanding

_UNKNOWN = "?"
_STATES = {State.RETRY: "retrying", State.PARKED: "parked", State.DEAD: "dead"}


def standing_tables(standing: EventsStanding) -> Iterator[Table]:
    stores = _table("store", "unsent", "oldest unsent", "unsettled")
    for store in standing.stores:
        age = store.oldest_unsent_seconds
        oldest = _UNKNOWN if age is None else f"{age:.1f} s" if age else "-"
        stores.add_row(store.store, _figure(store.unsent), oldest, _figure(store.unsettled))
    yield stores
    groups = _table("group", "lag", "retrying", "parked", "dead")
    for group in standing.groups:
        figures = (group.lag, group.retrying, group.parked, group.dead)
        groups.add_row(group.group, *map(_figure, figures))
    yield groups


def letters_table(letters: Sequence[Letter], *, trace: bool) -> Table:
    """Two columns: which event, and what became of it, so that it can be read at any width."""
    table = Table("event", "why", show_lines=True)
    table.columns[0].no_wrap = True
    for letter in letters:
        table.add_row(_event(letter), _why(letter, trace=trace))
    return table


def tail_line(entry: Entry) -> str:
    """Time, type, project, aggregate and actor."""
    envelope = read(entry)
    if "type" not in envelope:
        return printable(f"{entry.place}  is no event: {entry.body}")
    names = ("type", "project", "aggregate", "actor")
    what, project, aggregate, actor = (str(envelope.get(name, _UNKNOWN)) for name in names)
    at = str(envelope.get("occurred_at", _UNKNOWN))
    return printable(f"{at:<32}  {what:<18}  {project:<12}  {aggregate:<16}  {actor}")


def read(entry: Entry) -> Mapping[str, Any]:
    """Its envelope; what is no JSON object is `unreadable`."""
    try:
        found: Any = json.loads(entry.body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"unreadable": entry.body}  # pyright: ignore[reportUnknownVariableType] # of a foreign text


def printable(text: str) -> str:
    """Without what a terminal would obey; lines stay."""
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _event(letter: Letter) -> Text:
    envelope = letter.envelope
    what = [
        str(letter.event),
        f"{envelope.get('type', _UNKNOWN)} of {envelope.get('project', _UNKNOWN)}",
        f"for {letter.consumer}, from {letter.source}",
    ]
    return Text(printable("\n".join(what)))


def _why(letter: Letter, *, trace: bool) -> Text:
    due = f", due {moment(letter.due_at)}" if letter.state is State.RETRY and letter.due_at else ""
    what = [
        f"{_STATES[letter.state]}, attempts: {letter.attempts}{due}",
        f"first {moment(letter.first_failed_at)}, last {moment(letter.last_failed_at)}",
        letter.reason,
        *([letter.trace] if trace else []),
    ]
    return Text(printable("\n".join(what)))


def _table(first: str, *figures: str) -> Table:
    table = Table(first)
    for figure in figures:
        table.add_column(figure, justify="right")
    return table


def _figure(count: int | None) -> str:
    return _UNKNOWN if count is None else str(count)
