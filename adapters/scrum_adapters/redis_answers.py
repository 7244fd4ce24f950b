"""What Redis answers about streams, as values of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from scrum.deliveries import Place

_LAST_SEQ = 2**63 - 1
"""The greatest number in a place that PostgreSQL can hold too."""


@dataclass(frozen=True)
class Entry:
    """`body` is the envelope, JSON text; `times` counts how often it was delivered.

    What anybody else put into the stream has an id of its own too, and a body that is no envelope.
    """

    place: Place
    id: UUID
    body: str
    times: int = 1


@dataclass(frozen=True)
class GroupStanding:
    """How far a group is: everything up to `acknowledged` is done, everything up to `delivered` was handed out.

    `idle`: seconds since the oldest that is pending was last handed out; 0 when none is.
    """

    delivered: Place
    acknowledged: Place
    pending: int
    consumers: int
    idle: float


def place_of(text: bytes) -> Place:
    ms, _, seq = text.partition(b"-")
    return Place(int(ms), int(seq))


def before(place: Place) -> Place:
    return Place(place.ms, place.seq - 1) if place.seq else Place(place.ms - 1, _LAST_SEQ)


def named(pairs: Sequence[Any]) -> dict[str, Any]:
    """Redis tells names and values in turn."""
    return {name.decode(): value for name, value in zip(pairs[::2], pairs[1::2], strict=True)}


def standing_of(group: Mapping[str, Any], oldest: Sequence[Any]) -> GroupStanding:
    delivered = place_of(group["last-delivered-id"])
    return GroupStanding(
        delivered=delivered,
        acknowledged=before(place_of(oldest[0][0])) if oldest else delivered,
        pending=group["pending"],
        consumers=group["consumers"],
        idle=oldest[0][2] / 1000 if oldest else 0.0,
    )


def entries_of(answer: Sequence[Any] | None) -> list[Entry]:
    """Of the one stream that was asked for."""
    return [entry_of(row) for row in answer[0][1]] if answer else []


def entry_of(row: Sequence[Any]) -> Entry:
    place = place_of(row[0])
    fields = dict(zip(row[1][::2], row[1][1::2], strict=True))
    body = fields.get(b"event", b"").decode(errors="replace")
    return Entry(place, _id(fields.get(b"id", b""), place), body)


def _id(text: bytes, place: Place) -> UUID:
    try:
        return UUID(text.decode())
    except ValueError:
        return uuid5(NAMESPACE_OID, str(place))
